/** Which model on this computer writes the best questions, as far as that is known before one has written any. */
import { sep } from "node:path";
import { chatMemoryBytes } from "../../../native-models/estimate.ts";
import { AppError } from "../../../native-models/failure.ts";
import type { FoundModel } from "../../../preload/contract/calls/models.ts";
import type { KnownWriter } from "../../../preload/contract/writer.ts";
import type { Reading } from "../data/reading.ts";
import { foundModels } from "../models/found-models.ts";
import type { RunModels } from "../models/run-models.ts";
import { freeWithin } from "../plans/limits.ts";

/** The largest files are looked at first; so many, as other programs may have hundreds. */
const MOST_LOOKED_AT = 8;
/** A weight has 4 bytes in a file at most, and half a byte in chat at least. */
const MOST_FILE_BYTES = 8;

/** Words in the names of models that were trained on texts alone; many of them have a chat template all the same. */
const BASE = /(?<![a-z])(?:base|pretrain|pretrained|pt)(?![a-z])/i;
const INSTRUCTED = /(?<![a-z])(?:instruct|chat|it)(?![a-z])/i;

export interface Sources {
  readonly runs: Pick<RunModels, "outputs">;
  /** The models on this computer. */
  readonly found: readonly FoundModel[];
  readonly freeMemoryBytes: number;
}

type Services = Parameters<typeof foundModels>[0] & { readonly settings: Parameters<typeof freeWithin>[0] };

/** The models of this computer, and its memory as it is now. */
export function writersHere(services: Services): Sources & { readonly runs: RunModels } {
  const { runs, settings } = services;
  return { runs, found: foundModels(services), freeMemoryBytes: freeWithin(settings).memoryBytes() };
}

/**
 * The chat model with the most parameters that fits the free memory; one that was trained on texts alone, by its name, only if there is no
 * other. Of as many parameters: one that names itself instructed, then one that is no run's result, then the larger file. Null if there
 * is none beside the sample. What a run has not finished is none.
 */
export async function bestWriter(
  reading: Pick<Reading, "inspect">,
  { runs, found, freeMemoryBytes }: Sources,
): Promise<KnownWriter | null> {
  const unfinished = runs.outputs().filter(({ state }) => state !== "done");
  const isUnfinished = (path: string) =>
    unfinished.some(({ output }) => path === output || path.startsWith(output + sep));
  const candidates = found
    .filter(({ path, source }) => source !== "sample" && source !== "damaged-download" && !isUnfinished(path))
    .filter(({ sizeBytes }) => sizeBytes <= MOST_FILE_BYTES * freeMemoryBytes)
    .sort((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, MOST_LOOKED_AT);
  let best: { readonly writer: KnownWriter; readonly merits: readonly number[] } | null = null;
  for (const model of candidates) {
    const report = await reading.inspect(model.path).catch((error: unknown) => {
      if (error instanceof AppError) return null; // not one that can be used
      throw error;
    });
    if (!report?.hasChatTemplate || chatMemoryBytes(report) > freeMemoryBytes) continue;
    const merits = meritsOf(model, report.parameters);
    const { path, name } = model;
    if (best === null || isMore(merits, best.merits))
      best = { writer: { path, name, parameters: report.parameters }, merits };
  }
  return best?.writer ?? null;
}

/** What decides, the first most. */
function meritsOf({ path, name, source, sizeBytes }: FoundModel, parameters: number): number[] {
  const names = `${name} ${path.split(/[/\\]/).slice(-2).join(" ")}`;
  const isBase = BASE.test(names) && !INSTRUCTED.test(names);
  return [Number(!isBase), parameters, Number(INSTRUCTED.test(names)), Number(source !== "run"), sizeBytes];
}

function isMore(merits: readonly number[], than: readonly number[]): boolean {
  const first = merits.findIndex((merit, i) => merit !== than[i]);
  return first >= 0 && merits[first]! > than[first]!;
}
