import { expect, test } from "vitest";
import { limitAt, howLongAt } from "../../../renderer/wizard/target/time.ts";

const now = new Date(2026, 5, 1, 17, 0);

test("A limit in minutes stays as it is, and a time of day becomes a moment", () => {
  expect(limitAt(null, now)).toBeNull();
  expect(limitAt({ minutes: 45 }, now)).toEqual({ minutes: 45 });
  const doneBy = new Date(2026, 5, 1, 18, 30).toISOString();
  expect(limitAt({ by: "18:30" }, now)).toEqual({ doneBy });
});

test("Writing questions gets the minutes that are left until a time of day, those of waiting included", () => {
  expect(howLongAt(null, now)).toEqual({ minutes: null, waitingCounts: false });
  expect(howLongAt({ minutes: 45 }, now)).toEqual({ minutes: 45, waitingCounts: false });
  expect(howLongAt({ by: "18:30" }, now)).toEqual({ minutes: 90, waitingCounts: true });
});
