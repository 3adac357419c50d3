/** Runs that are to finish by a time of day: planned for the time left, when they start and again when they resume after a pause. */
import { z } from "zod";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type { TimeLimit } from "../../../preload/contract/plans/plan-request.ts";
import { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { Probe } from "../../../preload/contract/plans/probe.ts";
import type { KeptProbe } from "../../../preload/contract/plans/probe.ts";
import { secondsUntil } from "../../../preload/contract/plans/time-of-day.ts";
import { fitted, tooLittleTime } from "../../trimming/plan/budget.ts";
import { probeOf, secondsGiven } from "./target.ts";
import type { LogLine } from "../../../preload/contract/runs/log-line.ts";

/** What such a run's plan is made from. */
export const Timing = z.object({
  /** The plan without a time limit. */
  asked: TrimPlan,
  probe: Probe,
  doneBy: z.iso.datetime(),
});
export type Timing = z.infer<typeof Timing>;

/** A plan, with what it was made from if it is to finish by a time of day. */
export interface TimedPlan {
  readonly plan: TrimPlan;
  readonly timing?: Timing;
}

/**
 * The plan fitted to the chosen time, if there is one: with less or more training. Failures: bad-choice if `kept` did not measure this
 * plan, too-little-time.
 */
export function timed(
  asked: TrimPlan,
  limit: TimeLimit | null | undefined,
  kept: KeptProbe | null,
  now: Date,
): TimedPlan {
  if (!limit) return { plan: asked };
  const seconds = secondsGiven(limit, now);
  const probe = probeOf(asked, kept);
  if (!probe) return refuseChoice({ code: "time-not-measured", seconds });
  const plan = fitted(asked, probe, seconds)?.plan ?? tooLittleTime(seconds, probe);
  return "doneBy" in limit ? { plan, timing: { asked, probe, doneBy: limit.doneBy } } : { plan };
}

/** A plan for the time left, and what the run's log says about it. */
export interface Replanned {
  readonly plan: TrimPlan;
  readonly said: LogLine;
}

/**
 * The plan of a run that starts at `now`; null if the `planned` one still fits. If not even the least training would finish in time, the
 * planned one is kept: a late result is better than none.
 */
export function replanned(planned: TrimPlan, { asked, probe, doneBy }: Timing, now: Date): Replanned | null {
  const seconds = secondsUntil(doneBy, now);
  if (seconds >= (planned.budget?.seconds ?? Infinity) - WAITED_SECONDS) return null;
  const found = fitted(asked, probe, seconds);
  const share = found && Math.min(1, found.share);
  const said = { code: "less-time", why: "waited", doneBy, share } as const;
  return { plan: found?.plan ?? planned, said };
}

/**
 * The plan of a run that was active for `activeSeconds` and resumes at `now`; null if the `planned` one still fits. The run itself does less
 * in less time; one that has only its measuring left keeps its plan, and finishes late.
 */
export function resumed(
  planned: TrimPlan,
  { doneBy }: Pick<Timing, "doneBy">,
  activeSeconds: number,
  now: Date,
): Replanned | null {
  const { budget } = planned;
  if (!budget) return null;
  const left = secondsUntil(doneBy, now);
  if (budget.seconds - activeSeconds - left < WAITED_SECONDS) return null;
  const ends = Object.values(budget.ends);
  const rest = ends.at(-1)! - ends.at(-2)!;
  const share = (left - rest) / (budget.seconds - activeSeconds - rest);
  const said = { code: "less-time", why: "paused", doneBy } as const;
  if (share <= 0) return { plan: planned, said: { ...said, share: null } };
  const seconds = activeSeconds + left;
  return { plan: { ...planned, budget: { ...budget, seconds } }, said: { ...said, share } };
}

/** A run that has waited for less than this keeps its plan. */
const WAITED_SECONDS = 60;
