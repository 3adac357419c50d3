/** Runs that train on answers that their tuned model wrote anew, on a tiny model that learns one sentence by heart. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { outcomeOf } from "../../../../../main/engine/recipes/run/outcome.ts";
import { probe } from "../../../../../main/engine/recipes/run/probe.ts";
import { writtenAnswers } from "../../../../../main/engine/recipes/run/rewrite.ts";
import { readJournal } from "../../../../../main/engine/saved-run/journal-file.ts";
import { scheduleOf } from "../../../../../main/engine/schedule/planned-run.ts";
import { nameOf } from "../../../../../main/engine/schedule/stage-names.ts";
import { trim } from "../../../../../main/engine/schedule/trim.ts";
import { openModel } from "../../../../../native-models/open-model.ts";
import { writeTinyModel } from "../../../cli/tiny-model.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { collecting, runInFolder, tinyPlan } from "./tiny-run.ts";

const USUAL = " we go up to it at ten now";
const OTHER = " we go up to it now at ten";

/** Most rows have one answer, every third the same in other words. */
function planIn(folder: string, share = 1, change: Record<string, unknown> = {}) {
  const plan = tinyPlan(folder, {
    maxTokens: 64,
    method: { kind: "full" },
    optimizer: { learningRate: 0.01, rowsPerStep: 2, warmupSteps: 2 },
    tune: { schedule: "cosine", maxEpochs: 12, minImprovement: 0, patience: 12 },
    rewriting: { share },
    ...change,
  });
  const examples = Array.from({ length: 24 }, (_, i) => ({
    prompt: `tale ${String.fromCharCode(97 + i)}:`,
    completion: i % 3 === 2 ? OTHER : USUAL,
  }));
  writeFileSync(join(plan.data.path, "train.json"), JSON.stringify({ examples, questions: [] }));
  return plan;
}

const run = (folder: string, plan = planIn(folder), context = collecting()) =>
  runInFolder(trim, folder, plan, context);

describe("A run with rewritten answers", () => {
  const folder = mkdtempSync(join(tmpdir(), "coppice-rewrite-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let undisturbed: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    undisturbed = await run(folder, planIn(folder, 1, { control: true }));
  });

  test("has the tuned model put answers in its own words, and counts them", () => {
    const { rewritten } = undisturbed;
    const { asked, ...counts } = rewritten!;
    expect(asked).toBe(24);
    expect(counts.kept).toBeGreaterThan(0);
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(24);
  });

  test("trains the depths on them, and neither the tuned model nor the control", async () => {
    const other = temporaryFolder();
    const own = await run(other, planIn(other, 0, { control: true }));
    expect(own.rewritten).toBeNull();
    const text = (depth: unknown) => JSON.stringify(depth);
    expect(text(own.tuned)).toBe(text(undisturbed.tuned));
    expect(text(own.control)).toBe(text(undisturbed.control));
    expect(text(own.depths[0])).not.toBe(text(undisturbed.depths[0]));
  });

  test("does what its plan says, in the same order", async () => {
    const { content } = (await readJournal(join(folder, "run")))!;
    const timed = content.stages.map(({ name }) => name).filter((name) => /^(?:rewr|teach|round)/.test(name));
    const planned = scheduleOf(planIn(folder, 1, { control: true }), 2, {}, trim).stages;
    const names = planned.map(({ name }) => name).filter((name) => /^(?:rewr|teach|round)/.test(name));
    expect(timed).toEqual(names);
    expect(names.slice(0, 2)).toEqual([nameOf.rewrite, nameOf.teacher]);
    const { phase, kind, together } = planned.find(({ name }) => name === nameOf.rewrite)!;
    expect({ phase, kind, together }).toEqual({ phase: "rewrite", kind: "chat", together: true });
  });

  test("stopped while it writes and in the training that follows, and damaged, says so and ends with the same bits", async () => {
    const other = temporaryFolder();
    const plan = planIn(other, 1, { control: true });
    const stopped = async (phase: string) => {
      const context = collecting((event, control) => {
        if (event.event === "phase" && event.phase === phase) control.apply("cancel");
      });
      await expect(run(other, plan, context)).rejects.toThrow();
    };
    await stopped("rewrite");
    await stopped("train");
    const kept = join(other, "run", "rewritten");
    for (const name of readdirSync(kept).filter((file) => file.endsWith(".json")))
      writeFileSync(join(kept, name), "{}");
    const context = collecting();
    expect(JSON.stringify(await run(other, plan, context))).toBe(JSON.stringify(undisturbed));
    expect(context.events).toContainEqual({ event: "damaged", what: "answers" });
  });

  test("leaves out the rewriting when it is late, and still ends whole", async () => {
    const other = temporaryFolder();
    const budget = { seconds: 1, tunedBy: 1e6, cutBy: 0, healedBy: { heal: 1e6 } };
    const tune = { schedule: "cosine", maxEpochs: 1, minImprovement: 0, patience: 1 };
    const { rewritten, depths } = await run(other, planIn(other, 1, { budget, tune }));
    expect(rewritten).toBeNull();
    expect(depths.at(-1)!.healed).toBe(true);
  });

  test("within a time asks for answers of rows that are taught alone; with a plan of an earlier version, of any", async () => {
    const ends = { seconds: 1e6, tunedBy: 1e6, cutBy: 1e6, healedBy: { heal: 1e6 } };
    const tune = { schedule: "cosine", maxEpochs: 1, minImprovement: 0, patience: 1 };
    const plan = (folder: string, rewritesTaught?: boolean) =>
      planIn(folder, 0.5, { budget: { ...ends, taughtRows: 8, rewritesTaught }, tune });
    const asked = async (rewritesTaught?: boolean) => {
      const other = temporaryFolder();
      return (await run(other, plan(other, rewritesTaught))).rewritten!.asked;
    };
    expect([await asked(true), await asked()]).toEqual([8, 12]);
    const stopped = temporaryFolder();
    const context = collecting((event, control) => {
      if (event.event === "phase" && event.phase === "train") control.apply("cancel");
    });
    await expect(run(stopped, plan(stopped, true), context)).rejects.toThrow();
    const other = temporaryFolder();
    const undisturbed = JSON.stringify(await run(other, plan(other, true)));
    expect(JSON.stringify(await run(stopped, plan(stopped, true)))).toBe(undisturbed);
  });

  test("has the counts in its outcome", () => {
    const { depths } = undisturbed;
    const result = {
      ...undisturbed,
      chosen: depths.at(-1)!,
      chat: chatOf(depths.length),
      recovery: null,
      mixed: null,
    };
    const { metrics } = outcomeOf(result, planIn(temporaryFolder()), 2);
    expect(metrics.rewritten).toEqual(undisturbed.rewritten);
    const without = outcomeOf({ ...result, rewritten: null }, planIn(temporaryFolder()), 2);
    expect(without.metrics.rewritten).toBeUndefined();
  });
});

