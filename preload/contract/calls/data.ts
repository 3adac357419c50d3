/** A person's data: looked at, then read. */
import { z } from "zod";
import { call, stream } from "../call.ts";
import { DatasetReport, FieldMappings } from "../data.ts";
import { InspectedFile } from "../inspection.ts";

const paths = z.array(z.string());

/** The files and folders that a person brought; a split without files is looked for in `data`, or split off it. */
export const Sources = z.object({
  data: paths.min(1),
  valid: paths.default([]),
  test: paths.default([]),
  offDomain: paths.default([]),
  mappings: FieldMappings.default({}),
});
export type Sources = z.infer<typeof Sources>;

/** Data that was read: `folder` holds its splits, `name` is that of the first file or folder. */
export const ReadData = z.object({ name: z.string(), folder: z.string(), report: DatasetReport });
export type ReadData = z.infer<typeof ReadData>;

export const data = {
  /** Tells each file as soon as it was looked at; with a model, how long rows are in its tokens, too. */
  inspect: stream(
    z.object({ sources: Sources, model: z.string().nullable() }),
    InspectedFile,
    z.object({ notRead: paths }),
  ),
  /** Reads it all as a run with this seed would, and keeps what was read. */
  read: call(
    z.object({ sources: Sources, model: z.string(), seed: z.number().int().nonnegative() }),
    ReadData,
  ),
  /** The data that comes with Coppice, for its sample model. */
  sample: call(z.void(), z.object({ path: z.string() })),
};
