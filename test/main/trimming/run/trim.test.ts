import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { openStack } from "../../../../main/trimming/devices/open-stack.ts";
import { Journal } from "../../../../main/trimming/journal/checkpoint.ts";
import { readJournal } from "../../../../main/trimming/journal/journal-file.ts";
import type { TrimResult } from "../../../../main/trimming/schedule/trim.ts";
import { Base } from "../../../../preload/contract/plans/plan.ts";
import { RunEvent } from "../../../../preload/contract/runs/run.ts";
import { needsInt8Instructions } from "../../../native-models/runtime/int8-instructions.ts";
import { characters, collecting, runTrim, tinyModel, tinyPlan, tinyTrim } from "./tiny-run.ts";
import { logText } from "../../../../preload/contract/words/run-log.ts";

const folders: string[] = [];
const temporary = () => {
  folders.push(mkdtempSync(join(tmpdir(), "coppice-trim-")));
  return folders.at(-1)!;
};
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const inputs = (runFolder: string, plan = tinyPlan(runFolder)) => ({
  runFolder,
  plan,
  model: tinyModel(),
  encoder: characters,
});

/** Everything that two runs should have alike. */
const essence = ({ base, tuned, depths }: TrimResult) => JSON.stringify({ base, tuned, depths });

describe("a trim", () => {
  test("tunes, drops units in rounds, heals, and reports each stage", async () => {
    const context = collecting();
    const result = await runTrim(inputs(temporary()), context);
    expect(result.depths.map(({ name, healed }) => [name, healed])).toEqual([
      ["round 1", false],
      ["healed", true],
    ]);
    expect(result.depths.at(-1)!.snapshot.kept.filter(Boolean)).toHaveLength(1);
    const phases = context.events.flatMap((event) => (event.event === "phase" ? [event.phase] : []));
    expect(phases).toEqual(expect.arrayContaining(["prepare", "evaluate", "tune", "score", "train", "heal"]));
    const steps = context.events.flatMap((event) => (event.event === "step" ? [event.step] : []));
    expect(steps).toEqual(steps.map((_, i) => i + 1)); // 6 a tuning epoch, 2 a round, 6 of healing, counted over the run
    expect(result.depths.at(-1)!.measured.test.accuracy!.n).toBe(12);
    expect(result.depths.at(-1)!.measured.test.perplexity).toBeGreaterThan(1);
  });

  test("learns: the loss falls during tuning", async () => {
    const folder = temporary();
    const context = collecting();
    await runTrim(inputs(folder, tinyPlan(folder, { tune: { maxEpochs: 8 } })), context);
    const losses = context.events.flatMap((event) =>
      event.event === "step" && event.distillationLoss === null ? [event.loss] : [],
    );
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(losses.slice(-6))).toBeLessThan(0.7 * mean(losses.slice(0, 6)));
  });

  test("counts right answers whatever the length of choices, and says where there are none to count", async () => {
    const questions = ["odd", "even", "odd", "even"].map((kind, i) => ({
      question: `number ${i} is ${kind}`,
      choices: ["Yes", "Never"],
      answer: i % 2,
    }));
    const examples = [{ prompt: "number 7 is odd\nAnswer:", completion: " Yes" }];
    const scannedBy = async (valid: object) => {
      const folder = temporary();
      const plan = tinyPlan(folder, { trim: { ...tinyTrim, scorer: "accuracy-norm" } });
      writeFileSync(join(plan.data.path, "valid.json"), JSON.stringify(valid));
      const { events, ...context } = collecting();
      await runTrim(inputs(folder, plan), { ...context, report: (event) => void events.push(event) });
      const scores = events.flatMap((event) => (event.event === "scores" ? event.scores : []));
      const said = events.flatMap((event) => (event.event === "log" ? [logText(event.said)] : []));
      const dropped = said.find((message) => message.startsWith("Round 1"));
      return { counts: scores.every(({ accuracy }) => accuracy !== null), dropped };
    };
    const counted = await scannedBy({ examples: [], questions });
    expect(counted.counts).toBe(true);
    expect(counted.dropped).toMatch(/by accuracy-norm\.$/);
    const likely = await scannedBy({ examples, questions: [] });
    expect(likely.counts).toBe(false);
    expect(likely.dropped).toMatch(/by accuracy-norm, which had no right answers to count: the likelihood/);
  });

  test("that diverges says so at the step where it does, and again when it is resumed", async () => {
    const folder = temporary();
    const optimizer = { learningRate: 1e30, rowsPerStep: 4, warmupSteps: 0 };
    const plan = tinyPlan(folder, { method: { kind: "full" }, optimizer });
    for (const start of ["first", "resumed"]) {
      const context = collecting((event) => RunEvent.parse(event));
      await expect(runTrim(inputs(folder, plan), context), start).rejects.toMatchObject({
        failure: { code: "diverged" },
      });
    }
  });

  test("whose trained model computes no numbers says so, and again when it is resumed", async () => {
    const folder = temporary();
    let isTrained = false;
    const open: typeof openStack = (...given) => {
      const stack = openStack(...given);
      const [nll, clearGradients] = [stack.nll.bind(stack), stack.clearGradients.bind(stack)];
      return Object.assign(stack, {
        clearGradients: () => {
          isTrained = true;
          clearGradients();
        },
        nll: async (...batch: Parameters<typeof nll>) => {
          const values = await nll(...batch);
          return isTrained ? values.fill(NaN) : values;
        },
      });
    };
    for (const start of ["first", "resumed"]) {
      const context = collecting((event) => RunEvent.parse(event));
      await expect(runTrim({ ...inputs(folder), open }, context), start).rejects.toMatchObject({
        failure: { code: "diverged", step: 6 },
      });
    }
  });

  test("gives the same bits twice, and different ones with another seed", async () => {
    const [first, second, third] = [temporary(), temporary(), temporary()];
    const result = essence(await runTrim(inputs(first), collecting()));
    expect(essence(await runTrim(inputs(second), collecting()))).toBe(result);
    expect(essence(await runTrim(inputs(third, tinyPlan(third, { seed: 6 })), collecting()))).not.toBe(
      result,
    );
  });

  test("through graphs, gives the same bits with its base in memory or streamed, and leaves no file of it", async () => {
    const through = temporary();
    const journal = await Journal.open(through);
    await journal.stage("loops", z.literal("graphs"), () => Promise.resolve("graphs"));
    const result = essence(await runTrim(inputs(through), collecting()));
    const folder = temporary();
    const plan = tinyPlan(folder, { base: { streamed: true } });
    expect(essence(await runTrim(inputs(folder, plan), collecting()))).toBe(result);
    expect(readdirSync(folder)).not.toContain("base.bin");
  });

  test("trains with an 8-bit base", async () => {
    const folder = temporary();
    const plan = tinyPlan(folder, { base: { storage: "q8" } });
    const { depths, base } = await runTrim(inputs(folder, plan), collecting());
    expect(depths.at(-1)!.measured.test.perplexity).toBeLessThan(base.test.perplexity!);
  });

  test("trains with int8 products, through graphs with the same bits if the weights are streamed", async (context) => {
    await needsInt8Instructions(context);
    const int8Run = async (streamed: boolean, loops?: "graphs") => {
      const folder = temporary();
      const journal = await Journal.open(folder);
      if (loops) await journal.stage("loops", z.literal("graphs"), () => Promise.resolve(loops));
      return runTrim(inputs(folder, tinyPlan(folder, { base: { storage: "w8a8", streamed } })), collecting());
    };
    const result = await int8Run(false);
    const { test } = result.depths.at(-1)!.measured;
    expect(test.storage).toBe("w8a8");
    expect(test.perplexity).toBeLessThan(result.base.test.perplexity!);
    const graphs = await int8Run(false, "graphs");
    expect(essence(await int8Run(true))).toBe(essence(graphs));
    expect(graphs.depths.at(-1)!.measured.test.perplexity! / test.perplexity!).toBeCloseTo(1, 2);
  });

  test("with int8 products, cancelled and resumed, ends with the bits of an uninterrupted run", async (context) => {
    await needsInt8Instructions(context);
    const inputsIn = (folder: string) => inputs(folder, tinyPlan(folder, { base: { storage: "w8a8" } }));
    const undisturbed = essence(await runTrim(inputsIn(temporary()), collecting()));
    const folder = temporary();
    const interrupted = collecting((event, control) => {
      if (event.event === "step" && event.step === 9) control.apply("cancel");
    });
    await expect(runTrim(inputsIn(folder), interrupted)).rejects.toMatchObject({
      failure: { code: "cancelled" },
    });
    expect(essence(await runTrim(inputsIn(folder), collecting()))).toBe(undisturbed);
  });

  test("that used ordinary 8 bits instead of int8 continues with them", async () => {
    const folder = temporary();
    const plan = tinyPlan(folder, { base: { storage: "w8a8" } });
    const journal = await Journal.open(folder);
    await journal.stage("base", Base, () => Promise.resolve({ storage: "q8", streamed: false }));
    const { depths } = await runTrim(inputs(folder, plan), collecting());
    const other = temporary();
    const expected = await runTrim(inputs(other, tinyPlan(other, { base: { storage: "q8" } })), collecting());
    expect(depths.at(-1)!.measured).toEqual(expected.depths.at(-1)!.measured);
    expect(depths.at(-1)!.measured.test.storage).toBe("q8");
  });

  test("records which base it uses only if the plan leaves that open", async () => {
    const stages = async (base: object) => {
      const folder = temporary();
      const plan = tinyPlan(folder, { base, tune: { maxEpochs: 0 } });
      await runTrim(inputs(folder, plan), collecting());
      return (await readJournal(folder))!.content.stages.map(({ name }) => name);
    };
    const [plain, open] = [await stages({ storage: "q8" }), await stages({ storage: "w8a8" })];
    expect(plain).not.toContain("base");
    expect(open).toEqual(["device", "base", "loops", ...plain.slice(1)]);
  });

  test.each([1, 4, 9, 13, 15, 19])(
    "cancelled at step %i and resumed, it ends with the bits of an uninterrupted run",
    async (at) => {
      const undisturbed = essence(await runTrim(inputs(temporary()), collecting()));
      const folder = temporary();
      const interrupted = collecting((event, control) => {
        if (event.event === "step" && event.step === at) control.apply("cancel");
      });
      await expect(runTrim(inputs(folder), interrupted)).rejects.toMatchObject({
        failure: { code: "cancelled" },
      });
      expect(essence(await runTrim(inputs(folder), collecting()))).toBe(undisturbed);
    },
  );

  test("stopped after every stage in turn, it still ends with the same bits", async () => {
    const undisturbed = essence(await runTrim(inputs(temporary()), collecting()));
    const folder = temporary();
    for (let stops = 0; ; stops++) {
      let phases = 0;
      const context = collecting((event, control) => {
        if (event.event === "phase" && ++phases === 3) control.apply("cancel");
      });
      const result = await runTrim(inputs(folder), context).catch(() => null);
      if (result) {
        expect(stops).toBeGreaterThan(2);
        expect(essence(result)).toBe(undisturbed);
        return;
      }
    }
  });

  test("whose newest save is damaged uses the previous one, says so, and ends with the same bits", async () => {
    const undisturbed = essence(await runTrim(inputs(temporary()), collecting()));
    const folder = temporary();
    const interrupted = collecting((event, control) => {
      if (event.event === "step" && event.step === 14) control.apply("cancel");
    });
    await runTrim(inputs(folder), interrupted).catch(() => {});
    const [newest, earlier] = (await readJournal(folder))!.content.saves;
    const before = new Set(Object.values(earlier!.values));
    const object = Object.values(newest!.values).find((hash) => !before.has(hash))!;
    const path = join(folder, "objects", object);
    const bytes = readFileSync(path);
    bytes[7]! ^= 1;
    writeFileSync(path, bytes);
    const context = collecting();
    expect(essence(await runTrim(inputs(folder), context))).toBe(undisturbed);
    expect(context.events).toContainEqual({
      event: "damaged",
      what: "save",
    });
  });

  test("keeps no unreferenced object", async () => {
    const folder = temporary();
    await runTrim(inputs(folder), collecting());
    const journal = readFileSync(join(folder, "journal.json"), "utf8");
    for (const object of readdirSync(join(folder, "objects"))) expect(journal).toContain(object);
  });

  test("drops attention and MLP separately if its units are half-blocks", async () => {
    const folder = temporary();
    const trimPlan = tinyPlan(folder).trim;
    const plan = tinyPlan(folder, { trim: { ...trimPlan, unit: "sublayer", keep: { units: 2 } } });
    const { depths } = await runTrim(inputs(folder, plan), collecting());
    expect(depths.map(({ name }) => name)).toEqual(["round 1", "round 2", "healed"]);
    const halves = depths.at(-1)!.snapshot.kept.map((section) => (section === "block" ? 2 : section ? 1 : 0));
    expect(halves.reduce((sum, count) => sum + count, 0 as number)).toBe(2);
  });

  test("trains all weights in a full update, and scores by block influence when asked to", async () => {
    const folder = temporary();
    const trimPlan = tinyPlan(folder).trim;
    const plan = tinyPlan(folder, { method: { kind: "full" }, trim: { ...trimPlan, scorer: "influence" } });
    const { depths, base } = await runTrim(inputs(folder, plan), collecting());
    expect(Object.keys(depths.at(-1)!.snapshot.values)).toContain("ends");
    expect(depths.at(-1)!.measured.test.perplexity).toBeLessThan(base.test.perplexity!);
  });
});
