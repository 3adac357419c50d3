/** Where a run is, as its page says it. */
import type { RunDetail, RunSummary } from "../../../preload/contract/calls/runs.ts";
import type { TrimPlan } from "../../../preload/contract/plan.ts";
import type { Phase } from "../../../preload/contract/run.ts";
import { unitsIn } from "./layers.ts";

/** The sentence that says what happens now. */
export type Now = Phase | "waiting" | "starting" | "paused" | "done" | "failed" | "cancelled";

export function nowOf({ state, phase }: Pick<RunSummary, "state" | "phase">): Now {
  if (state === "queued") return "waiting";
  if (state !== "running") return state;
  return phase ?? "starting";
}

/** Units of the whole model, those that the plan keeps, and the rounds that it takes; null before the model is known. */
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
