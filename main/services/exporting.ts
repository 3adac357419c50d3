/** Any depth that a run reached, as a model folder. */
import { join, resolve } from "node:path";
import { fail } from "../../native-models/failure.ts";
import type { RunEvent } from "../../preload/contract/run.ts";
import { startEngine } from "../engine/host.ts";
import type { EngineOptions } from "../engine/host.ts";
import { trainer } from "../engine/kinds.ts";
import type { Services } from "./open.ts";
import { readOutcome } from "./run-folder.ts";
import { refuseUsedFolder } from "./trimming.ts";

export interface Exported {
  output: string;
  units: number;
  sizeBytes: number;
}

/**
 * Writes a depth of a run into `output`. `depth` is its name or its number of units; the deepest-trained one that the run
 * reached if it is not given. Failures: unknown-run, bad-choice, disk-full, unwritable, model-changed.
 */
export async function exportDepth(
  { home, runs }: Pick<Services, "home" | "runs">,
  { run: id, depth, output }: { run: string; depth?: string | undefined; output: string },
  { onEvent, engine: options }: { onEvent?: (event: RunEvent) => void; engine?: EngineOptions } = {},
): Promise<Exported> {
  refuseUsedFolder(output);
  const { plan } = runs.get(id);
  const runFolder = join(home.runs, id);
  const depths = depthsOf({ home, runs }, id);
  const chosen =
    depth === undefined
      ? depths.at(-1)
      : depths.findLast(({ name, units }) => name === depth || String(units) === depth);
  if (!chosen) {
    const names = depths.map(({ name, units }) => `${name} (${units})`).join(", ");
    const reason = names === "" ? "the run has not reached any depth yet" : `the run has ${names}`;
    return fail({ code: "bad-choice", option: `--depth ${depth ?? ""}`.trim(), reason });
  }
  const engine = startEngine(trainer, options);
  try {
    const input = { runFolder, plan, depth: chosen.name, output: resolve(output) };
    return await engine.run("export", input, onEvent ? { onEvent } : {});
  } finally {
    await engine.stop();
  }
}

/** The depths that a run reached, from the whole tuned model to the healed one, by the names that the engine gives them. */
export function depthsOf(
  { home, runs }: Pick<Services, "home" | "runs">,
  id: string,
): { name: string; units: number }[] {
  const outcome = readOutcome(join(home.runs, id));
  if (outcome) {
    const { units, metrics } = outcome;
    return [
      { name: "tuned", units: units.total },
      ...metrics.depths.map(({ name, units: count }) => ({ name, units: count })),
    ];
  }
  return runs
    .rounds(id)
    .flatMap(({ round, kept, checkpoint }) =>
      kept && checkpoint ? [{ name: `round ${round}`, units: kept.length }] : [],
    );
}
