/** The time that a person gives a run. */
import type { WantedTime } from "../../../preload/contract/calls/wizard.ts";
import type { Choices } from "../draft.svelte.ts";

/** The choices with the time that is left at `now`; whatever they had, none without a time. */
export function choicesAt(choices: Choices, time: WantedTime | null, now: Date): Choices {
  const { minutes, waitingCounts } = howLongAt(time, now);
  return { ...choices, minutes: minutes ?? undefined, waitingCounts: waitingCounts || undefined };
}

/** As minutes from `now` on; to end at a time of day, those count in which something else has the computer. */
export const howLongAt = (
  time: WantedTime | null,
  now: Date,
): { minutes: number | null; waitingCounts: boolean } => ({
  minutes: time && minutesLeft(time, now),
  waitingCounts: time !== null && "by" in time,
});

/** Minutes that are left at `now`. */
export const minutesLeft = (time: WantedTime, now: Date): number =>
  "minutes" in time ? time.minutes : minutesUntil(time.by, now);

/** Minutes to the next time of day such as "18:00": of today, or of tomorrow if it has passed. */
export function minutesUntil(timeOfDay: string, now: Date): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(":").map(Number);
  const then = new Date(now);
  then.setHours(hours, minutes, 0, 0);
  if (then <= now) then.setDate(then.getDate() + 1);
  return (then.getTime() - now.getTime()) / 60_000;
}
