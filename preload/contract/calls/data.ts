/** The person's data: inspecting it, then reading it. */
import { z } from "zod";
import { call, stream } from "../call.ts";
import { DatasetReport, DocumentChoices, FieldMappings, ReadingProgress } from "../data/data.ts";
import { InspectedFile, Uninspected } from "../data/inspection.ts";
import { RecognitionProgress } from "../data/ocr.ts";
import { FoundRows, RowsAsked } from "./data-sets.ts";

const paths = z.array(z.string());

/** The files and folders that the person added. A split without files of its own is taken from files in `data` by their names, or split off. */
export const Sources = z.object({
  data: paths.min(1),
  valid: paths.default([]),
  test: paths.default([]),
  offDomain: paths.default([]),
  /** Files in these folders and archives that the person leaves out. */
  excluded: paths.default([]),
  mappings: FieldMappings.default({}),
  documents: DocumentChoices.prefault({}),
  /** Whether the text of scanned pages and pictures is recognised. */
  ocr: z.boolean().default(false),
  /** How many training rows are drawn at random; all of them if it is undefined. */
  sampleRows: z.number().int().positive().optional(),
});
export type Sources = z.infer<typeof Sources>;

/** Data that has been read: `folder` holds its splits, `name` is that of the first file or folder. */
export const ReadData = z.object({ name: z.string(), folder: z.string(), report: DatasetReport });
export type ReadData = z.infer<typeof ReadData>;

export const data = {
  /**
   * Reports each file as soon as it has been inspected; with a model, also row lengths in its tokens. Before the files, it reports how
   * many scanned pages have been recognised.
   */
  inspect: stream(
    z.object({ sources: Sources, model: z.string().nullable() }),
    z.union([InspectedFile, RecognitionProgress]),
    Uninspected,
  ),
  /**
   * Reads everything as a run with this seed would, and stores the result; pieces report how many documents have been read. `mayBeFew`: rows
   * that are too few to split are all kept for training, so that questions can be written from them.
   */
  read: stream(
    z.object({
      sources: Sources,
      model: z.string(),
      seed: z.number().int().nonnegative(),
      mayBeFew: z.boolean().optional(),
    }),
    ReadingProgress,
    ReadData,
  ),
  /** Rows of data that has been read, by its folder. */
  rows: call(RowsAsked.extend({ folder: z.string() }), FoundRows),
  /** Asks where, and saves an empty sheet for questions and answers; returns the path, null if the person cancelled. */
  saveSheet: call(z.object({ format: z.enum(["csv", "docx"]) }), z.string().nullable()),
  /** The built-in data, and the sample model that it is for. */
  sample: call(z.void(), z.object({ path: z.string(), model: z.string() })),
};
