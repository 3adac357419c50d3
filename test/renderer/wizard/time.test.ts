import { expect, test } from "vitest";
import { choicesAt, howLongAt } from "../../../renderer/wizard/target/time.ts";

const now = new Date(2026, 5, 1, 17, 0);

test("Choices have the minutes or the time of day that was wanted, and none without a time", () => {
  expect(choicesAt({ seed: 1 }, null, now)).toEqual({ seed: 1 });
  // as the nearest plan that fits memory was found, before the time was turned off
  expect(choicesAt({ seed: 1, minutes: 30 }, null, now)).toEqual({ seed: 1 });
  expect(choicesAt({ seed: 1 }, { minutes: 45 }, now)).toEqual({ seed: 1, minutes: 45 });
  const doneBy = new Date(2026, 5, 1, 18, 30).toISOString();
  expect(choicesAt({ seed: 1, minutes: 30 }, { by: "18:30" }, now)).toEqual({ seed: 1, doneBy });
});

test("Writing questions gets the minutes that are left until a time of day, those of waiting included", () => {
  expect(howLongAt(null, now)).toEqual({ minutes: null, waitingCounts: false });
  expect(howLongAt({ minutes: 45 }, now)).toEqual({ minutes: 45, waitingCounts: false });
  expect(howLongAt({ by: "18:30" }, now)).toEqual({ minutes: 90, waitingCounts: true });
});
