/** Runs whose last depth gets a recovery prompt: the whole job on a tiny model. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHAT_FOLDER, chatFolderOf } from "../../../../main/trimming/chat/chat-model.ts";
import { chatAdditionsOf } from "../../../../main/trimming/export/trained.ts";
import { outcomeOf } from "../../../../main/trimming/run/outcome.ts";
import { promptVectors } from "../../../../main/trimming/methods/recovery-prompt.ts";
import { Journal } from "../../../../main/trimming/journal/checkpoint.ts";
import type { ChatMeasured } from "../../../../main/trimming/schedule/operations.ts";
import { plannedJob } from "../../../../main/trimming/schedule/recipes.ts";
import { readDescription } from "../../../../native-models/inference/write-model.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import { PROMPT } from "../../../../native-models/training/prompt-vectors.ts";
import { goldenModel } from "../../../native-models/architectures/golden-model.ts";
import { readGolden } from "../../../native-models/architectures/golden-weights.ts";
import { writeTinyModel } from "../../cli/tiny-model.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, runInFolder, runTrim, tinyPlan } from "../run/tiny-run.ts";

const VECTORS = 3;

async function run(folder: string, context = collecting(), learningRate = 0.05) {
  const plan = tinyPlan(folder, {
    tune: { maxEpochs: 1 },
    methods: { "recovery-prompt": { vectors: VECTORS, epochs: 2, learningRate } },
  });
  const result = await runInFolder(plannedJob, folder, plan, context);
  return { result, plan, outcome: outcomeOf(result, plan, 2) };
}

describe("A recovery prompt", () => {
  const folder = mkdtempSync(join(tmpdir(), "coppice-recover-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let done: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    done = await run(folder);
  });

  test("is measured in chat, beside the same model without it", () => {
    const { methods, trimmed } = done.outcome.metrics;
    const { result, chat } = methods["recovery-prompt"]!;
    expect(result).toEqual({ vectors: VECTORS });
    expect(chat!.choices!.without).toEqual(trimmed.rounding!.choices!.chat);
    // It was trained on rows like these, with everything else as it was.
    expect(chat!.choices!.answerNll!.value).toBeLessThan(0);
  });

  test("is part of the model, in whatever precision it chats", async () => {
    const model = await openModel(join(folder, "result"));
    expect((await readDescription(join(model.path, CHAT_FOLDER))).prompt).toEqual({ tokens: VECTORS });
    const other = await chatFolderOf(model, join(folder, "cache"), "int4");
    expect(await readDescription(other)).toMatchObject({ precision: "int4", prompt: { tokens: VECTORS } });
    expect(existsSync(join(folder, "run", "methods", "recovery-prompt"))).toBe(false);
    model.close();
  });

  test("goes with an export of the same weights, and of no others", async () => {
    const journal = await Journal.open(join(folder, "run"));
    const { healed, tuned, "recovery-prompt": prompted } = journal.depths;
    const { prompt } = await chatAdditionsOf(healed!, journal);
    expect(prompt).toEqual(await journal.read(prompted!.values[PROMPT]!));
    expect((await chatAdditionsOf(tuned!, journal)).prompt).toBeNull();
  });

  test("that makes chat worse on validation rows is left out, and the run says so", async () => {
    const other = temporaryFolder();
    const context = collecting();
    const { outcome } = await run(other, context, 50);
    const { validation, choices } = outcome.metrics.methods["recovery-prompt"]!.chat!;
    expect(validation.with).toBeGreaterThan(validation.without!);
    expect(choices).toBeNull();
    expect((await readDescription(join(other, "result", CHAT_FOLDER))).prompt).toBeUndefined();
    const said = context.events.filter(({ event }) => event === "method");
    expect(said).toMatchObject([{ id: "recovery-prompt", outcome: { chat: { validation } } }]);
  });

  test("of a model that has one goes on from it", async () => {
    const other = temporaryFolder();
    const model = await openModel(await writeTinyModel(join(other, "model")));
    const plan = tinyPlan(other);
    const settings = { vectors: VECTORS, epochs: 1, learningRate: 1e-9 };
    const known = Float32Array.from({ length: VECTORS * model.config.hiddenSize }, (_, at) => at % 5);
    const rows = Array.from({ length: 4 }, () => ({ ids: [5, 6, 7, 8], promptLength: 2 }));
    const form = { precision: "int8", raised: [] } as const;
    const input = { model, plan, settings, rows, folder: join(other, "prompt"), onTokens: () => {} };
    const trained = await promptVectors({ ...input, ...form, known }, collecting());
    model.close();
    for (const [at, value] of trained.entries()) expect(value).toBeCloseTo(known[at]!, 5);
  });

  test("stopped while it is trained, ends with the same bits", async () => {
    const other = temporaryFolder();
    let isAtWork = false;
    const context = collecting((event, control) => {
      if (event.event === "phase") isAtWork = event.phase === "method recovery-prompt";
      if (isAtWork && event.event === "step") control.apply("cancel");
    });
    await expect(run(other, context)).rejects.toThrow();
    expect(existsSync(join(other, "run", "methods", "recovery-prompt"))).toBe(true);
    const { result } = await run(other);
    const without = ({ tokensPerSecond: _, timesAsFast: __, ...rest }: ChatMeasured) => rest;
    expect(without(result.methods[0]!.chat!)).toEqual(without(done.result.methods[0]!.chat!));
  });

  test("is refused, before anything is trained, for a model that cannot have one", async () => {
    const own = temporaryFolder();
    const context = collecting();
    const plan = tinyPlan(own, { methods: { "recovery-prompt": { vectors: VECTORS } } });
    const model = goldenModel(readGolden("phi3"));
    await expect(
      runTrim({ runFolder: own, plan, model, encoder: characters }, context),
    ).rejects.toMatchObject({ failure: { code: "unsuited-model", to: "stored-prompt" } });
    expect(context.events.some(({ event }) => event === "step")).toBe(false);
  });
});
