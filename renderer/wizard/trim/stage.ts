/** The stage of a run, as shown on its page. */
import type { RunDetail, RunSummary } from "../../../preload/contract/calls/runs.ts";
import type { TrimPlan } from "../../../preload/contract/plan.ts";
import type { Phase } from "../../../preload/contract/run.ts";
import { unitsIn } from "./layers.ts";

/** The key of the sentence about the current activity. */
export type Now = Phase | "waiting" | "starting" | "paused" | "done" | "failed" | "cancelled";

export function nowOf({ state, phase }: Pick<RunSummary, "state" | "phase">): Now {
  if (state === "queued") return "waiting";
  if (state !== "running") return state;
  return phase ?? "starting";
}

/** Units of the full model, the units that the plan keeps, and the number of rounds; null before the model is known. */
export function goalOf({ model, plan }: Pick<RunDetail, "model" | "plan">): {
  total: number;
  target: number;
  rounds: number;
} | null {
  if (!model) return null;
  const { unit, unitsPerRound } = plan.trim;
  const total = unitsIn(model.report.layers, unit);
  const target = keptUnits(plan, total);
  return { total, target, rounds: Math.ceil((total - target) / unitsPerRound) };
}

function keptUnits({ trim: { keep } }: TrimPlan, total: number): number {
  return Math.max(1, "units" in keep ? Math.min(keep.units, total) : Math.round(keep.fraction * total));
}
