/**
 * Ollama's models: one manifest per model and tag, and blobs named by their hashes (github.com/ollama/ollama,
 * server/modelpath.go).
 */
import { readFileSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { z } from "zod";
import type { FoundModel } from "../../../../preload/contract/calls/models.ts";
import { fileBytes, filesBelow } from "./place.ts";
import type { Place } from "./place.ts";

const Manifest = z.object({
  layers: z.array(z.object({ mediaType: z.string(), digest: z.string() })),
});
const MODEL_LAYER = "application/vnd.ollama.image.model";
const MOST_MANIFEST_BYTES = 1_000_000;
/** manifests/HOST/NAMESPACE/MODEL/TAG. */
const MANIFEST_DEPTH = 3;

/** Those with a complete blob in OLLAMA_MODELS, otherwise in the person's .ollama folder. */
export function ollamaModels({ environment, userFolder }: Place): FoundModel[] {
  const folder = environment.OLLAMA_MODELS || join(userFolder, ".ollama", "models");
  const manifests = join(folder, "manifests");
  return filesBelow(manifests, MANIFEST_DEPTH).flatMap((manifest) => {
    const digest = modelDigest(join(manifests, manifest));
    if (digest === null) return [];
    const path = join(folder, "blobs", `sha256-${digest}`);
    const sizeBytes = fileBytes(path);
    return sizeBytes === null ? [] : [{ path, name: nameOf(manifest), source: "ollama", sizeBytes }];
  });
}

function modelDigest(path: string): string | null {
  if ((fileBytes(path) ?? Infinity) > MOST_MANIFEST_BYTES) return null;
  try {
    const { layers } = Manifest.parse(JSON.parse(readFileSync(path, "utf8")));
    const digest = layers.find(({ mediaType }) => mediaType === MODEL_LAYER)?.digest ?? "";
    return /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** In Ollama's form: "model:tag", or "someone/model:tag". */
function nameOf(manifest: string): string {
  const [, namespace, ...model] = manifest.split(sep);
  const tag = basename(manifest);
  const name = model.slice(0, -1).join("/");
  return namespace === "library" ? `${name}:${tag}` : `${namespace}/${name}:${tag}`;
}
