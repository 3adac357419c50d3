/** The time limit that the person sets for a run. */
import type { WantedTime } from "../../../preload/contract/calls/wizard.ts";
import type { TimeLimit } from "../../../preload/contract/plans/plan-request.ts";
import { nextTime } from "../../../preload/contract/plans/time-of-day.ts";

/** The time limit of a run, counted from `now`. */
export const limitAt = (time: WantedTime | null, now: Date): TimeLimit | null =>
  time && "by" in time ? { doneBy: nextTime(time.by, now).toISOString() } : time;

/** The time limit of a writing, in minutes from `now`. For a time of day, minutes in which the writing waits for a run count too. */
export const howLongAt = (
  time: WantedTime | null,
  now: Date,
): { minutes: number | null; waitingCounts: boolean } => ({
  minutes: time && ("minutes" in time ? time.minutes : minutesUntil(time.by, now)),
  waitingCounts: time !== null && "by" in time,
});

const minutesUntil = (timeOfDay: string, now: Date): number =>
  (nextTime(timeOfDay, now).getTime() - now.getTime()) / 60_000;
