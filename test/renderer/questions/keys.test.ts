import { expect, test } from "vitest";
import { actOn } from "../../../renderer/questions/keys.ts";
import type { Review } from "../../../renderer/questions/review.svelte.ts";
import { keyPress } from "../key-press.ts";

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
  for (const name of names) expect(actOn(review, keyPress(name))).toBe(true);
  actOn(review, keyPress("z", { ctrlKey: true }));
  actOn(review, keyPress("z", { metaKey: true }));
  expect(did).toEqual([...["edit", "edit", "keep", "drop", "undo", "undo", "undo"]]);
});

test("other keys are left to the page, and so is composed text", () => {
  const { review, did } = watched();
  const others = [
    keyPress("z"),
    keyPress("k", { ctrlKey: true }),
    keyPress("d", { altKey: true }),
    keyPress("Tab"),
  ];
  for (const event of [...others, keyPress("k", { isComposing: true })])
    expect(actOn(review, event)).toBe(false);
  expect(did).toEqual([]);
});
