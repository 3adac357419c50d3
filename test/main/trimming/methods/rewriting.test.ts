/** Runs that train on answers that their tuned model wrote anew, on a tiny model that learns one sentence by heart. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { outcomeOf } from "../../../../main/trimming/run/outcome.ts";
import { probe } from "../../../../main/trimming/run/probe.ts";
import {
  askedAgain,
  freeAnswers,
  rewriting,
  rewrittenRows,
  verdictOn,
  writtenAnswers,
} from "../../../../main/trimming/methods/rewriting.ts";
import { trainingExamples } from "../../../../main/trimming/rows/rows.ts";
import type { TrainingExample } from "../../../../main/trimming/rows/rows.ts";
import type { Example } from "../../../../preload/contract/data/data.ts";
import { rewriting as declared } from "../../../../preload/methods/rewriting.ts";
import { readJournal } from "../../../../main/trimming/journal/journal-file.ts";
import { scheduleOf } from "../../../../main/trimming/schedule/planned-run.ts";
import { nameOf } from "../../../../main/trimming/schedule/stage-names.ts";
import { trim } from "../../../../main/trimming/schedule/trim.ts";
import type { TrimResult } from "../../../../main/trimming/schedule/trim.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import { writeTinyModel } from "../../cli/tiny-model.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, runInFolder, tinyPlan } from "../run/tiny-run.ts";

const USUAL = " we go up to it at ten now";
const OTHER = " we go up to it now at ten";

/** Most rows have one answer, every third the same in other words. */
function planIn(folder: string, share = 1, change: Record<string, unknown> = {}) {
  const plan = tinyPlan(folder, {
    maxTokens: 64,
    method: { kind: "full" },
    optimizer: { learningRate: 0.01, rowsPerStep: 2, warmupSteps: 2 },
    tune: { maxEpochs: 12 },
    methods: share > 0 ? { rewriting: { share } } : {},
    ...change,
  });
  const examples = Array.from({ length: 24 }, (_, i) => ({
    prompt: `tale ${String.fromCharCode(97 + i)}:`,
    completion: i % 3 === 2 ? OTHER : USUAL,
  }));
  writeFileSync(join(plan.data.path, "train.json"), JSON.stringify({ examples, questions: [] }));
  return plan;
}

const countsOf = ({ methods }: TrimResult) => declared.result.parse(methods![0]!.result);

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
    const { asked, ...counts } = countsOf(undisturbed);
    expect(asked).toBe(24);
    expect(counts.kept).toBeGreaterThan(0);
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(24);
  });

  test("trains the depths on them, and neither the tuned model nor the control", async () => {
    const other = temporaryFolder();
    const own = await run(other, planIn(other, 0, { control: true }));
    expect(own.methods).toEqual([]);
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
    expect(names.slice(0, 2)).toEqual(["rewriting", nameOf.teacher]);
    const { phase, kind, together } = planned.find(({ name }) => name === "rewriting")!;
    expect({ phase, kind, together }).toEqual({ phase: "method rewriting", kind: "chat", together: true });
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
    await stopped("method rewriting");
    await stopped("train");
    const kept = join(other, "run", "methods", "rewriting");
    for (const name of readdirSync(kept).filter((file) => file.endsWith(".json")))
      writeFileSync(join(kept, name), "{}");
    const context = collecting();
    expect(JSON.stringify(await run(other, plan, context))).toBe(JSON.stringify(undisturbed));
    expect(context.events).toContainEqual({ event: "damaged", what: "method" });
  });

  test("within a time asks for answers of rows that are taught alone", async () => {
    const names = [
      "tune 1",
      "whole",
      "round 1",
      "heal",
      ...[2, 3, 4].map((part) => `heal, part ${part}`),
      "done",
    ];
    const ends = Object.fromEntries(names.map((name, i) => [name, 100 * (i + 1)]));
    const tune = { maxEpochs: 1 };
    const plan = (folder: string) =>
      planIn(folder, 0.5, { budget: { seconds: 1e6, ends, taughtRows: 8 }, tune });
    const within = temporaryFolder();
    const undisturbed = await run(within, plan(within));
    expect(countsOf(undisturbed).asked).toBe(8);
    const stopped = temporaryFolder();
    const context = collecting((event, control) => {
      if (event.event === "phase" && event.phase === "train") control.apply("cancel");
    });
    await expect(run(stopped, plan(stopped), context)).rejects.toThrow();
    expect(JSON.stringify(await run(stopped, plan(stopped)))).toBe(JSON.stringify(undisturbed));
  });

  test("has the counts in its outcome", () => {
    const { depths } = undisturbed;
    const result = {
      ...undisturbed,
      chosen: depths.at(-1)!,
      chat: chatOf(depths.length),
      methods: undisturbed.methods!.map((done) => ({ ...done, chat: null })),
    };
    const { metrics } = outcomeOf(result, planIn(temporaryFolder()), 2);
    expect(metrics.methods).toEqual({ rewriting: { result: countsOf(undisturbed), chat: null } });
  });
});

/** Chat models that nothing was asked. */
function chatOf(depths: number) {
  const one = { tokensPerSecond: 1, sizeBytes: 1, exactMatch: null };
  const many = Array.from({ length: depths }, () => one);
  return { base: one, tuned: one, depths: many, control: one };
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
    const context = {
      plan: tinyPlan(folder),
      tuned: () => Promise.resolve(model),
      tokenizer: model.tokenizer,
      folder: join(folder, in_),
      workFolder: join(folder, "work"),
      yieldToEventLoop: () =>
        written >= stopAfter ? Promise.reject(new Error("stopped")) : Promise.resolve(),
      wrote: () => written++,
      damaged: () => expect.fail("nothing is damaged"),
    };
    const answers = await writtenAnswers(context, asked).catch(() => null);
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
  const { read, written } = tokens.writing["rewriting"]!;
  expect(read).toBe(24 * "tale a:".length);
  expect(written).toBeGreaterThan(24 * USUAL.length);
  expect(together).toBeGreaterThan(0);
  expect(await probed(0)).not.toHaveProperty("together");
  const { stages } = scheduleOf(planIn(folder, 0.5), 2, { tokens });
  const planned = stages.find(({ name }) => name === "rewriting")!;
  expect(planned).toMatchObject({ tokens: written / 2, read: read / 2 });
  model.close();
});

