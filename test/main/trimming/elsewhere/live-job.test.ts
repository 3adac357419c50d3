/** A job while another computer carries it out: how far it is, whatever its folder holds. */
import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lookAtJob } from "../../../../main/trimming/elsewhere/live-job.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { eventLines, stepEvent, validationEvent } from "./finish-job.ts";

const train = (steps: number) => ({ op: "train", rates: Array(steps).fill(0.1) });
const operations = [train(4), { op: "validate" }, { op: "drop" }, train(3), { op: "drop" }, train(3)];

const phase = (phase: string, round?: number) => ({ event: "phase", phase, round });
/** A job that was not started, and its events' path. */
function waitingJob(plan: object = { version: 1, blocks: 8, operations }) {
  const job = temporaryFolder();
  writeFileSync(join(job, "plan.json"), JSON.stringify(plan));
  return { job, events: join(job, "result/events.jsonl") };
}

/** A job with these events so far. */
function startedJob(text = "") {
  const { job, events } = waitingJob();
  mkdirSync(join(job, "result"));
  writeFileSync(events, text);
  return { job, events };
}

const refused = (job: string) => {
  try {
    return lookAtJob(job, null);
  } catch (error) {
    return failureOf(error);
  }
};

test("a job waits until it is started, and is done when its result is there", () => {
  const { job } = waitingJob();
  expect(lookAtJob(job, null)).toMatchObject({ state: "waiting", steps: { done: 0, of: 10 } });
  mkdirSync(join(job, "result"));
  expect(lookAtJob(job, null)).toMatchObject({ state: "running", phase: null, silentSeconds: null });
  writeFileSync(join(job, "result/done.json"), "{}");
  expect(lookAtJob(job, null).state).toBe("done");
});

test("shows the phase, the round, the steps, the losses and the age of the last event, and reads only what is new", () => {
  const { job, events } = startedJob(
    eventLines(phase("tune"), stepEvent(1), stepEvent(2), validationEvent(1, 1.5)),
  );
  const ago = new Date(Date.now() - 60_000);
  utimesSync(events, ago, ago);
  const first = lookAtJob(job, null);
  expect(first).toMatchObject({ state: "running", phase: "tune", blocks: 8, rounds: { now: 0, of: 2 } });
  expect(first).toMatchObject({ steps: { done: 2, of: 10 }, validations: [{ epoch: 1, loss: 1.5 }] });
  expect(first.silentSeconds).toBeGreaterThanOrEqual(60);
  const dropped = { event: "dropped", round: 1, units: [2], kept: [0, 1, 3, 4, 5, 6, 7] };
  appendFileSync(
    events,
    eventLines(validationEvent(2, 1.25), phase("score", 1), dropped, phase("train"), stepEvent(5)),
  );
  writeFileSync(join(job, "plan.json"), "is not read again");
  const next = lookAtJob(job, first);
  expect(next).toMatchObject({ phase: "train", blocks: 7, rounds: { now: 1, of: 2 }, steps: { done: 5 } });
  expect(next.validations.map(({ loss }) => loss)).toEqual([1.5, 1.25]);
});

test("a line that is still being written counts when it is whole", () => {
  const [line, half] = [eventLines(stepEvent(2)), 30];
  const { job, events } = startedJob(eventLines(stepEvent(1)) + line.slice(0, half));
  const first = lookAtJob(job, null);
  expect(first.steps.done).toBe(1);
  appendFileSync(events, line.slice(half));
  expect(lookAtJob(job, first).steps.done).toBe(2);
});

test("a job that was started again from a save is read from the start", () => {
  const { job, events } = startedJob(
    eventLines(phase("tune"), stepEvent(1), validationEvent(1, 2), stepEvent(2), stepEvent(3)),
  );
  const first = lookAtJob(job, null);
  writeFileSync(events, eventLines(phase("tune"), stepEvent(1), validationEvent(1, 1.75)));
  expect(lookAtJob(job, first)).toMatchObject({
    steps: { done: 1 },
    validations: [{ epoch: 1, loss: 1.75 }],
  });
});

test("of other content, only events are taken", () => {
  const other = [
    "no event",
    "null",
    '{"event":"step","step":"7"}',
    '{"event":"phase","phase":"method x"}',
    "\0".repeat(99),
  ];
  const { job } = startedJob(`${other.join("\n")}\n${eventLines(stepEvent(3), { event: "done" })}`);
  expect(lookAtJob(job, null)).toMatchObject({ phase: null, steps: { done: 3 } });
});

test("of a huge file, only the end is read", () => {
  const { job, events } = startedJob(eventLines(stepEvent(1)));
  truncateSync(events, 2 ** 36);
  appendFileSync(events, `\n${eventLines(stepEvent(2))}`);
  expect(lookAtJob(job, null)).toMatchObject({
    steps: { done: 2 },
    readBytes: 2 ** 36 + 1 + eventLines(stepEvent(2)).length,
  });
});

test.each<[what: string, change: (job: string, events: string) => void, problem: string, file: string]>([
  ["no job", (job) => rmSync(join(job, "plan.json")), "other-folder", "plan.json"],
  [
    "a plan of another form",
    (job) => writeFileSync(join(job, "plan.json"), '{"version":2}'),
    "newer",
    "plan.json",
  ],
  [
    "a link in place of its events",
    (job, events) => {
      renameSync(events, join(job, "others"));
      symlinkSync(join(job, "others"), events);
    },
    "contents",
    "result/events.jsonl",
  ],
  [
    "a link in place of its result",
    (job) => {
      renameSync(join(job, "result"), join(job, "others"));
      symlinkSync(join(job, "others"), join(job, "result"));
    },
    "contents",
    "result/events.jsonl",
  ],
  [
    "a folder in place of its events",
    (_, events) => {
      rmSync(events);
      mkdirSync(events);
    },
    "contents",
    "result/events.jsonl",
  ],
])("%s is refused", (_, change, problem, file) => {
  const { job, events } = startedJob();
  change(job, events);
  expect(refused(job)).toMatchObject({ code: "bad-job", problem, file });
});
