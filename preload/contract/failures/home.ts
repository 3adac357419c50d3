/** What can go wrong with the folder of all data, its runs and their models. */
import { z } from "zod";

/**
 * What is wrong with a model that somebody handed on: it is another kind of file; its end is missing; its bytes are not those that were
 * packed; nobody signed its passport; it has other files than a model's; its passport is of another form.
 */
const ParcelProblem = z.enum(["other-file", "truncated", "damaged", "signature", "contents", "newer"]);
export type ParcelProblem = z.infer<typeof ParcelProblem>;

/**
 * Why a job that was carried out elsewhere is not imported: it is another kind of folder; it is not finished, or no part of it is; its plan is of another form; a
 * file is not what its checksum says; a file is not what the plan asks for, or no plain file; its model, or its data, is not known here;
 * its rows are not those that its data has now.
 */
const JobProblem = z.enum([
  "other-folder",
  "unfinished",
  "too-early",
  "newer",
  "changed",
  "contents",
  "model",
  "data",
  "rows",
]);
export type JobProblem = z.infer<typeof JobProblem>;

export const HomeFailure = z.discriminatedUnion("code", [
  z.object({ code: z.literal("home-in-use"), path: z.string(), processId: z.number().optional() }),
  /** An earlier trainer of the run is still running, although its main program has ended. */
  z.object({ code: z.literal("run-in-use"), path: z.string(), processId: z.number().optional() }),
  z.object({ code: z.literal("newer-database"), path: z.string(), found: z.number(), supported: z.number() }),
  z.object({ code: z.literal("unknown-run"), run: z.string() }),
  /** A model that was downloaded from a repository, and removed since. `file`: which of its models. */
  z.object({
    code: z.literal("model-removed"),
    path: z.string(),
    repository: z.string(),
    file: z.string().optional(),
  }),
  /** The model with which a run was started is no longer in its place, nor known at another one. */
  z.object({ code: z.literal("model-missing"), path: z.string() }),
  z.object({ code: z.literal("bad-parcel"), path: z.string(), problem: ParcelProblem }),
  /** `file`: of the folder, the one that it is about. */
  z.object({ code: z.literal("bad-job"), path: z.string(), file: z.string(), problem: JobProblem }),
]);
