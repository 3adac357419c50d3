/** The models that programs may ask, by their names. */
import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Home } from "../../home/home.ts";
import type { ModelReference } from "../models/model-reference.ts";
import type { Models } from "../models/models.ts";
import type { RunModels } from "../models/run-models.ts";
import { isNamedAfterRun } from "../runs/run-id.ts";
import { Refused } from "./refused.ts";

interface Known {
  readonly home: Pick<Home, "models">;
  readonly models: Models;
  readonly runs: RunModels;
}

/** Those that a person named, then finished runs by their ids, then depths by the names of their folders, as far as they still exist. */
export function offeredModels(
  { home, models, runs }: Known,
  named: readonly ModelReference[],
): ModelReference[] {
  const finished = runs.outputs().filter(({ state }) => state === "done");
  const ofRuns = finished.map(({ id, output }) => ({ name: id, path: output }));
  const depths = models
    .list()
    .map(({ path }) => ({ name: basename(path), path }))
    .filter(({ name, path }) => dirname(path) === home.models && isNamedAfterRun(name));
  const all = new Map<string, ModelReference>();
  for (const model of [...named, ...ofRuns, ...depths])
    if (!all.has(model.name) && existsSync(model.path)) all.set(model.name, model);
  return [...all.values()];
}

/** The offered model of that name, which Ollama's clients may end in ":latest". Throws `Refused` (404). */
export function modelNamed(name: string, offered: readonly ModelReference[]): ModelReference {
  const model = offered.find((one) => one.name === name || `${one.name}:latest` === name);
  if (model) return model;
  throw new Refused(404, "model_not_found", `There is no model "${name}" here; GET /v1/models lists them.`);
}
