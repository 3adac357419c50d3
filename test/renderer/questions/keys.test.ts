import { expect, test } from "vitest";
import { actOn } from "../../../renderer/questions/keys.ts";
import type { Review } from "../../../renderer/questions/review.svelte.ts";

const key = (name: string, more: Partial<KeyboardEvent> = {}) =>
  ({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more }) as KeyboardEvent;

function watched() {
  const did: string[] = [];
  const review = new Proxy({} as Review, {
    get:
      (_, name: string) =>
      (...given: unknown[]) =>
        void did.push([name, ...given].join(" ")),
  });
  return { review, did };
}

test("keys do what is shown beside them", () => {
  const { review, did } = watched();
  const names = ["Enter", "e", "k", "d", "u"];
  for (const name of names) expect(actOn(review, key(name))).toBe(true);
  actOn(review, key("z", { ctrlKey: true }));
  actOn(review, key("z", { metaKey: true }));
  expect(did).toEqual([...["edit", "edit", "keep", "drop", "undo", "undo", "undo"]]);
});

test("other keys are left to the page, and so is composed text", () => {
  const { review, did } = watched();
  const others = [key("z"), key("k", { ctrlKey: true }), key("d", { altKey: true }), key("Tab")];
  for (const event of [...others, key("k", { isComposing: true })]) expect(actOn(review, event)).toBe(false);
  expect(did).toEqual([]);
});
