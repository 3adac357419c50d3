import { expect, test } from "vitest";
import { nextTime, secondsUntil, timeOfDayText } from "../../../../preload/contract/plans/time-of-day.ts";

test("A time of day is that of today, or of tomorrow if it has passed", () => {
  const untilNext = (time: string, now: Date) => secondsUntil(nextTime(time, now).toISOString(), now);
  expect(untilNext("18:00", new Date(2026, 5, 1, 17, 30))).toBe(30 * 60);
  expect(untilNext("18:00", new Date(2026, 5, 1, 17, 59, 30))).toBe(30);
  expect(untilNext("18:00", new Date(2026, 5, 1, 18, 0))).toBe(24 * 3600);
  expect(untilNext("06:15", new Date(2026, 11, 31, 23, 15))).toBe(7 * 3600);
  expect(timeOfDayText(nextTime("06:15", new Date(2026, 11, 31, 23, 15)).toISOString())).toBe("06:15");
});
