/** A person's reference to a model: a file or folder, a run's folder or id, or the sample. */
import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { isParcel } from "../../../preload/contract/results/parcel-name.ts";
import { runMarker } from "../../home/run-folder.ts";
import type { RunModels } from "./run-models.ts";
import { sample, sampleName } from "./sample.ts";

export interface ModelReference {
  /** A GGUF file, or a folder in the Hugging Face layout. */
  path: string;
  /** The person's name for it. */
  name: string;
}

/**
 * Finds the model; `runs` is consulted only if the reference is not a path. Failures: not-found, bad-choice if the run is not
 * finished; those of `modelOrRun`.
 */
export function findModel(reference: string, runs: () => RunModels): ModelReference {
  const given = modelOrRun(reference);
  return "run" in given ? modelOfRun(given.run, runs()) : given;
}

/** A reference that is a path, or the id of the run that it names. Failures: not-found; bad-choice for an unopened .coppice file. */
export function modelOrRun(reference: string): ModelReference | { run: string } {
  if (reference === sampleName) return { path: sample.model, name: sampleName };
  const path = resolve(reference);
  if (!existsSync(path))
    return looksLikePath(reference) ? fail({ code: "not-found", path, what: "model" }) : { run: reference };
  if (isParcel(path)) refuseChoice({ code: "handed-on", path });
  return existsSync(runMarker(path)) ? { run: basename(path) } : { path, name: nameOfPath(path) };
}

/** The result of a run. Failures: not-found, bad-choice if it is not finished. */
export function modelOfRun(id: string, runs: RunModels): ModelReference {
  const run = runs.find(id);
  if (!run) return fail({ code: "not-found", path: id, what: "model file, folder or run" });
  const { output, state } = run;
  if (state === "done" && output !== null) return { path: output, name: id };
  return refuseChoice({ code: "run-without-model", run: id, state });
}

function looksLikePath(reference: string): boolean {
  return /[/\\]/.test(reference) || reference !== withoutExtension(reference);
}

/** The name of a model's file without its extension. */
export const withoutExtension = (name: string): string => name.replace(/\.(gguf|safetensors)$/i, "");

/** The file's name without its extension; if only its folder's name is informative, the folder's. */
export function nameOfPath(path: string): string {
  const name = withoutExtension(basename(path));
  return name === "model" ? basename(dirname(path)) : name;
}
