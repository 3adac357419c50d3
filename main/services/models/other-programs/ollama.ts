/**
 * Ollama's models: one manifest per model and tag, and blobs named by their hashes (github.com/ollama/ollama,
 * server/modelpath.go).
 */
import { basename, join, sep } from "node:path";
import { z } from "zod";
import type { FoundModel } from "../../../../preload/contract/calls/models.ts";
import { storedSetting } from "./stored-setting.ts";
import { dataFolders, entriesIn, fileBytes, filesBelow, folderOf, smallText } from "./place.ts";
import type { ProgramFolder } from "./place.ts";

const Manifest = z.object({
  layers: z.array(z.object({ mediaType: z.string(), digest: z.string() })),
});
const MODEL_LAYER = "application/vnd.ollama.image.model";
/** manifests/HOST/NAMESPACE/MODEL/TAG. */
const MANIFEST_DEPTH = 3;

/** The models whose blob exists, in every folder that Ollama may use: from its window's settings, from its service, or a usual one. */
export function ollamaModels(place: ProgramFolder): FoundModel[] {
  return [...new Set(foldersOf(place))].flatMap(modelsIn);
}

function modelsIn(folder: string): FoundModel[] {
  const manifests = join(folder, "manifests");
  return filesBelow(manifests, MANIFEST_DEPTH).flatMap((manifest) => {
    const digest = modelDigest(join(manifests, manifest));
    if (digest === null) return [];
    const path = join(folder, "blobs", `sha256-${digest}`);
    const sizeBytes = fileBytes(path);
    return sizeBytes === null ? [] : [{ path, name: nameOf(manifest), source: "ollama", sizeBytes }];
  });
}

function foldersOf(place: ProgramFolder): string[] {
  const { environment, userFolder, systemFolder } = place;
  const databases = [
    join(userFolder, ".ollama"),
    ...dataFolders(place).map((folder) => join(folder, "Ollama")),
  ];
  return [
    ...databases.flatMap((folder) => folderOf(storedSetting(join(folder, "db.sqlite"), SETTING), place)),
    ...folderOf(environment.OLLAMA_MODELS, place),
    join(userFolder, ".ollama", "models"),
    ...serviceFiles(systemFolder).flatMap((file) => folderOf(folderOfService(file), place)),
    join(systemFolder, "usr", "share", "ollama", ".ollama", "models"),
    join(systemFolder, "var", "lib", "ollama"),
    join(systemFolder, "var", "snap", "ollama", "common", "models"),
  ];
}

/** The column of its window's settings with the folder of models. */
const SETTING = { table: "settings", column: "models" };

/** The systemd files that start Ollama as a service. */
function serviceFiles(systemFolder: string): string[] {
  return [join("etc", "systemd", "system"), join("usr", "lib", "systemd", "system")].flatMap((names) => {
    const folder = join(systemFolder, names);
    const changes = join(folder, "ollama.service.d");
    return [join(folder, "ollama.service"), ...entriesIn(changes).map(({ name }) => join(changes, name))];
  });
}

/** Environment="OLLAMA_MODELS=…", with or without quotation marks. */
function folderOfService(file: string): string | undefined {
  const [, quoted, plain] =
    /^\s*Environment=\s*(?:"OLLAMA_MODELS=([^"\r\n]+)"|OLLAMA_MODELS=([^\s"]+))/m.exec(
      smallText(file) ?? "",
    ) ?? [];
  return quoted ?? plain;
}

function modelDigest(path: string): string | null {
  try {
    const { layers } = Manifest.parse(JSON.parse(smallText(path) ?? "null"));
    const digest = layers.find(({ mediaType }) => mediaType === MODEL_LAYER)?.digest ?? "";
    return /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** A model's name in Ollama's form: "model:tag", or "someone/model:tag". */
function nameOf(manifest: string): string {
  const [, namespace, ...model] = manifest.split(sep);
  const tag = basename(manifest);
  const name = model.slice(0, -1).join("/");
  return namespace === "library" ? `${name}:${tag}` : `${namespace}/${name}:${tag}`;
}
