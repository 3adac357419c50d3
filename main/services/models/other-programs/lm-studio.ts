/** LM Studio's models: PUBLISHER/MODEL/FILE.gguf (lmstudio.ai/docs, "Import models"). */
import { basename, join } from "node:path";
import type { FoundModel } from "../../../../preload/contract/calls/models.ts";
import { fileBytes, filesBelow, isWholeGguf } from "./place.ts";
import type { Place } from "./place.ts";

const FOLDERS = [
  [".lmstudio", "models"],
  [".cache", "lm-studio", "models"],
];
const MODEL_DEPTH = 2;

export function lmStudioModels({ userFolder }: Place): FoundModel[] {
  return FOLDERS.map((names) => join(userFolder, ...names)).flatMap((folder) =>
    filesBelow(folder, MODEL_DEPTH).flatMap((file) => {
      const name = basename(file);
      const path = join(folder, file);
      const sizeBytes = isWholeGguf(name) ? fileBytes(path) : null;
      if (sizeBytes === null) return [];
      return [{ path, name: name.slice(0, -".gguf".length), source: "lm-studio", sizeBytes }];
    }),
  );
}
