/** Data sets: data that was read here, as a thing with a name and versions, used by runs and exported. */
import { z } from "zod";
import { SplitName } from "./data.ts";

/** JSON lines or Parquet, a file for each split and kind of row. */
export const DataSetFormat = z.enum(["jsonl", "parquet"]);
export type DataSetFormat = z.infer<typeof DataSetFormat>;

/** An exported file of rows of one kind. */
export const DataSetFile = z.object({
  split: SplitName,
  kind: z.enum(["examples", "questions", "conversations"]),
  /** The same in all files of the kind. */
  columns: z.array(z.string()),
  /** Whether its messages say which answers are learnt. */
  weights: z.literal(true).optional(),
  file: z.string(),
  rows: z.number(),
  sizeBytes: z.number(),
  sha256: z.string(),
});
export type DataSetFile = z.infer<typeof DataSetFile>;

/**
 * A data set: the same rows in the same splits, whatever models they were read for. `version` counts, from 1, those that were given the
 * same name, and stays when others are deleted; `versions` is the newest one's.
 */
export const DataSet = z.object({
  id: z.number(),
  name: z.string(),
  version: z.number(),
  versions: z.number(),
  addedAt: z.string(),
  usedAt: z.string(),
  /** Whether it stays when the last run that used it is deleted. */
  kept: z.boolean(),
  rows: z.record(SplitName, z.number()),
  /** Whether its rows are answers that a person corrected. */
  corrections: z.boolean(),
  /** Of corrections, the first of the runs whose models gave the answers, if it is known. */
  lineage: z.string().optional(),
  /** The runs that used it, newest first; `corrections`: an improvement, which corrected with it. */
  runs: z.array(z.object({ id: z.string(), name: z.string(), corrections: z.boolean() })),
});
export type DataSet = z.infer<typeof DataSet>;

/** Its rows in all splits. */
export function allRows({ rows }: DataSet): number {
  return Object.values(rows).reduce((sum, count) => sum + count, 0);
}
