/** The data sets on this computer: browsing, naming, exporting, reusing and deleting them. */
import { z } from "zod";
import { call, stream } from "../call.ts";
import { DataSet, DataSetFile, DataSetFormat, Descendant } from "../data/data-set.ts";
import { DatasetReport, SplitName } from "../data/data.ts";
import { PreviewRow } from "../data/inspection.ts";

const Id = z.object({ id: z.number().int() });

/** Rows of a split that contain `search`, from `offset` on. */
export const RowsAsked = z.object({
  split: SplitName,
  search: z.string().max(500),
  offset: z.number().int().nonnegative(),
  limit: z.number().int().min(1).max(100),
});
export type RowsAsked = z.infer<typeof RowsAsked>;

/** `found`: how many there are in all. */
export const FoundRows = z.object({ rows: z.array(PreviewRow), found: z.number() });
export type FoundRows = z.infer<typeof FoundRows>;

/** A data set with everything that is known about it. */
export const DataSetDetail = DataSet.extend({
  report: DatasetReport,
  /** The folder that the data step reads to use it again. */
  source: z.string(),
  sizeBytes: z.number(),
});
export type DataSetDetail = z.infer<typeof DataSetDetail>;

/**
 * What a person should know before a data set is deleted: how many corrections would be deleted with it (all of them if it is the version with the
 * current corrections, otherwise none), and which runs carry its data without having been trained on it, newest first.
 */
export const ErasingDataSet = z.object({ corrections: z.number(), descendants: z.array(Descendant) });
export type ErasingDataSet = z.infer<typeof ErasingDataSet>;

export const dataSets = {
  /** Most recently used first. */
  list: call(z.void(), z.array(DataSet)),
  get: call(Id, DataSetDetail),
  rows: call(RowsAsked.extend(Id.shape), FoundRows),
  /** Keeps data that was read into `folder` under a name; data that is already kept keeps its own name. */
  keep: call(z.object({ folder: z.string(), name: z.string().trim().min(1).max(200) }), Id),
  /** Gives it a name, and keeps it. */
  rename: call(Id.extend({ name: z.string().trim().min(1).max(200) }), z.void()),
  /** What a person should know before it is deleted. */
  erasing: call(Id, ErasingDataSet),
  /** Deletes it; its runs keep their figures. Failure: bad-choice while a run needs it. */
  erase: call(Id, z.object({ freedBytes: z.number() })),
  /** Writes it into a new folder inside `folder`; pieces report the splits written. */
  export: stream(
    Id.extend({ folder: z.string(), format: DataSetFormat }),
    z.object({ file: z.string() }),
    z.object({ folder: z.string(), files: z.array(DataSetFile) }),
  ),
};
