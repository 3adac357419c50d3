/** Data sets: data that was read on this computer, with a name and versions, which runs use and which can be exported. */
import { z } from "zod";
import { SplitName } from "./data.ts";

/** JSON lines or Parquet, one file per split and kind of row. */
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
 * A data set: the same rows in the same splits, whatever models they were read for. `version` numbers the data sets with the same name
 * from 1 and does not change when others are deleted; `versions` is the version of the newest one.
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
  /** For corrections: the first run of the lineage whose models gave the answers, if known. */
  lineage: z.string().optional(),
  /** The runs that used it, newest first. `corrections`: whether the run is an improvement that trained on it as corrections. */
  runs: z.array(z.object({ id: z.string(), name: z.string(), corrections: z.boolean() })),
});
export type DataSet = z.infer<typeof DataSet>;

/**
 * A run that was not trained on a data set, but started from the model of a run that was, or from the model of another descendant: it carries the
 * data, too. `from`: the name of the run whose model it was.
 */
export const Descendant = z.object({ id: z.string(), name: z.string(), from: z.string() });
export type Descendant = z.infer<typeof Descendant>;

/** The number of rows in all splits. */
export function allRows({ rows }: DataSet): number {
  return Object.values(rows).reduce((sum, count) => sum + count, 0);
}
