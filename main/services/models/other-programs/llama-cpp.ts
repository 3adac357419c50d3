/**
 * What llama.cpp has downloaded: OWNER_REPOSITORY_FILE.gguf in its own cache. Newer versions use the Hugging Face cache instead, or
 * its layout in LLAMA_CACHE (github.com/ggml-org/llama.cpp, common/hf-cache.cpp).
 */
import { join } from "node:path";
import type { FoundModel } from "../../../../preload/contract/calls/models.ts";
import { modelsInHub } from "./hugging-face.ts";
import { cacheFolder, folderOf, ggufModelsBelow, ggufName } from "./place.ts";
import type { ProgramFolder } from "./place.ts";

export function llamaCppModels(place: ProgramFolder): FoundModel[] {
  const { LLAMA_CACHE, LOCALAPPDATA } = place.environment;
  const moved = folderOf(LLAMA_CACHE, place);
  const usual = [...(LOCALAPPDATA ? [LOCALAPPDATA] : []), cacheFolder(place)];
  const folders = moved.length > 0 ? moved : usual.map((folder) => join(folder, "llama.cpp"));
  const source = "llama-cpp" as const;
  return folders.flatMap((folder) => [
    ...ggufModelsBelow(folder, 0).map(({ path, sizeBytes }) => ({
      path,
      name: ggufName(path),
      source,
      sizeBytes,
    })),
    ...modelsInHub(folder, source),
  ]);
}
