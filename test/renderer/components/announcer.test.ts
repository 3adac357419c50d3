import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Announcer } from "../../../renderer/components/announcer.svelte.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first sentence is announced at once, and ten seconds later the newest of those that followed", () => {
  const announcer = new Announcer();
  announcer.say("It begins.");
  announcer.say("1 token");
  announcer.say("2 tokens");
  expect(announcer.text).toBe("It begins.");
  vi.advanceTimersByTime(9_999);
  expect(announcer.text).toBe("It begins.");
  vi.advanceTimersByTime(1);
  expect(announcer.text).toBe("2 tokens");
  announcer.say("The end.");
  vi.advanceTimersByTime(9_999);
  expect(announcer.text).toBe("2 tokens");
  vi.advanceTimersByTime(1);
  expect(announcer.text).toBe("The end.");
});

test("after a pause the next sentence is announced at once again", () => {
  const announcer = new Announcer();
  announcer.say("One.");
  vi.advanceTimersByTime(10_000);
  announcer.say("Two.");
  expect(announcer.text).toBe("Two.");
});
