/** Models found on this computer. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FoundModel } from "../../../preload/contract/calls/models.ts";
import type { Home } from "../../home/home.ts";
import { bytesOf, downloadedModels, downloadName } from "./downloaded.ts";
import type { Models } from "./models.ts";
import { ggufFiles } from "../../../native-models/formats/gguf/read.ts";
import { huggingFaceModels } from "./other-programs/hugging-face.ts";
import { janModels } from "./other-programs/jan.ts";
import { llamaCppModels } from "./other-programs/llama-cpp.ts";
import { lmStudioModels } from "./other-programs/lm-studio.ts";
import { ollamaModels } from "./other-programs/ollama.ts";
import { thisPlace } from "./other-programs/place.ts";
import { receivedModels } from "./received-models.ts";
import type { RunModels } from "./run-models.ts";
import { sample, sampleName } from "./sample.ts";

const OTHER_PROGRAMS = [ollamaModels, lmStudioModels, janModels, huggingFaceModels, llamaCppModels];

/**
 * The sample first, then results of runs, models that were handed on, downloads, recently used models, and those of other programs. Each path is listed once, and only
 * if it still exists; a damaged download is listed even if its file is gone.
 */
export function foundModels(
  {
    runs,
    models,
    home,
  }: { readonly runs: RunModels; readonly models: Models; readonly home: Pick<Home, "models"> },
  place = thisPlace(),
): FoundModel[] {
  const finished = runs
    .outputs()
    .filter(({ state }) => state === "done")
    .map(({ id, output, name }) => ({ path: output, name, source: "run" as const, run: id }));
  const downloaded = downloadedModels(home).map(({ path, record, isDamaged }) => ({
    path,
    name: downloadName(record),
    source: isDamaged ? ("damaged-download" as const) : ("downloaded" as const),
  }));
  const received = receivedModels(home).map((model) => ({ ...model, source: "received" as const }));
  const used = models.list().map(({ path, name }) => ({ path, name, source: "recent" as const }));
  const own = [
    { path: sample.model, name: sampleName, source: "sample" as const },
    ...finished,
    ...received,
    ...downloaded,
    ...used,
  ]
    .filter(({ path, source }) => source === "damaged-download" || existsSync(path))
    .map((model) => ({ ...model, sizeBytes: sizeOf(model.path) }));
  const others = OTHER_PROGRAMS.flatMap((modelsOf) => modelsOf(place));
  // Another program's name for a model is more informative than its path.
  const named = new Map(others.map((model) => [model.path, model]));
  const seen = new Set<string>();
  return [...own, ...others].flatMap((model) => {
    if (seen.has(model.path)) return [];
    seen.add(model.path);
    return model.source === "recent" ? (named.get(model.path) ?? model) : model;
  });
}

/** The bytes of a model's weights. */
export function sizeOf(path: string): number {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true)
    return ggufFiles(path).reduce((sum, file) => sum + (bytesOf(file) ?? 0), 0);
  const weights = readdirSync(path).filter((name) => name.endsWith(".safetensors"));
  return weights.reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
}
