/**
 * Jan's models: llamacpp/models/…/model.gguf in its data folder; earlier versions used models/…. Its settings can move the data
 * folder, and a model.yml can refer to a file elsewhere (github.com/janhq/jan, src-tauri/src/core/app).
 */
import { basename, dirname, join, relative, sep } from "node:path";
import { pathInside } from "../../../../native-models/formats/path-inside.ts";
import type { FoundModel } from "../../../../preload/contract/calls/models.ts";
import {
  dataFolders,
  fileBytes,
  filesBelow,
  folderOf,
  ggufModels,
  ggufModelsBelow,
  ggufName,
  settingIn,
  smallText,
} from "./place.ts";
import type { ProgramFolder, SizedFile } from "./place.ts";

/** The path to a model may consist of its publisher's, its repository's and its own name. */
const MODEL_DEPTH = 4;
const MODELS = [join("llamacpp", "models"), "models"];

export function janModels(place: ProgramFolder): FoundModel[] {
  return [...new Set(foldersOf(place))].flatMap((data) =>
    MODELS.map((models) => join(data, models)).flatMap((folder) => {
      const own = ggufModelsBelow(folder, MODEL_DEPTH).map((model) => foundModel(folder, model.path, model));
      return [...own, ...imported(folder, data, place)];
    }),
  );
}

function foldersOf(place: ProgramFolder): string[] {
  const homes = dataFolders(place).flatMap((folder) => [join(folder, "Jan"), join(folder, "jan.ai.app")]);
  return homes.flatMap((home) => [
    ...folderOf(settingIn(join(home, "settings.json"), "data_folder"), place),
    join(home, "data"),
  ]);
}

/** Models that were imported without a copy: their model.yml names a file outside of the data folder. */
function imported(folder: string, data: string, place: ProgramFolder): FoundModel[] {
  return filesBelow(folder, MODEL_DEPTH)
    .filter((file) => basename(file) === "model.yml")
    .flatMap((file) => {
      const yaml = smallText(join(folder, file)) ?? "";
      const [path] = folderOf(/^model_path:\s*["']?([^"'\r\n]+)/m.exec(yaml)?.[1], place);
      if (path === undefined || pathInside(data, path) !== null) return [];
      const sizeBytes = fileBytes(path);
      const models = sizeBytes === null ? [] : ggufModels([{ path, sizeBytes }]);
      return models.map((model) => foundModel(folder, join(folder, file), model));
    });
}

/** A model is named after the folder of its file, or of its model.yml. */
function foundModel(folder: string, named: string, { path, sizeBytes }: SizedFile): FoundModel {
  const below = relative(folder, dirname(named)).split(sep).join("/");
  return { path, name: below || ggufName(path), source: "jan", sizeBytes };
}
