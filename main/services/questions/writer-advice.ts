/** How well a model of this size writes questions, and which model on this computer would write better ones. */
import { writerSizeOf } from "../../../preload/contract/questions/writer.ts";
import type { Writer } from "../../../preload/contract/questions/writer.ts";
import type { Reading } from "../data/reading.ts";
import { findModel } from "../models/model-reference.ts";
import type { RunModels } from "../models/run-models.ts";
import { bestWriter } from "./best-writer.ts";
import type { Sources } from "./best-writer.ts";

/** Failures: those of reading the chosen model. */
export async function adviceOn(
  model: string,
  reading: Pick<Reading, "inspect">,
  sources: Sources & { readonly runs: RunModels },
): Promise<Writer> {
  const { path } = findModel(model, () => sources.runs);
  const { parameters } = await reading.inspect(path);
  const size = writerSizeOf(parameters);
  if (size === "unmeasured") return { parameters, size, larger: null };
  const best = await bestWriter(reading, sources);
  return { parameters, size, larger: best && best.parameters > parameters ? best : null };
}
