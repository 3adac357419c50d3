/** Runs that are to be done by a time of day. Each may have to wait before it starts, so it is planned for what is left then. */
import { z } from "zod";
import type { RunChoices } from "../../../preload/contract/calls/runs.ts";
import { TrimPlan } from "../../../preload/contract/plan.ts";
import { Probe } from "../../../preload/contract/probe.ts";
import type { KeptProbe } from "../../../preload/contract/probe.ts";
import { fitted } from "./budget.ts";
import { inTime } from "./target.ts";

/** What the plan of such a run is made from. */
export const Timing = z.object({
  /** The plan without a time. */
  asked: TrimPlan,
  probe: Probe,
  doneBy: z.iso.datetime(),
});
export type Timing = z.infer<typeof Timing>;

/** A plan, with what it was made from if it is to be done by a time of day. */
export interface TimedPlan {
  readonly plan: TrimPlan;
  readonly timing?: Timing;
}

/** The plan within the time that was chosen, if one was. Failures: those of `inTime`. */
export function timed(
  asked: TrimPlan,
  { minutes, waitingCounts }: Pick<RunChoices, "minutes" | "waitingCounts">,
  kept: KeptProbe | null,
  now: Date,
): TimedPlan {
  const plan = inTime(asked, minutes, kept);
  if (minutes === undefined || !waitingCounts || !kept) return { plan };
  const doneBy = new Date(now.getTime() + 60_000 * minutes).toISOString();
  return { plan, timing: { asked, probe: kept.probe, doneBy } };
}

/** A plan for what is left, and the sentence about it for the run's log. */
interface Replanned {
  readonly plan: TrimPlan;
  readonly log: string;
}

/**
 * The plan of a run that starts at `now`; null if that is the `planned` one. Where not even the least would be done by then, it is the
 * planned one too: a late result is worth more than none.
 */
export function replanned(planned: TrimPlan, { asked, probe, doneBy }: Timing, now: Date): Replanned | null {
  const seconds = (Date.parse(doneBy) - now.getTime()) / 1000;
  if (seconds >= (planned.budget?.seconds ?? Infinity) - WAITED_SECONDS) return null;
  const found = fitted(asked, probe, seconds);
  const waited = "The run had to wait.";
  const time = new Date(doneBy).toTimeString().slice(0, 5);
  if (!found)
    return {
      plan: planned,
      log: `${waited} It will be done later than ${time}, since too little time is left.`,
    };
  const share = Math.round(100 * Math.min(1, found.share));
  return { plan: found.plan, log: `${waited} Until ${time} there is time for ${share}% of its training.` };
}

/** A run that has waited for less than this keeps its plan. */
const WAITED_SECONDS = 60;
