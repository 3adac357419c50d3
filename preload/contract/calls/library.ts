/** What a person has: runs with their figures, the models and data that they came from; erased, copied, moved. */
import { z } from "zod";
import { call, notification, stream } from "../call.ts";
import { RunState } from "../run.ts";
import { RunSummary } from "./runs.ts";

/** A share of right answers with its 95% interval. */
export const Share = z.object({ value: z.number(), low: z.number(), high: z.number() });
export type Share = z.infer<typeof Share>;

/** What a run came to, in a row of figures; what was not measured is null. */
export const Headline = z.object({
  accuracy: Share.nullable(),
  perplexity: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
  sizeBytes: z.number().nullable(),
});
export type Headline = z.infer<typeof Headline>;

/** A run and what came of it on its test questions. There may be ten thousand: nothing here that no row shows. */
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
  /** Blocks, or halves of them, of the whole model; null until the base was measured. */
  units: z.number().nullable(),
  /** Which of them are left; null until the first were dropped. */
  kept: z.array(z.number()).nullable(),
  base: Share.nullable(),
  tuned: Share.nullable(),
  /** The depth that was reached last. */
  trimmed: Headline.nullable(),
});
export type LibraryRun = z.infer<typeof LibraryRun>;

/** An open model that was used here; `runs` began with it. */
export const LibraryModel = z.object({
  path: z.string(),
  name: z.string(),
  layers: z.number().nullable(),
  runs: z.number(),
});
export type LibraryModel = z.infer<typeof LibraryModel>;

/** Data that was read here. `rows`: examples, questions and conversations of all its parts. */
export const LibraryDataset = z.object({ name: z.string(), rows: z.number(), runs: z.number() });
export type LibraryDataset = z.infer<typeof LibraryDataset>;

/** What erasing runs takes away, and what of it others still need. */
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
  /** Stays because another run uses it, or because it lies in a folder of the person's own. */
  stays: z.array(
    z.object({ what: z.enum(["model", "data"]), path: z.string(), why: z.enum(["used", "elsewhere"]) }),
  ),
  /** The runs among them that are at work, which stand in the way. */
  running: z.array(z.string()),
});
export type Erasing = z.infer<typeof Erasing>;

/** Bytes of a copy so far; `checking`: what was copied is read once more and compared. */
export const CopyProgress = z.object({
  stage: z.enum(["copying", "checking"]),
  done: z.number(),
  total: z.number(),
});
export type CopyProgress = z.infer<typeof CopyProgress>;

const Copied = z.object({ folder: z.string(), files: z.number(), bytes: z.number() });
const RunIds = z.object({ ids: z.array(z.string()).min(1) });

export const library = {
  /** Some of the runs, newest first, and how many there are in which state; models and data, last used first. */
  list: call(
    z.union([
      z.object({ offset: z.number().int().nonnegative(), limit: z.number().int().min(1).max(2000) }),
      z.object({ ids: z.array(z.string()) }),
    ]),
    z.object({
      runs: z.array(LibraryRun),
      states: z.partialRecord(RunState, z.number()),
      models: z.array(LibraryModel),
      datasets: z.array(LibraryDataset),
    }),
  ),
  /** What a person calls a run, notes about it, and finds it by. */
  describe: call(
    z.object({
      id: z.string(),
      name: z.string().trim().min(1).max(200),
      note: z.string().max(10_000),
      tags: z.array(z.string().trim().min(1).max(40)).max(20),
    }),
    z.void(),
  ),
  /** Looks, and takes nothing away yet. */
  erasing: call(RunIds, Erasing),
  /** Erases runs with everything that is theirs alone, and with the conversations with their models if asked to. */
  erase: call(RunIds.extend({ conversations: z.boolean() }), z.object({ freedBytes: z.number() })),
  erased: notification(RunIds),
  /** Copies all that Coppice keeps into a new folder inside `folder`, and compares the copy. */
  backUp: stream(z.object({ folder: z.string() }), CopyProgress, Copied),
  /** Copies it there, compares, and starts the application anew on the copy; the old folder goes when that has opened. */
  move: stream(z.object({ folder: z.string() }), CopyProgress, Copied),
  /** False where COPPICE_HOME says where the folder is. */
  isMovable: call(z.void(), z.boolean()),
};
