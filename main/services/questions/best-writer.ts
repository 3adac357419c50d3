/** Which model on this computer will probably write the best questions. */
import { sep } from "node:path";
import { chatMemoryBytes } from "../../../native-models/estimates/chat.ts";
import { AppError } from "../../../native-models/failure.ts";
import type { FoundModel } from "../../../preload/contract/calls/models.ts";
import type { KnownWriter } from "../../../preload/contract/questions/writer.ts";
import type { Reading } from "../data/reading.ts";
import { foundModels } from "../models/found-models.ts";
import type { RunModels } from "../models/run-models.ts";
import { freeWithin } from "../plans/limits.ts";

/** Only this many models are inspected, the largest files first, since other programs may have hundreds. */
const MOST_LOOKED_AT = 8;
/** The most bytes of a file per byte in chat: a weight takes at most 4 bytes in a file, and at least half a byte in chat. */
const MOST_FILE_BYTES = 8;

/** Words in the names of pretrained models that were not instruction-tuned; many of them have a chat template anyway. */
const BASE = /(?<![a-z])(?:base|pretrain|pretrained|pt)(?![a-z])/i;
const INSTRUCTED = /(?<![a-z])(?:instruct|chat|it)(?![a-z])/i;

export interface Sources {
  readonly runs: Pick<RunModels, "outputs">;
  /** The models on this computer. */
  readonly found: readonly FoundModel[];
  readonly freeMemoryBytes: number;
}

type Services = Parameters<typeof foundModels>[0] & { readonly settings: Parameters<typeof freeWithin>[0] };

/** The models on this computer, and its free memory. */
export function writersHere(services: Services): Sources & { readonly runs: RunModels } {
  const { runs, settings } = services;
  return { runs, found: foundModels(services), freeMemoryBytes: freeWithin(settings).memoryBytes() };
}

/**
 * The chat model with the most parameters that fits into free memory; one whose name says that it is only pretrained is chosen only if
 * there is no other. Ties go to a model whose name says that it is instruction-tuned, then to one that is not a run's result, then to the
 * larger file. Null if there is none except the sample. Models of unfinished runs are ignored.
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
      if (error instanceof AppError) return null; // an unusable model
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

/** The criteria, in descending order of importance. */
function meritsOf({ path, name, source, sizeBytes }: FoundModel, parameters: number): number[] {
  const names = `${name} ${path.split(/[/\\]/).slice(-2).join(" ")}`;
  const isBase = BASE.test(names) && !INSTRUCTED.test(names);
  return [Number(!isBase), parameters, Number(INSTRUCTED.test(names)), Number(source !== "run"), sizeBytes];
}

function isMore(merits: readonly number[], than: readonly number[]): boolean {
  const first = merits.findIndex((merit, i) => merit !== than[i]);
  return first >= 0 && merits[first]! > than[first]!;
}