const ANSWER = " the lease ends on the last day of May";
const free = { prompt: "When does it end?\n", completion: ANSWER };
const settings = { share: 1, agreement: 0.5 };
const longest = 200;

const rowsOf = (examples: Example[], maxTokens = longest) =>
  trainingExamples(characters, { examples, questions: [] }, maxTokens);
const rowsAsked = (
  examples: readonly TrainingExample[],
  { hasChoices = false, maxTokens = longest, context = 4096 } = {},
) => ({
  plan: { ...tinyPlan(temporaryFolder()), maxTokens },
  encoder: characters,
  examples,
  hasChoices,
  maxPositions: context,
});
const freeOf = (examples: Example[], { hasChoices = false, maxTokens = longest, context = 4096 } = {}) =>
  freeAnswers(rowsAsked(rowsOf(examples, maxTokens), { hasChoices, maxTokens, context })).map(
    ({ row }) => row,
  );

describe("An answer is written anew", () => {
  test("if it is free text of some length to a prompt, and fits in the context when it gets longer", () => {
    expect(freeOf([free])).toEqual([0]);
    expect(freeOf([{ ...free, completion: " it ends in May" }, free])).toEqual([1]);
    expect(freeOf([{ ...free, prompt: "" }])).toEqual([]);
    expect(freeOf([free], { maxTokens: 40 })).toEqual([]); // the row is cut
    expect(freeOf([free], { context: 60 })).toEqual([]);
  });

  test("not where it is a choice, listed or not, or a quotation of the prompt", () => {
    const letters = `When?\nA. never, as far as anyone who signed it knows\nB.${ANSWER}\nAnswer:`;
    expect(freeOf([{ prompt: letters, completion: ` B.${ANSWER}` }])).toEqual([]);
    expect(freeOf([{ prompt: `Copy:${ANSWER}.`, completion: ANSWER }])).toEqual([]);
    const plain = { prompt: "When does it end?\nAnswer:", completion: ANSWER };
    expect(freeOf([plain])).toEqual([0]);
    expect(freeOf([plain], { hasChoices: true })).toEqual([]);
    const inTemplate = { ...plain, prompt: `<user>${plain.prompt}<assistant>`, special: true };
    expect(freeOf([inTemplate], { hasChoices: true })).toEqual([]);
  });

  test("of an even share of the rows; its tokens are those of the rows", () => {
    const train = rowsOf(Array.from({ length: 8 }, () => free));
    const all = freeAnswers(rowsAsked(train));
    expect(askedAgain(all, { share: 0.25 }).map(({ row }) => row)).toEqual([2, 6]);
    const among = (rows: number[]) => askedAgain(all, { share: 0.25 }, new Set(rows)).map(({ row }) => row);
    expect(among([1, 4, 5, 7])).toEqual([4, 7]); // as many of fewer
    expect(among([5])).toEqual([5]);
    expect(rewriting.writing!(rowsAsked(train.slice(0, 1)), settings)).toEqual({
      read: free.prompt.length + 1,
      written: ANSWER.length + 1,
    });
  });
});

describe("What was written", () => {
  const verdict = (text: string, { ended = true, own = ANSWER } = {}) =>
    verdictOn({ text, ended }, own, characters.encode, settings);

  test.each([
    [" on the last day of May the lease ends", "kept"],
    [`${ANSWER}  `, "same"],
    ["  \n", "empty"],
    [" nobody has agreed on anything so far, as it seems", "different"],
    [`${ANSWER}${ANSWER}${ANSWER}`, "repetitive"],
  ])("%j is %s", (text, expected) => {
    expect(verdict(text)).toBe(expected);
  });

  test("does not count if it was broken off, or has other numbers than the row's answer", () => {
    expect(verdict(" on the last day of May the lease ends", { ended: false })).toBe("unfinished");
    const own = " the lease ends on the 31st of May 2026";
    expect(verdict(" on the 31st of May 2026 the lease ends", { own })).toBe("kept");
    expect(verdict(" on the 30th of May 2026 the lease ends", { own })).toBe("different");
  });

  test("may repeat as much as the row's own answer does", () => {
    const own = " yes, yes, yes, yes, yes, yes, yes, yes, no";
    expect(verdict(" yes, yes, yes, yes, yes, yes, yes, no", { own })).toBe("kept");
  });

  test("takes the place of a row's answer if it counts; all other rows stay, and each is counted once", () => {
    const train = rowsOf([free, free, { ...free, completion: " no" }, free]);
    const asked = freeAnswers(rowsAsked(train));
    const better = " on the last day of May the lease ends";
    const written = [better, "", ANSWER].map((text) => ({ text, ended: true }));
    const context = { ...rowsAsked(train), rows: train.map(({ row }) => row) };
    const { rows, result } = rewrittenRows(context, asked, written, settings);
    expect(result).toMatchObject({ asked: 3, kept: 1, same: 1, empty: 1, different: 0 });
    expect(rows.slice(1)).toEqual(train.slice(1).map(({ row }) => row));
    expect(rows[0]).toEqual(rowsOf([{ ...free, completion: better }])[0]!.row);
  });
});
