/** Which projections keep 8 bits: the scan on a model with one that rounding ruins, and whole runs on a tiny model. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHAT_FOLDER } from "../../../../main/trimming/chat/chat-model.ts";
import { chosenProducts, gainsOf, raisedParts } from "../../../../main/trimming/methods/mixed-bits.ts";
import type { ProductGain, ScanInput } from "../../../../main/trimming/methods/mixed-bits.ts";
import { chatAdditionsOf } from "../../../../main/trimming/export/trained.ts";
import { outcomeOf } from "../../../../main/trimming/run/outcome.ts";
import { Journal } from "../../../../main/trimming/journal/checkpoint.ts";
import type { Snapshot } from "../../../../main/trimming/journal/journal-file.ts";
import { noTokens, scheduleOf } from "../../../../main/trimming/schedule/planned-run.ts";
import { plannedJob } from "../../../../main/trimming/schedule/recipes.ts";
import { fromFloat32 } from "../../../../native-models/formats/views.ts";
import { matricesOf, productBytes } from "../../../../native-models/inference/products.ts";
import { productsOf } from "../../../../native-models/inference/whole-model-graph.ts";
import { readDescription } from "../../../../native-models/inference/write-model.ts";
import type { Model } from "../../../../native-models/model.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import { Batcher } from "../../../../native-models/training/batch.ts";
import { Stack } from "../../../../native-models/training/stack.ts";
import { writeTinyModel } from "../../cli/tiny-model.ts";
import { mixedBits } from "../../../../preload/methods/mixed-bits.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { collecting, runInFolder, tinyPlan } from "../run/tiny-run.ts";

/** Of 64 numbers a row at least, so that the scan rounds as chat does. */
const WIDTH = 64;
const tiny = async (folder: string) => openModel(await writeTinyModel(join(folder, "model"), 2, WIDTH));

const rows = [
  { row: { ids: [1, 5, 8, 20, 7, 33, 12], promptLength: 3 }, answer: null },
  { row: { ids: [1, 40, 3, 7, 9], promptLength: 4, alternatives: [12, 13] }, answer: 1 },
  { row: { ids: [2, 44, 3, 21, 9, 80], promptLength: 2 }, answer: null },
];

/** All matrices of blocks but one have values that 4 bits express exactly: multiples of 1/64, with −8 of them in each block of 32. */
function exactBut(model: Model, rounded: string): Model {
  return {
    ...model,
    weight: (name) => {
      const weight = model.weight(name);
      if (name === rounded || !name.includes("_proj")) return weight;
      const values = weight
        .readFloat32()
        .map((value, i) => (i % 32 === 0 ? -8 : Math.round(48 * value)) / 64);
      return fromFloat32(name, weight.shape, values);
    },
  };
}

const scan = (model: Model, folder: string, { streamed = false, ...change }: Partial<Scan> = {}) =>
  gainsOf({
    model,
    rows,
    batcher: new Batcher(),
    folder,
    plan: { threads: 1, base: { storage: "f32", streamed } },
    worked: () => Promise.resolve(),
    ...change,
  });
interface Scan extends Pick<ScanInput, "rows"> {
  readonly streamed: boolean;
}

describe("The scan for projections that keep 8 bits", () => {
  test("finds the only one that rounding changes, also with weights read from a file", async () => {
    const folder = temporaryFolder();
    const opened = await tiny(folder);
    for (const name of ["model.layers.1.mlp.down_proj", "model.layers.0.self_attn.o_proj"]) {
      const model = exactBut(opened, `${name}.weight`);
      const gains = await scan(model, folder);
      expect(gains.map(({ product }) => product.name)).toEqual(productsOf(model).map((one) => one.name));
      for (const { product, nll } of gains) {
        if (product.name === name) expect(Math.abs(nll)).toBeGreaterThan(1e-6);
        else expect(nll).toBe(0);
      }
      const streamed = await scan(model, folder, { streamed: true });
      expect(streamed.map(({ nll }) => nll)).toEqual(gains.map(({ nll }) => nll));
    }
    opened.close();
  });

  test("measures what a model with that projection in 8 bits says", async () => {
    const folder = temporaryFolder();
    const opened = await tiny(folder);
    const answered = [rows[0]!, rows[2]!];
    const batch = new Batcher().batch(answered.map(({ row }) => row));
    const nll = async (raised: readonly string[]) => {
      const stack = Stack.open(opened, { threads: 1, trainable: { kind: "none" }, storage: "q4", raised });
      const labels = await stack.nll(batch);
      await stack.close();
      return labels.reduce((sum, value) => sum + value, 0) / labels.length;
    };
    const gains = await scan(opened, folder, { rows: answered });
    const without = await nll([]);
    for (const { product, nll: gain } of [gains[0]!, gains.at(-1)!]) {
      expect(without - (await nll(matricesOf([product], [product.name]))), product.name).toBeCloseTo(gain, 5);
      expect(gain).not.toBe(0);
    }
    opened.close();
  });

  test("says nothing without labels", async () => {
    const folder = temporaryFolder();
    const model = await tiny(folder);
    expect(await scan(model, folder, { rows: [] })).toEqual([]);
    model.close();
  });
});

