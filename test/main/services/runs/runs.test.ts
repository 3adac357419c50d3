import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { DepthResult, RunEvent } from "../../../../preload/contract/runs/run.ts";
import { openServices, openServicesToRead } from "../../../../main/services/open.ts";
import type { Runs } from "../../../../main/services/runs/runs.ts";
import { failureFrom } from "../../failure-from.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { planWithSeed } from "../plan.ts";
import { servicesForTest } from "../services.ts";

const step = (step: number, loss: number): RunEvent => ({
  event: "step",
  step,
  loss,
  distillationLoss: step > 1 ? 0.5 : null,
  learningRate: 1e-4,
  gradientNorm: 1.5,
  tokensPerSecond: 420,
  tokens: 1024,
});

const depth = (units: number, accuracy: number, healed = true): DepthResult => ({
  units,
  keptIndices: Array.from({ length: units }, (_, index) => index),
  healed,
  evaluation: {
    accuracy: { value: accuracy, low: accuracy - 0.1, high: accuracy + 0.1, n: 300 },
    accuracyNorm: null,
    answerNll: 0.25,
    perplexity: 3.5,
    bitsPerByte: null,
    exactMatch: null,
    correct: [true, false, true],
  },
  tokensPerSecond: 120,
  sizeBytes: 2_500_000,
});

function startedRun(runs: Runs, name = "clauses"): string {
  const { id } = runs.create(planWithSeed(7), { name });
  runs.start(id);
  return id;
}

test("runs are found by a conversation's model: their id, or the folder of their model", () => {
  const { runs } = servicesForTest();
  const [made, open] = [startedRun(runs, "made"), startedRun(runs, "open")];
  const waiting = runs.create(planWithSeed(7), { name: "waits", output: "/models/waits" }).id;
  runs.finish(made, { output: "/models/made", peakMemoryBytes: 1 });
  const names = (references: string[]) => runs.meantBy(references).map(({ name }) => name);
  expect(names(["/models/made"])).toEqual(["made"]);
  expect(names([open, made, "sample", "/models/mad"]).sort()).toEqual(["made", "open"]);
  expect(names([])).toEqual([]);
  expect(runs.outputs().map(({ id, output, state }) => [id, output, state])).toEqual(
    expect.arrayContaining([
      [made, "/models/made", "done"],
      [waiting, "/models/waits", "queued"],
    ]),
  );
});

