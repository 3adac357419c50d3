import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Incoming } from "../../../renderer/chat/incoming.svelte.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first piece is shown at once, the next ones together", () => {
  const shown: string[] = [];
  const incoming = new Incoming(({ text }) => shown.push(text));
  incoming.begin(0, 7);
  incoming.add("One");
  expect(shown).toEqual(["One"]);
  incoming.add(" two");
  incoming.add(" three");
  expect(shown).toEqual(["One"]);
  vi.advanceTimersByTime(50);
  expect(shown).toEqual(["One", "One two three"]);
  expect(incoming.answer).toMatchObject({ id: 7, lane: 0, tokens: 3 });
});

test("the end shows what is still waiting, and nothing is shown after it", () => {
  const shown: string[] = [];
  const incoming = new Incoming(({ text }) => shown.push(text));
  incoming.begin(0, 7);
  incoming.add("One");
  incoming.add(" two");
  incoming.end();
  expect(shown).toEqual(["One", "One two"]);
  expect(incoming.answer).toBeNull();
  vi.advanceTimersByTime(1000);
  expect(shown).toHaveLength(2);
});

test("an answer in the other lane starts empty", () => {
  const incoming = new Incoming(() => {});
  incoming.begin(0, 7);
  incoming.add("One");
  incoming.begin(1, 8);
  expect(incoming.answer).toMatchObject({ lane: 1, id: 8, text: "", tokens: 0 });
});
