/**
 * LM Studio's models: PUBLISHER/MODEL/FILE.gguf (lmstudio.ai/docs, "Import models"), in a folder that its settings can move.
 */
import { join } from "node:path";
import type { FoundModel } from "../../../../preload/contract/calls/models.ts";
import { folderOf, ggufModelsBelow, ggufName, settingIn, smallText } from "./place.ts";
import type { ProgramFolder } from "./place.ts";

const MODEL_DEPTH = 2;

export function lmStudioModels(place: ProgramFolder): FoundModel[] {
  return [...new Set(foldersOf(place))].flatMap((folder) =>
    ggufModelsBelow(folder, MODEL_DEPTH).map(({ path, sizeBytes }) => ({
      path,
      name: ggufName(path),
      source: "lm-studio",
      sizeBytes,
    })),
  );
}

/** LM Studio's home is given by a pointer file in the person's folder, or is one of two usual folders. */
function foldersOf(place: ProgramFolder): string[] {
  const { userFolder } = place;
  const homes = [
    ...folderOf(smallText(join(userFolder, ".lmstudio-home-pointer")), place),
    join(userFolder, ".lmstudio"),
    join(userFolder, ".cache", "lm-studio"),
  ];
  return homes.flatMap((home) => [
    ...folderOf(settingIn(join(home, "settings.json"), "downloadsFolder"), place),
    join(home, "models"),
  ]);
}
