import { describe, expect, test } from "vitest";
import { choicesAt, minutesUntil } from "../../../renderer/wizard/target/time.ts";

describe("The minutes until a time of day", () => {
  test("are those of today, or of tomorrow if it has passed", () => {
    expect(minutesUntil("18:00", new Date(2026, 5, 1, 17, 30))).toBe(30);
    expect(minutesUntil("18:00", new Date(2026, 5, 1, 17, 59, 30))).toBe(0.5);
    expect(minutesUntil("18:00", new Date(2026, 5, 1, 18, 0))).toBe(24 * 60);
    expect(minutesUntil("06:15", new Date(2026, 11, 31, 23, 15))).toBe(7 * 60);
  });
});

test("Choices have the minutes that are left, and none without a time", () => {
  const now = new Date(2026, 5, 1, 17, 0);
  expect(choicesAt({ seed: 1 }, null, now)).toEqual({ seed: 1 });
  // as the nearest plan that fits memory was found, before the time was turned off
  expect(choicesAt({ seed: 1, minutes: 30 }, null, now)).toEqual({ seed: 1 });
  expect(choicesAt({ seed: 1 }, { minutes: 45 }, now)).toEqual({ seed: 1, minutes: 45 });
  expect(choicesAt({ seed: 1 }, { by: "18:30" }, now)).toEqual({
    seed: 1,
    minutes: 90,
    waitingCounts: true,
  });
});