/** Chat models that nothing was asked. */
function chatOf(depths: number) {
  const one = { tokensPerSecond: 1, sizeBytes: 1, exactMatch: null };
  const many = Array.from({ length: depths }, () => one);
  return { base: one, tuned: one, depths: many, control: one, mixed: null, recovered: null };
}

test("Answers are kept as they are written: a stop costs those since the last that were kept", async () => {
  const folder = temporaryFolder();
  const model = await openModel(await writeTinyModel(join(folder, "model"), 2));
  const asked = Array.from({ length: 200 }, (_, row) => ({
    row,
    answerTokens: 2,
    maxTokens: 2,
    prompt: [1 + (row % 7), 2 + (row % 11), 3 + (row % 5)],
  }));
  const writing = async (in_: string, stopAfter = Infinity) => {
    let written = 0;
    const answers = await writtenAnswers({
      model: () => Promise.resolve(model),
      tokenizer: model.tokenizer,
      asked,
      folder: join(folder, in_),
      threads: 1,
      breathe: () => (written >= stopAfter ? Promise.reject(new Error("stopped")) : Promise.resolve()),
      onAnswer: () => written++,
      onDamaged: () => expect.fail("nothing is damaged"),
    }).catch(() => null);
    return { answers, written };
  };
  const whole = await writing("whole");
  expect(whole.written).toBe(200);
  expect((await writing("stopped", 150)).answers).toBeNull();
  // 16, 32 and 64 were kept.
  expect(await writing("stopped")).toEqual({ answers: whole.answers, written: 200 - 112 });
  expect(await writing("stopped")).toEqual({ answers: whole.answers, written: 0 });
  model.close();
});

test("A probe counts the answers that could be rewritten, and times writing them together", async () => {
  const folder = temporaryFolder();
  const model = await openModel(await writeTinyModel(join(folder, "model"), 2));
  const probed = (share: number) =>
    probe(
      {
        plan: planIn(folder, share),
        model,
        original: model,
        tokenizer: model.tokenizer,
        workFolder: folder,
        keepsActivations: false,
      },
      { control: collecting().control, report: () => {} },
    );
  const { tokens, together } = await probed(0.5);
  expect(tokens.freePrompts).toBe(24 * "tale a:".length);
  expect(tokens.freeAnswers).toBeGreaterThan(24 * USUAL.length);
  expect(together).toBeGreaterThan(0);
  expect(await probed(0)).not.toHaveProperty("together");
  const { stages } = scheduleOf(planIn(folder, 0.5), 2, { tokens });
  const rewriting = stages.find(({ name }) => name === nameOf.rewrite)!;
  expect(rewriting).toMatchObject({ tokens: tokens.freeAnswers / 2, read: tokens.freePrompts / 2 });
  model.close();
});
