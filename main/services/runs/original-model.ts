import { existsSync } from "node:fs";
import { basename } from "node:path";
import { belongsTo } from "./run-id.ts";
import type { Runs } from "./runs.ts";

/** The path of the model that a run's result, or another depth of the run, was made from: the first one if it was improved. Null if there is none, or it is gone. */
export function originalOf(runs: Pick<Runs, "outputs" | "get">, reference: string): string | null {
  const run = runs
    .outputs()
    .find(({ id, output }) => output === reference || belongsTo(id, basename(reference)));
  if (!run) return null;
  const { path } = runs.get(run.id).plan.model;
  return originalOf(runs, path) ?? (existsSync(path) ? path : null);
}
