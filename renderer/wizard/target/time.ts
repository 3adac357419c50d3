/** The time that a person gives a run. */
import type { WantedTime } from "../../../preload/contract/calls/wizard.ts";
import { nextTime } from "../../../preload/contract/time-of-day.ts";
import type { Choices } from "../draft.svelte.ts";

/** The choices with the time that was wanted at `now`; whatever they had, none without a time. */
export function choicesAt(choices: Choices, time: WantedTime | null, now: Date): Choices {
  return {
    ...choices,
    minutes: time && "minutes" in time ? time.minutes : undefined,
    doneBy: time && "by" in time ? nextTime(time.by, now).toISOString() : undefined,
  };
}

/** As minutes from `now` on; to end at a time of day, those count in which something else has the computer. */
export const howLongAt = (
  time: WantedTime | null,
  now: Date,
): { minutes: number | null; waitingCounts: boolean } => ({
  minutes: time && ("minutes" in time ? time.minutes : minutesUntil(time.by, now)),
  waitingCounts: time !== null && "by" in time,
});

const minutesUntil = (timeOfDay: string, now: Date): number =>
  (nextTime(timeOfDay, now).getTime() - now.getTime()) / 60_000;
