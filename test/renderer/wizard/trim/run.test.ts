import { beforeEach, expect, test, vi } from "vitest";
import { AppError } from "../../../../native-models/failure.ts";
import type { RunDetail, RunSummary } from "../../../../preload/contract/calls/runs.ts";
import type { RunEvent } from "../../../../preload/contract/runs/run.ts";
import { WatchedRun } from "../../../../renderer/wizard/trim/run.svelte.ts";
import { bridge } from "../../bridge.ts";
import type { Answers } from "../../bridge.ts";

let frames: (() => void)[] = [];
beforeEach(() => {
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => frames.push(frame));
  vi.stubGlobal("cancelAnimationFrame", () => (frames = []));
});
const nextFrame = () => frames.splice(0).forEach((frame) => frame());

const summary = (state: RunSummary["state"] = "running") =>
  ({ id: "r", state, updatedAt: "t" }) as RunSummary;

/** A run that is watched, and how main tells of it. */
async function watched({
  pause = () => {},
  now = () => "running",
  queue = () => ({ running: "r" }) as never,
}: {
  pause?: () => void;
  /** Its state when it is read. */
  now?: () => RunSummary["state"];
  queue?: NonNullable<NonNullable<Answers["runs"]>["queue"]>;
} = {}) {
  const reads = { get: 0, queue: 0 };
  const detail = { rounds: [], evaluations: [], metrics: [], validations: [] };
  const { tell } = bridge({
    runs: {
      get: () => (reads.get++, { ...detail, run: summary(now()) } as unknown as RunDetail),
      queue: () => (reads.queue++, queue()),
      pause,
    },
  });
  const run = new WatchedRun("r");
  const close = run.open();
  await vi.waitFor(() => expect(reads.queue).toBe(1));
  await new Promise((resolve) => setTimeout(resolve));
  const hear = (event: object | null, now = summary(), id = "r") =>
    tell("runs.changed", { run: { ...now, id }, event: event as RunEvent | null });
  return { run, reads, hear, close };
}

test("events of a frame are shown together, in their order", async () => {
  const { run, hear } = await watched();
  hear({ event: "progress", phase: "train", fraction: 0.1 });
  hear({ event: "progress", phase: "train", fraction: 0.2 });
  expect(run.progress).toBeNull();
  expect(frames).toHaveLength(1);
  nextFrame();
  expect(run.progress).toMatchObject({ fraction: 0.2 });
  hear({ event: "phase", phase: "heal" });
  nextFrame();
  expect(run.progress).toBeNull();
});

test("a round combines several events about it; rounds stay in order", async () => {
  const { run, hear } = await watched();
  hear({ event: "dropped", round: 2, units: [3], kept: [0, 1] });
  hear({ event: "scores", round: 1, scorer: "block-influence", rows: 8, scores: [] });
  hear({ event: "dropped", round: 1, units: [2], kept: [0, 1, 3] });
  nextFrame();
  expect(run.rounds).toMatchObject([
    { round: 1, scorer: "block-influence", scoredRows: 8, dropped: [2], kept: [0, 1, 3] },
    { round: 2, scorer: null, dropped: [3] },
  ]);
});

test("a depth that is measured again replaces its figures, another split does not", async () => {
  const { run, hear } = await watched();
  const evaluation = (split: string, loss: number) => ({
    event: "evaluation",
    subject: "trimmed",
    split,
    depth: { units: 4, healed: false },
    loss,
  });
  hear(evaluation("valid", 3));
  hear(evaluation("test", 2));
  hear(evaluation("valid", 1));
  nextFrame();
  expect(run.evaluations).toMatchObject([
    { split: "test", loss: 2 },
    { split: "valid", loss: 1 },
  ]);
});

test("at the run's end everything is read; a change of another run only reads the queue", async () => {
  const { run, reads, hear } = await watched();
  hear(null, summary("queued"), "other");
  await vi.waitFor(() => expect(reads).toEqual({ get: 1, queue: 2 }));
  hear(null, summary("done"));
  nextFrame();
  expect(run.summary?.state).toBe("done");
  await vi.waitFor(() => expect(reads.get).toBe(2));
});

test("a run that ends while the queue is read has ended", async () => {
  let state: RunSummary["state"] = "running";
  const answers: (() => void)[] = [];
  const queue = () =>
    new Promise<never>((resolve) => answers.push(() => resolve({ running: null, waiting: [] } as never)));
  const { run, hear } = await watched({ now: () => state, queue });
  state = "done";
  hear(null, summary("done"));
  nextFrame();
  answers.forEach((answer) => answer());
  await vi.waitFor(() => expect(run.queue).not.toBeNull());
  expect(run.summary?.state).toBe("done");
});

test("what was reported before the run was read again does not replace what was read", async () => {
  const { run, hear } = await watched();
  hear(null, summary("paused"));
  await run.load();
  nextFrame();
  expect(run.summary?.state).toBe("running");
});

test("an action that fails says why, until the next one", async () => {
  let fails = true;
  const { run } = await watched({
    pause: () => {
      if (fails) throw new AppError({ code: "unknown-run", run: "r" });
    },
  });
  await run.pause();
  expect(run.failure).toEqual({ code: "unknown-run", run: "r" });
  fails = false;
  await run.pause();
  expect(run.failure).toBeNull();
});

test("an action that failed is repeated, not another one", async () => {
  let pauses = 0;
  const { run, reads } = await watched({
    pause: () => {
      if (++pauses === 1) throw new AppError({ code: "disk-full", path: "/coppice.db" });
    },
  });
  await run.pause();
  await run.again();
  expect([pauses, run.failure]).toEqual([2, null]);
  await run.load();
  await run.again();
  expect([pauses, reads.get]).toEqual([2, 3]);
});

test("its place in the queue counts the runs that wait before it, whether or not one is active", () => {
  const run = new WatchedRun("r");
  const placeIn = (...waiting: string[]) => {
    run.queue = { running: null, finishing: false, waiting, waitsForPower: false };
    return run.place;
  };
  expect([placeIn("r"), placeIn("a", "r"), placeIn("a", "b", "r"), placeIn()]).toEqual([1, 2, 3, 1]);
});

test("nothing is shown after the page is left", async () => {
  const { run, hear, close } = await watched();
  hear({ event: "progress", phase: "train", fraction: 0.1 });
  close();
  nextFrame();
  expect(run.progress).toBeNull();
});

test("a run that was paused took all its sessions, of which its outcome has the last one's time", () => {
  const run = new WatchedRun("r");
  const taken = (seconds: number, activeSeconds: number) => {
    run.detail = { outcome: { seconds } } as never;
    run.summary = { activeSeconds } as never;
    return run.secondsTaken;
  };
  expect(taken(60, 4000)).toBe(4000);
  expect(taken(60, 59)).toBe(60);
});
