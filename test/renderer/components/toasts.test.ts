import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { toasts } from "../../../renderer/components/toasts.svelte.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a message disappears after ten seconds or its own time, a lasting one only when it is closed", () => {
  toasts.show({ title: "Saved" });
  toasts.show({ title: "Deleted", seconds: 60 });
  toasts.show({ title: "Started over", stays: true });
  vi.advanceTimersByTime(9_999);
  expect(toasts.shown).toHaveLength(3);
  vi.advanceTimersByTime(1);
  expect(toasts.shown.map(({ title }) => title)).toEqual(["Deleted", "Started over"]);
  vi.advanceTimersByTime(50_000);
  expect(toasts.shown.map(({ title }) => title)).toEqual(["Started over"]);
  toasts.close(toasts.shown[0]!.id);
  expect(toasts.shown).toEqual([]);
});

test("a message stays while the person is at it, unless its action is possible only for so long", () => {
  let isHeld = true;
  toasts.isHeld = () => isHeld;
  toasts.show({ title: "Saved", action: { label: "Open the folder", run: () => {} } });
  toasts.show({ title: "Deleted", seconds: 60 });
  vi.advanceTimersByTime(60_000);
  expect(toasts.shown.map(({ title }) => title)).toEqual(["Saved"]);
  isHeld = false;
  vi.advanceTimersByTime(1000);
  expect(toasts.shown).toEqual([]);
});