describe("The chosen projections", () => {
  const gain = (name: string, codeBytes: number, nll: number, block = 0): ProductGain => ({
    product: { name, block, half: "mlp", role: "down", weights: [], codeBytes, scaleBytes: codeBytes / 4 },
    nll,
  });
  const gains = [
    gain("a", 100, 1),
    gain("b", 10, 0.5),
    gain("c", 50, 0.4),
    gain("d", 10, -1),
    gain("e", 5, 0),
  ];
  const names = (bytes: number) => chosenProducts(gains, bytes).map(({ name }) => name);

  test("win most for each byte, within the bytes, in the order of the model", () => {
    expect(names(160)).toEqual(["a", "b", "c"]);
    expect(names(110)).toEqual(["a", "b"]);
    expect(names(109)).toEqual(["b", "c"]); // the next best that still fits
    expect(names(9)).toEqual([]);
  });

  test("never include one that wins nothing", () => {
    expect(names(1e9)).toEqual(["a", "b", "c"]);
  });

  test("are shown by their block before the cut, half and end", () => {
    const parts = raisedParts(
      [gain("a", 1, 1, 1).product, { ...gain("b", 1, 1).product, role: "gate" }],
      [2, 5],
    );
    expect(parts).toEqual([
      { block: 5, half: "mlp", end: "out" },
      { block: 2, half: "mlp", end: "in" },
    ]);
  });
});

async function run(folder: string, change: Record<string, unknown> = {}, context = collecting()) {
  const plan = tinyPlan(folder, {
    tune: { maxEpochs: 1 },
    chat: { precision: "int4" },
    methods: { "mixed-bits": { share: 0.4 } },
    ...change,
  });
  const result = await runInFolder(plannedJob, folder, plan, context, { width: WIDTH });
  return { result, plan, outcome: outcomeOf(result, plan, 2) };
}

describe("A run with mixed bits", () => {
  let folder: string;
  let done: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "coppice-mixed-"));
    done = await run(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("keeps some projections in 8 bits within its share of bytes, if validation rows get better, and measures them", async () => {
    const { methods, trimmed, base, tuned } = done.outcome.metrics;
    const { chat: change } = methods["mixed-bits"]!;
    const mixed = mixedBits.result.parse(methods["mixed-bits"]!.result);
    const model = await openModel(join(folder, "result"));
    const products = productsOf(model);
    const chat = await readDescription(join(model.path, CHAT_FOLDER));
    model.close();
    expect(mixed.of).toBe(products.length);
    expect(mixed.raised.length).toBeGreaterThan(0);
    expect(mixed.moreBytes).toBeLessThanOrEqual(0.4 * productBytes(products));
    for (const { rounding } of [tuned, trimmed]) expect(rounding!.precision).toBe("int4");
    expect(base.sizeBytes).toBeGreaterThan(trimmed.sizeBytes!);
    const { without, with: after } = change!.validation;
    if (after! < without!) {
      expect(chat).toMatchObject({ precision: "int4", version: 4 });
      expect(chat.raised).toHaveLength(mixed.raised.length);
      expect(trimmed.sizeBytes).toBe(chat.sizeBytes);
      expect(change!.choices!.without).toEqual(trimmed.rounding!.choices!.chat);
    } else {
      expect(chat).toMatchObject({ precision: "int4", version: 3 });
      expect(change).toMatchObject({ choices: null });
    }
    expect(existsSync(join(folder, "run", "work"))).toBe(false);
  });

  test("goes on from its journal with the same projections", async () => {
    const again = await run(folder);
    expect(again.outcome.metrics.methods).toEqual(done.outcome.metrics.methods);
  });

  test("gives them to an export of the same weights, and of no others", async () => {
    const journal = await Journal.open(join(folder, "run"));
    const { healed, "mixed-bits": mixed, tuned } = journal.depths;
    const raisedIn = async (depth: Snapshot, depths = journal.depths) =>
      (await chatAdditionsOf(depth, { depths, read: (hash) => journal.read(hash) })).raised;
    expect(await raisedIn(healed!)).toEqual(mixed?.raised);
    expect(await raisedIn(tuned!)).toBeUndefined();
    expect(await raisedIn(healed!, { healed: healed! })).toBeUndefined();
  });

  test("is planned with its scan, and in the order in which it is done", async () => {
    const stages = (await Journal.open(join(folder, "run"))).stages;
    const planned = scheduleOf(done.plan, 2, { tokens: { ...noTokens, calibration: 10 } }).stages;
    const mixing = planned.find(({ name }) => name === "mixed-bits")!;
    expect(mixing).toMatchObject({ phase: "method mixed-bits", kind: "scan" });
    expect(mixing.work).toBeGreaterThan(0);
    const names = planned.map(({ name }) => name);
    const after = names.slice(names.indexOf("mixed-bits") - 1).filter((name) => stages.includes(name));
    expect(stages.filter((name) => after.includes(name))).toEqual(after);
    expect(scheduleOf({ ...done.plan, methods: {} }, 2).stages.map(({ name }) => name)).not.toContain(
      "mixed-bits",
    );
  });

  test("is refused, before anything is trained, where chat weights are int8 anyway", async () => {
    const context = collecting();
    const refused = run(temporaryFolder(), { chat: {} }, context);
    await expect(refused).rejects.toMatchObject({
      failure: {
        code: "bad-choice",
        why: { code: "method-needs" },
      },
    });
    expect(context.events.some(({ event }) => event === "step")).toBe(false);
  });

  test("with a recovery prompt trains it for the mixed weights, which both stay", async () => {
    const own = temporaryFolder();
    const { outcome } = await run(own, {
      methods: {
        "mixed-bits": { share: 0.4 },
        "recovery-prompt": { vectors: 3, epochs: 1, learningRate: 0.05 },
      },
    });
    const { "mixed-bits": mixed, "recovery-prompt": recovery } = outcome.metrics.methods;
    const { without, with: after } = mixed!.chat!.validation;
    expect(recovery!.chat!.validation.without).toBe(after! < without! ? after : without);
  });
});
