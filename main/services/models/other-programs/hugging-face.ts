/**
 * Models in a Hugging Face cache: models--OWNER--NAME/snapshots/REVISION/ with links into its blobs folder
 * (huggingface.co/docs/huggingface_hub/guides/manage-cache).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FoundModel } from "../../../../preload/contract/calls/models.ts";
import { entriesIn, fileBytes, fileBytesWithin, foldersIn, isWholeGguf } from "./place.ts";
import type { Place } from "./place.ts";

/**
 * The newest revision of each model, a folder of safetensors or GGUF files; links out of the model's own folder are not followed.
 */
export function huggingFaceModels({ environment, userFolder }: Place): FoundModel[] {
  const { HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = environment;
  const cache = XDG_CACHE_HOME || join(userFolder, ".cache");
  const hub = HF_HUB_CACHE || join(HF_HOME || join(cache, "huggingface"), "hub");
  return foldersIn(hub).flatMap((folder) => {
    const [kind, ...name] = folder.split("--");
    if (kind !== "models" || name.length === 0) return [];
    return modelsIn(join(hub, folder), name.join("/"));
  });
}

function modelsIn(repository: string, name: string): FoundModel[] {
  const snapshots = join(repository, "snapshots");
  const revisions = foldersIn(snapshots);
  const main = mainRevision(repository);
  const revision = revisions.find((known) => known === main) ?? revisions.at(-1);
  if (revision === undefined) return [];
  const snapshot = join(snapshots, revision);
  const sizes = entriesIn(snapshot).flatMap((entry) => {
    const sizeBytes = fileBytesWithin(repository, join(snapshot, entry.name));
    return sizeBytes === null ? [] : [{ file: entry.name, sizeBytes }];
  });
  const has = (wanted: string) => sizes.some(({ file }) => file === wanted);
  const weights = sizes.filter(({ file }) => file.endsWith(".safetensors"));
  const source = "hugging-face";
  if (has("config.json") && has("tokenizer.json") && weights.length > 0) {
    const sizeBytes = weights.reduce((sum, { sizeBytes: bytes }) => sum + bytes, 0);
    return [{ path: snapshot, name, source, sizeBytes }];
  }
  return sizes
    .filter(({ file }) => isWholeGguf(file))
    .map(({ file, sizeBytes }) => {
      const model = `${name}: ${file.slice(0, -".gguf".length)}`;
      return { path: join(snapshot, file), name: model, source, sizeBytes };
    });
}

/** The revision of "main", 40 hex digits; null if unknown. */
function mainRevision(repository: string): string | null {
  const path = join(repository, "refs", "main");
  if ((fileBytes(path) ?? Infinity) > 200) return null;
  return readFileSync(path, "utf8").trim();
}
