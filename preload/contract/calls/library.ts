/** The library: runs with their figures, and the models and data that they were made from; deleting, copying and moving them. */
import { z } from "zod";
import { call, notification, stream } from "../call.ts";
import { DataSet } from "../data/data-set.ts";
import { MadeQuestions } from "../data/data.ts";
import { VERDICTS } from "../runs/verdicts.ts";
import { RunState } from "../runs/run.ts";
import { RunSummary } from "./runs.ts";

/** The share of right answers, with its 95% interval. `made`: who wrote the questions, if no person did; `checked`: how many a person checked. */
export const Share = z.object({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  made: MadeQuestions.optional(),
  checked: z.number().optional(),
});
export type Share = z.infer<typeof Share>;

/** The result of a run as a row of figures; missing measurements are null. */
export const Headline = z.object({
  accuracy: Share.nullable(),
  perplexity: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
  sizeBytes: z.number().nullable(),
});
export type Headline = z.infer<typeof Headline>;

/** A run and its results on the test questions. There may be ten thousand runs, so it contains only what a row shows. */
export const LibraryRun = RunSummary.pick({
  id: true,
  name: true,
  state: true,
  pauseReason: true,
  phase: true,
  round: true,
  fraction: true,
  secondsLeft: true,
  failure: true,
  note: true,
  tags: true,
  createdAt: true,
  finishedAt: true,
}).extend({
  model: z.string().nullable(),
  data: z.string().nullable(),
  /** Blocks, or half-blocks, of the full model; null until the base has been measured. */
  units: z.number().nullable(),
  /** The remaining units (for a finished run, those of its model); null until the first were dropped. */
  kept: z.array(z.number()).nullable(),
  base: Share.nullable(),
  tuned: Share.nullable(),
  /** The last depth that was measured; for a finished run, its model. */
  trimmed: Headline.nullable(),
  /** On the model of a finished run. */
  verdict: z.enum(VERDICTS).nullable(),
});
export type LibraryRun = z.infer<typeof LibraryRun>;

/** An open model used here; `runs` started from it. */
export const LibraryModel = z.object({
  path: z.string(),
  name: z.string(),
  layers: z.number().nullable(),
  runs: z.number(),
});
export type LibraryModel = z.infer<typeof LibraryModel>;

/** What deleting runs removes, and which parts others still need. */
export const Erasing = z.object({
  parts: z.array(
    z.object({
      what: z.enum(["checkpoints", "model", "cache", "data"]),
      path: z.string(),
      bytes: z.number(),
    }),
  ),
  bytes: z.number(),
  conversations: z.number(),
  /** How many corrections of their answers stay, as a data set, and how many are deleted; only of lineages of which no run is left. */
  corrections: z.object({ stay: z.number(), go: z.number() }),
  /** Kept because another run uses it, or because it is in the person's own folder. */
  stays: z.array(
    z.object({
      what: z.enum(["model", "data"]),
      path: z.string(),
      why: z.enum(["used", "elsewhere", "kept"]),
    }),
  ),
  /** The active runs among them, which prevent deleting. */
  running: z.array(z.string()),
});
export type Erasing = z.infer<typeof Erasing>;

/** Bytes copied so far; `checking`: the copy is read back and compared. */
export const CopyProgress = z.object({
  stage: z.enum(["copying", "checking"]),
  done: z.number(),
  total: z.number(),
});
export type CopyProgress = z.infer<typeof CopyProgress>;

const Copied = z.object({ folder: z.string(), files: z.number(), bytes: z.number() });
const RunIds = z.object({ ids: z.array(z.string()).min(1) });

export const library = {
  /** Some of the runs, newest first, and the number in each state; models and data, most recently used first. */
  list: call(
    z.union([
      z.object({ offset: z.number().int().nonnegative(), limit: z.number().int().min(1).max(2000) }),
      z.object({ ids: z.array(z.string()) }),
    ]),
    z.object({
      runs: z.array(LibraryRun),
      states: z.partialRecord(RunState, z.number()),
      models: z.array(LibraryModel),
      dataSets: z.array(DataSet),
    }),
  ),
  /** The name, notes and tags that a person gives a run. */
  describe: call(
    z.object({
      id: z.string(),
      name: z.string().trim().min(1).max(200),
      note: z.string().max(10_000),
      tags: z.array(z.string().trim().min(1).max(40)).max(20),
    }),
    z.void(),
  ),
  /** Only calculates; deletes nothing yet. */
  erasing: call(RunIds, Erasing),
  /** Deletes runs with everything that only they use, and on request the conversations with their models. */
  erase: call(RunIds.extend({ conversations: z.boolean() }), z.object({ freedBytes: z.number() })),
  erased: notification(RunIds),
  /** Copies all of Coppice's data to a new folder inside `folder`, and verifies the copy. */
  backUp: stream(z.object({ folder: z.string() }), CopyProgress, Copied),
  /** Copies, verifies, and restarts the application on the copy; the old folder is removed once that has opened. */
  move: stream(z.object({ folder: z.string() }), CopyProgress, Copied),
  /** False if COPPICE_HOME sets the folder. */
  isMovable: call(z.void(), z.boolean()),
};
