/** The time limit that the person sets for a run. */
import type { WantedTime } from "../../../preload/contract/calls/wizard.ts";
import { nextTime } from "../../../preload/contract/plans/time-of-day.ts";
import type { Choices } from "../draft.svelte.ts";

/** The choices with the time limit `time`, counted from `now`; without one, any limit in the choices is removed. */
export function choicesAt(choices: Choices, time: WantedTime | null, now: Date): Choices {
  return {
    ...choices,
    minutes: time && "minutes" in time ? time.minutes : undefined,
    doneBy: time && "by" in time ? nextTime(time.by, now).toISOString() : undefined,
  };
}

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