describe("a run", () => {
  test("keeps its plan and sources, and starts as queued", () => {
    const { runs, models } = servicesForTest();
    const model = models.remember({
      path: "/models/small.gguf",
      name: "small",
      format: "gguf",
      architecture: "llama",
      summary: {},
      sizeBytes: 5,
      sha256: null,
    });
    const made = runs.create(planWithSeed(7), { name: "Clauses", modelId: model.id });
    expect(made).toMatchObject({
      name: "Clauses",
      state: "queued",
      seed: 7,
      modelId: model.id,
      datasetId: null,
    });
    expect(made.plan).toEqual(planWithSeed(7));
    expect(runs.get(made.id)).toEqual(made);
  });

  test("that does not exist is unknown to every call", () => {
    const { runs } = servicesForTest();
    const calls = [
      () => runs.get("no-run"),
      () => runs.start("no-run"),
      () => runs.record("no-run", step(1, 1)),
      () => runs.cancel("no-run"),
      () => runs.describe("no-run", { name: "", note: "", tags: [] }),
    ];
    for (const call of calls) expect(failureFrom(call)).toEqual({ code: "unknown-run", run: "no-run" });
  });

  test("goes from queued to running, paused and done, and adds up the seconds it ran", async () => {
    const { runs } = servicesForTest();
    const id = startedRun(runs);
    const { startedAt } = runs.get(id);
    await wait(30);
    runs.pause(id, "asked");
    const paused = runs.get(id);
    expect(paused).toMatchObject({ state: "paused", pauseReason: "asked", finishedAt: null });
    expect(paused.activeSeconds).toBeGreaterThanOrEqual(0.03);
    await wait(30);
    runs.start(id);
    expect(runs.get(id)).toMatchObject({ state: "running", pauseReason: null, startedAt });
    expect(runs.finish(id, { output: "/out", peakMemoryBytes: 9e8 })).toBe(true);
    const done = runs.get(id);
    expect(done).toMatchObject({
      state: "done",
      output: "/out",
      peakMemoryBytes: 9e8,
      fraction: 1,
      secondsLeft: 0,
    });
    const whole = (Date.parse(done.finishedAt!) - Date.parse(startedAt!)) / 1000;
    expect(done.activeSeconds).toBeLessThanOrEqual(whole - 0.025);
  });

  test("has run for no time since a start after which the clock was set back", () => {
    vi.useFakeTimers({ now: new Date(2026, 6, 4, 12), toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    const { runs } = servicesForTest();
    const id = startedRun(runs);
    vi.setSystemTime(new Date(2026, 6, 4, 11));
    runs.pause(id, "asked");
    expect(runs.get(id).activeSeconds).toBe(0);
  });

  test("that failed says why, and can be started again", () => {
    const { runs } = servicesForTest();
    const id = startedRun(runs);
    runs.fail(id, { code: "disk-full", path: "/out" });
    expect(runs.get(id)).toMatchObject({ state: "failed", failure: { code: "disk-full", path: "/out" } });
    runs.start(id);
    expect(runs.get(id)).toMatchObject({ state: "running", failure: null, finishedAt: null });
  });

  test("that is cancelled stays so, whatever its engine still reports", () => {
    const { runs } = servicesForTest();
    const id = startedRun(runs);
    expect(runs.cancel(id)).toBe(true);
    expect(runs.pause(id, "asked")).toBe(false);
    expect(runs.fail(id, { code: "cancelled" })).toBe(false);
    expect(runs.finish(id, { output: "/out", peakMemoryBytes: 1 })).toBe(false);
    expect(runs.get(id)).toMatchObject({ state: "cancelled", failure: null, output: null });
  });

  test("cannot be started while it runs or after it is done", () => {
    const { runs } = servicesForTest();
    const id = startedRun(runs);
    expect(failureFrom(() => runs.start(id))).toMatchObject({
      code: "bad-choice",
      why: { code: "run-already", state: "running" },
    });
    runs.finish(id, { output: "/out", peakMemoryBytes: 1 });
    expect(failureFrom(() => runs.start(id))).toMatchObject({
      code: "bad-choice",
      why: { code: "run-already", state: "done" },
    });
  });

  test("keeps a person's name, note and tags", () => {
    const { runs } = servicesForTest();
    const id = startedRun(runs);
    runs.describe(id, { name: "a run", note: "the good one", tags: ["a"] });
    expect(runs.list()).toMatchObject([{ id, name: "a run", note: "the good one", tags: ["a"] }]);
  });

  test("that was running when its program ended is paused at the next start, as of its last report", async () => {
    const folder = temporaryFolder();
    const first = openServices(folder);
    const id = startedRun(first.runs);
    const queued = first.runs.create(planWithSeed(8), { name: "queued" });
    await wait(40);
    first.runs.record(id, { event: "damaged", what: "save" });
    const { updatedAt, startedAt } = first.runs.get(id);
    first.close();
    await wait(60);
    const { runs } = servicesForTest(folder);
    const settled = runs.get(id);
    expect(settled).toMatchObject({ state: "paused", pauseReason: "interrupted", updatedAt });
    expect(settled.activeSeconds).toBeCloseTo((Date.parse(updatedAt) - Date.parse(startedAt!)) / 1000, 5);
    expect(runs.get(queued.id)).toMatchObject({ state: "queued" });
  });
});

describe("what was asked of a run", () => {
  test("holds at the next start: to start on battery power until it is queued otherwise, to end early until it has", () => {
    const folder = temporaryFolder();
    const first = openServices(folder);
    const { id } = first.runs.create(planWithSeed(7), { name: "clauses" });
    expect(first.runs.queued()).toEqual([{ id, onBattery: false }]);
    first.runs.enqueue(id, { onBattery: true });
    first.runs.finishEarly(id);
    first.close();
    const { runs } = servicesForTest(folder);
    expect(runs.queued()).toEqual([{ id, onBattery: true }]);
    runs.start(id);
    runs.pause(id, "asked");
    runs.enqueue(id);
    expect(runs.queued()).toEqual([{ id, onBattery: false }]);
    expect(runs.isFinishing(id)).toBe(true);
  });
});

describe("what a run reports", () => {
  test("is returned as it was reported", () => {
    const { runs, evaluations } = servicesForTest();
    const id = startedRun(runs);
    const accuracy = { value: 0.5, low: 0.25, high: 0.75, n: 16 };
    const scores = [
      { unit: 3, score: 0.25, accuracy: 0.8 },
      { unit: 4, score: 0.5, accuracy: null },
    ];
    const phase = { event: "phase", phase: "train", round: 1 } as const;
    runs.record(id, step(1, 2.5));
    runs.record(id, step(2, 2.25));
    runs.record(id, { event: "validation", step: 2, epoch: 1, loss: 2.375, accuracy });
    runs.record(id, phase);
    runs.record(id, { event: "scores", round: 1, scorer: "nll-halving", rows: 50, scores });
    runs.record(id, { event: "dropped", round: 1, units: [3], kept: [0, 1, 2, 4] });
    runs.record(id, { event: "evaluation", subject: "trimmed", split: "test", depth: depth(4, 0.875) });
    const progress = { done: 3, total: 9, fraction: 0.25, secondsLeft: 60 };
    runs.record(id, { event: "progress", phase: "heal", ...progress });
    runs.record(id, { event: "damaged", what: "teacher" });

    expect(runs.metrics(id)).toEqual(
      [step(1, 2.5), step(2, 2.25)].map(({ event: _event, ...figures }) => figures),
    );
    expect(runs.validations(id)).toEqual([{ step: 2, epoch: 1, loss: 2.375, accuracy }]);
    expect(runs.rounds(id)).toEqual([
      {
        round: 1,
        scorer: "nll-halving",
        scoredRows: 50,
        dropped: [3],
        kept: [0, 1, 2, 4],
        scores,
      },
    ]);
    expect(evaluations.ofRun(id)).toMatchObject([
      { subject: "trimmed", split: "test", depth: depth(4, 0.875) },
    ]);
    expect(runs.get(id)).toMatchObject({ phase: "heal", round: 1, fraction: 0.25, secondsLeft: 60 });
    expect(runs.log(id).map(({ event }) => event)).toEqual([phase, { event: "damaged", what: "teacher" }]);
  });

  test("is overwritten, not duplicated, if it is reported again after a resume", () => {
    const { runs, evaluations } = servicesForTest();
    const id = startedRun(runs);
    const tell = (shift: number) => {
      for (let index = 1; index <= 10; index++) runs.record(id, step(index, index + shift));
      runs.record(id, { event: "validation", step: 10, epoch: 1, loss: shift, accuracy: null });
      const scores = [0, 1].map((unit) => ({ unit, score: unit + shift, accuracy: null }));
      runs.record(id, { event: "scores", round: 1, scorer: "nll-halving", rows: 50, scores });
      runs.record(id, { event: "dropped", round: 1, units: [1], kept: [shift] });
      for (const healed of [false, true]) {
        const evaluation = depth(1, 0.5 + shift / 10, healed);
        runs.record(id, { event: "evaluation", subject: "trimmed", split: "valid", depth: evaluation });
      }
    };
    tell(0);
    runs.pause(id, "asked");
    runs.start(id);
    tell(1);
    expect(runs.metrics(id).map(({ loss }) => loss)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(runs.validations(id)).toMatchObject([{ step: 10, loss: 1 }]);
    expect(runs.rounds(id)).toMatchObject([{ round: 1, kept: [1], scores: [{ score: 1 }, { score: 2 }] }]);
    expect(
      evaluations.ofRun(id).map((entry) => [entry.depth.healed, entry.depth.evaluation.accuracy?.value]),
    ).toEqual([
      [false, 0.6],
      [true, 0.6],
    ]);
  });

  test("is on disk within 250 ms, in batches, for figures; before the call returns for states, phases and rounds", async () => {
    const folder = temporaryFolder();
    const { runs } = servicesForTest(folder);
    const id = startedRun(runs);
    const onDisk = openServicesToRead(folder).runs;
    for (let index = 1; index <= 100; index++) runs.record(id, step(index, 1));
    expect(onDisk.metrics(id)).toHaveLength(0);
    await wait(400);
    expect(onDisk.metrics(id)).toHaveLength(100);

    runs.record(id, step(101, 1));
    expect(onDisk.metrics(id)).toHaveLength(100);
    runs.record(id, { event: "phase", phase: "train" });
    expect(onDisk.metrics(id)).toHaveLength(101);

    runs.record(id, step(102, 1));
    runs.pause(id, "asked");
    expect(onDisk.metrics(id)).toHaveLength(102);
    expect(onDisk.get(id).state).toBe("paused");
  });

  test("is written when the services close", () => {
    const folder = temporaryFolder();
    const first = openServices(folder);
    const id = startedRun(first.runs);
    first.runs.record(id, step(1, 1));
    first.close();
    expect(servicesForTest(folder).runs.metrics(id)).toHaveLength(1);
  });
});

describe("a list of runs", () => {
  test("is sorted newest first", async () => {
    const { runs } = servicesForTest();
    const first = startedRun(runs, "first");
    await wait(5);
    const second = startedRun(runs, "second");
    expect(runs.list().map(({ id }) => id)).toEqual([second, first]);
  });
});
