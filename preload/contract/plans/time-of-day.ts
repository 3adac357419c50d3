/** Times of day such as "18:00". */
import { z } from "zod";

export const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** The next time that it is this time of day: today, or tomorrow if it has passed at `now`. */
export function nextTime(timeOfDay: string, now: Date): Date {
  const [hours = 0, minutes = 0] = timeOfDay.split(":").map(Number);
  const then = new Date(now);
  then.setHours(hours, minutes, 0, 0);
  if (then <= now) then.setDate(then.getDate() + 1);
  return then;
}

/** Seconds from `now` to a stored time; negative if it has passed. */
export const secondsUntil = (time: string, now: Date): number => (Date.parse(time) - now.getTime()) / 1000;

/** A stored time as local time of day: "18:00". */
export const timeOfDayText = (time: string): string => new Date(time).toTimeString().slice(0, 5);
