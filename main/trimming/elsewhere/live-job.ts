/**
 * A job while another computer carries it out: how far it is, by its plan and its events. Only plain files are read, and each event is checked;
 * what else a line holds is ignored.
 */
import { z } from "zod";
import { parsedJson } from "../../../native-models/formats/parsed-json.ts";
import type { LiveJob } from "../../../preload/contract/runs/live-job.ts";
import { CorePhase, RunEvent } from "../../../preload/contract/runs/run.ts";
import { DONE, JOB_VERSION } from "./job-folder.ts";
import { PlainFolder } from "./plain-folder.ts";

const EVENTS = "result/events.jsonl";
/** No look reads more of them. */
const MOST_BYTES = 2 ** 24;
const MOST_VALIDATIONS = 6;

const Plan = z.object({
  version: z.literal(JOB_VERSION),
  blocks: z.number().int(),
  operations: z.array(z.object({ op: z.string(), rates: z.array(z.number()).default([]) })),
});

/** How far a job is; `before`: how far it was, of which only later events are read, or null. Throws `bad-job`, `unreadable`. */
export function lookAtJob(path: string, before: LiveJob | null): LiveJob {
  const folder = new PlainFolder(path);
  if (!folder.has("plan.json")) folder.refuse("other-folder", "plan.json");
  const job = before ?? planned(folder);
  if (folder.has(DONE)) return { ...job, state: "done" };
  if (!folder.has("result")) return { ...job, state: "waiting" };
  if (!folder.has(EVENTS)) return { ...job, state: "running" };
  const { start, bytes, writtenMs } = folder.tail(EVENTS, job.readBytes, MOST_BYTES);
  const lines = bytes.subarray(0, bytes.lastIndexOf("\n") + 1); // the last one may still be being written
  const events = lines
    .toString("utf8")
    .split("\n")
    .flatMap((line) => RunEvent.safeParse(parsedJson(line)).data ?? []);
  return {
    ...events.reduce(after, job),
    state: "running",
    silentSeconds: Math.max(0, (Date.now() - writtenMs) / 1000), // its clock may be ahead
    readBytes: start + lines.length,
  };
}

function planned(folder: PlainFolder): LiveJob {
  const { blocks, operations } = folder.json("plan.json", Plan, "newer");
  return {
    state: "waiting",
    phase: null,
    rounds: { now: 0, of: operations.filter(({ op }) => op === "drop").length },
    blocks,
    steps: { done: 0, of: operations.reduce((sum, { rates }) => sum + rates.length, 0) },
    validations: [],
    silentSeconds: null,
    readBytes: 0,
  };
}

function after(job: LiveJob, event: RunEvent): LiveJob {
  if (event.event === "step") return { ...job, steps: { ...job.steps, done: event.step } };
  if (event.event === "dropped") return { ...job, blocks: event.kept.length };
  if (event.event === "phase") {
    const phase = CorePhase.safeParse(event.phase).data ?? job.phase;
    return { ...job, phase, rounds: { ...job.rounds, now: event.round ?? job.rounds.now } };
  }
  if (event.event !== "validation") return job;
  // Started again after a save, it reports an epoch again.
  const others = job.validations.filter(({ epoch }) => epoch !== event.epoch);
  const validations = [...others, { epoch: event.epoch, loss: event.loss }].slice(-MOST_VALIDATIONS);
  return { ...job, validations };
}
