/** Models that this computer already holds. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FoundModel } from "../../preload/contract/calls/models.ts";
import type { Services } from "./open.ts";
import { sample, sampleName } from "./sample.ts";

/** The sample first, then results of runs, then models that were used before; each path once, and only what is still there. */
export function foundModels({ runs, models }: Pick<Services, "runs" | "models">): FoundModel[] {
  const finished = runs
    .list()
    .flatMap(({ state, output, name }): Omit<FoundModel, "sizeBytes">[] =>
      state === "done" && output !== null ? [{ path: output, name, source: "run" }] : [],
    );
  const used = models.list().map(({ path, name }) => ({ path, name, source: "recent" as const }));
  const all = [{ path: sample.model, name: sampleName, source: "sample" as const }, ...finished, ...used];
  const seen = new Set<string>();
  return all.flatMap((model) => {
    if (seen.has(model.path) || !existsSync(model.path)) return [];
    seen.add(model.path);
    return [{ ...model, sizeBytes: sizeOf(model.path) }];
  });
}

function sizeOf(path: string): number {
  const status = statSync(path);
  if (!status.isDirectory()) return status.size;
  const weights = readdirSync(path).filter((name) => name.endsWith(".safetensors"));
  return weights.reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
}
