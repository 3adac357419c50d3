/**
 * Models in a Hugging Face cache: models--OWNER--NAME/snapshots/REVISION/ with links into its blobs folder
 * (huggingface.co/docs/huggingface_hub/guides/manage-cache).
 */
import { basename, join } from "node:path";
import type { FoundModel } from "../../../../preload/contract/calls/models.ts";
import {
  cacheFolder,
  entriesIn,
  fileBytesWithin,
  folderOf,
  foldersIn,
  ggufModels,
  ggufName,
  smallText,
} from "./place.ts";
import type { ProgramFolder } from "./place.ts";

/** The models in the cache, which environment variables may have moved. */
export function huggingFaceModels(place: ProgramFolder): FoundModel[] {
  const { HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME } = place.environment;
  const [hub] = [
    ...folderOf(HF_HUB_CACHE, place),
    ...folderOf(HUGGINGFACE_HUB_CACHE, place),
    ...folderOf(HF_HOME, place).map((home) => join(home, "hub")),
    join(cacheFolder(place), "huggingface", "hub"),
  ] as [string];
  return modelsInHub(hub, "hugging-face");
}

/**
 * The newest revision of each model: a folder of safetensors, or GGUF files. Links out of the model's own folder are not followed.
 */
export function modelsInHub(hub: string, source: FoundModel["source"]): FoundModel[] {
  return foldersIn(hub).flatMap((folder) => {
    const [kind, ...name] = folder.split("--");
    if (kind !== "models" || name.length === 0) return [];
    return modelsIn(join(hub, folder), name.join("/"), source);
  });
}

function modelsIn(repository: string, name: string, source: FoundModel["source"]): FoundModel[] {
  const snapshots = join(repository, "snapshots");
  const revisions = foldersIn(snapshots);
  const main = smallText(join(repository, "refs", "main"))?.trim();
  const revision = revisions.find((known) => known === main) ?? revisions.at(-1);
  if (revision === undefined) return [];
  const snapshot = join(snapshots, revision);
  const filesIn = (folder: string) =>
    entriesIn(folder).flatMap((entry) => {
      const path = join(folder, entry.name);
      const sizeBytes = fileBytesWithin(repository, path);
      return sizeBytes === null ? [] : [{ path, sizeBytes }];
    });
  const files = filesIn(snapshot);
  const has = (wanted: string) => files.some(({ path }) => basename(path) === wanted);
  const weights = files.filter(({ path }) => path.endsWith(".safetensors"));
  if (has("config.json") && has("tokenizer.json") && weights.length > 0) {
    const sizeBytes = weights.reduce((sum, { sizeBytes: bytes }) => sum + bytes, 0);
    return [{ path: snapshot, name, source, sizeBytes }];
  }
  // A repository of GGUF files may have a folder for each type.
  const below = foldersIn(snapshot).flatMap((folder) => filesIn(join(snapshot, folder)));
  return ggufModels([...files, ...below]).map(({ path, sizeBytes }) => ({
    path,
    name: `${name}: ${ggufName(path)}`,
    source,
    sizeBytes,
  }));
}
