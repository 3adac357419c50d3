/** How well a model of its size writes questions, and which one on this computer would write better ones. */
import { AppError } from "../../../native-models/failure.ts";
import { chatMemoryBytes } from "../../../native-models/estimate.ts";
import type { FoundModel } from "../../../preload/contract/calls/models.ts";
import { writerSizeOf } from "../../../preload/contract/writer.ts";
import type { Writer } from "../../../preload/contract/writer.ts";
import type { Reading } from "../data/reading.ts";
import { findModel } from "../models/model-reference.ts";
import type { RunModels } from "../models/run-models.ts";

/** The largest files are looked at first; so many, as other programs may have hundreds. */
const MOST_LOOKED_AT = 8;

interface Sources {
  readonly runs: RunModels;
  /** The models on this computer. */
  readonly found: readonly FoundModel[];
  readonly freeMemoryBytes: number;
}

/** Failures: those of reading the chosen model. */
export async function adviceOn(
  model: string,
  reading: Pick<Reading, "inspect">,
  { runs, found, freeMemoryBytes }: Sources,
): Promise<Writer> {
  const { path } = findModel(model, () => runs);
  const { parameters } = await reading.inspect(path);
  const size = writerSizeOf(parameters);
  if (size === "unmeasured") return { parameters, size, larger: null };
  let larger: Writer["larger"] = null;
  const others = found.filter((other) => other.path !== path && other.source !== "sample");
  for (const { path, name } of others.sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, MOST_LOOKED_AT)) {
    const report = await reading.inspect(path).catch((error: unknown) => {
      if (error instanceof AppError) return null; // not one that can be used
      throw error;
    });
    if (!report?.hasChatTemplate || chatMemoryBytes(report) > freeMemoryBytes) continue;
    if (report.parameters > (larger?.parameters ?? parameters))
      larger = { path, name, parameters: report.parameters };
  }
  return { parameters, size, larger };
}
