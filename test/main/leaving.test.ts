import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Leaving } from "../../main/leaving.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An application whose window is closed and which is needed, until a test says otherwise. */
function closedWindow() {
  const now = { hasWindow: false, isNeeded: true, noticedAt: 0, quits: 0 };
  const leaving = new Leaving({
    hasWindow: () => now.hasWindow,
    isNeeded: () => now.isNeeded,
    noticedAt: () => now.noticedAt,
    quit: () => now.quits++,
  });
  return { leaving, now };
}

test("with no window open, the application quits when nothing is in progress any more", () => {
  const { leaving, now } = closedWindow();
  leaving.consider();
  vi.advanceTimersByTime(3_600_000);
  expect(now.quits).toBe(0);
  now.isNeeded = false;
  leaving.consider();
  vi.advanceTimersByTime(1);
  expect(now.quits).toBe(1);
});

test("an open window keeps it", () => {
  const { leaving, now } = closedWindow();
  Object.assign(now, { hasWindow: true, isNeeded: false });
  leaving.consider();
  vi.advanceTimersByTime(3_600_000);
  expect(now.quits).toBe(0);
});

test("it stays while a notification is displayed, and for good if a click on that opens the window", () => {
  const { leaving, now } = closedWindow();
  leaving.consider();
  Object.assign(now, { isNeeded: false, noticedAt: Date.now() }); // in response to the same end
  vi.advanceTimersByTime(19_000);
  expect(now.quits).toBe(0);
  vi.advanceTimersByTime(1_001);
  expect(now.quits).toBe(1);

  now.noticedAt = Date.now();
  leaving.consider();
  vi.advanceTimersByTime(5_000);
  now.hasWindow = true;
  vi.advanceTimersByTime(60_000);
  expect(now.quits).toBe(1);
});

test("what begins while a notification is displayed keeps it", () => {
  const { leaving, now } = closedWindow();
  Object.assign(now, { isNeeded: false, noticedAt: Date.now() });
  leaving.consider();
  vi.advanceTimersByTime(10_000);
  now.isNeeded = true;
  vi.advanceTimersByTime(60_000);
  expect(now.quits).toBe(0);
});
