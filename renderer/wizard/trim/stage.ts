/** The stage of a run, as shown on its page. */
import type { RunDetail, RunSummary } from "../../../preload/contract/calls/runs.ts";
import type { CorePhase } from "../../../preload/contract/runs/run.ts";
import { methodOfPhase } from "../../../preload/methods/index.ts";

/** The key of the sentence about the current activity. */
export type Now = CorePhase | "method" | "waiting" | "starting" | "paused" | "done" | "failed" | "cancelled";

export function nowOf({ state, phase }: Pick<RunSummary, "state" | "phase">): Now {
  if (state === "queued") return "waiting";
  if (state !== "running") return state;
  if (phase === null) return "starting";
  return methodOfPhase(phase) ? "method" : (phase as CorePhase);
}

/** Units of the full model, the units that the plan keeps, and the number of rounds; null before the model is known. */
export function goalOf({ schedule }: Pick<RunDetail, "schedule">): {
  total: number;
  target: number;
  rounds: number;
} | null {
  if (!schedule) return null;
  const { total, kept } = schedule.units;
  return { total, target: kept, rounds: Math.max(0, ...schedule.stages.map(({ round }) => round ?? 0)) };
}
