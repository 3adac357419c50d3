import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BeforeErasing, DataSets, ShownDataSet } from "../../renderer/data-sets/data-sets.svelte.ts";
import type { ShownRows } from "../../renderer/wizard/data/shown-rows.svelte.ts";
import { bridge } from "./bridge.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A data set of so many training rows, of which every third has the word "lease"; an answer has 40 rows at most. */
async function shownSet(count = 60) {
  const texts = Array.from({ length: count }, (_, i) => (i % 3 === 0 ? `lease ${i}` : `other ${i}`));
  const asked: string[] = [];
  bridge({
    dataSets: {
      get: ({ id }) => ({ id, rows: { train: count, valid: 0, test: 2, offDomain: 0 } }) as never,
      rows: ({ split, search, offset, limit }) => {
        asked.push(`${split} "${search}" from ${offset}`);
        const all = split === "train" ? texts : ["t 1", "t 2"];
        const found = all.filter((text) => text.includes(search));
        const rows = found.slice(offset, offset + Math.min(40, limit)).map((completion, line) => ({
          kind: "example" as const,
          line,
          prompt: "",
          completion,
        }));
        return { rows, found: found.length };
      },
    },
  });
  const set = new ShownDataSet(7);
  await set.read();
  return { shown: set.rows, asked };
}

const textAt = ({ rows }: ShownRows, at: number) => {
  const row = rows[at];
  return row?.kind === "example" ? row.completion : undefined;
};

test("each row has a place, and its page is read when it comes into view, in as many answers as it takes", async () => {
  const { shown, asked } = await shownSet(1000);
  expect([shown.rows.length, shown.found, textAt(shown, 999)]).toEqual([1000, 1000, undefined]);
  shown.go(999);
  shown.need(998);
  await vi.waitFor(() => expect(textAt(shown, 999)).toBe("lease 999"));
  expect(textAt(shown, 900)).toBe("lease 900");
  expect(textAt(shown, 800)).toBeUndefined();
  expect(asked.slice(1)).toEqual([900, 940, 980].map((first) => `train "" from ${first}`));
  shown.need(950);
  expect(asked).toHaveLength(4);
});

test("of pages that pass by, the last ones are read", async () => {
  const { shown, asked } = await shownSet(1000);
  for (const at of [150, 250, 350, 450, 550]) shown.need(at);
  await vi.waitFor(() => expect([textAt(shown, 499), textAt(shown, 599)]).not.toContain(undefined));
  expect([textAt(shown, 299), textAt(shown, 399)]).toEqual([undefined, undefined]);
  expect(asked.length).toBeLessThan(10);
});

test("a search begins when typing has stopped, and another split starts over with it", async () => {
  const { shown, asked } = await shownSet();
  for (const typed of ["l", "le", "lease"]) shown.find(typed);
  await vi.advanceTimersByTimeAsync(500);
  expect([shown.found, asked.slice(1)]).toEqual([20, ['train "lease" from 0']]);
  shown.show("test");
  await vi.waitFor(() => expect(shown.found).toBe(0));
  expect(asked.at(-1)).toBe('test "lease" from 0');
});

/** The page's data sets; main lists those with the ids in `known` then, the newest first. */
function pageOf(known: number[]) {
  const asked = vi.fn(() => [...known].reverse().map((id) => ({ id, name: `set ${id}` })) as never);
  bridge({ dataSets: { list: asked } });
  return { sets: new DataSets(), asked };
}

test("a set that was made since the list was read is looked for again, and is the one that is shown", async () => {
  const known = [1, 2];
  const { sets, asked } = pageOf(known);
  await sets.lookFor(undefined);
  expect(sets.find(undefined)).toMatchObject({ id: 2 });
  known.push(3);
  const looking = sets.lookFor("3");
  expect([sets.find("3"), sets.missing]).toEqual([undefined, undefined]); // neither another set nor a sentence that it is gone
  await looking;
  expect([sets.find("3")?.id, sets.missing]).toEqual([3, undefined]);
  await sets.lookFor("1");
  expect(asked).toHaveBeenCalledTimes(2);
});

test("a set that was deleted is said to be gone, and no other is shown for it", async () => {
  const { sets } = pageOf([1, 2]);
  await sets.lookFor("7");
  expect([sets.find("7"), sets.missing]).toEqual([undefined, "7"]);
  await sets.lookFor(undefined);
  await sets.read();
  expect([sets.find(undefined)?.id, sets.missing]).toEqual([2, undefined]);
});

test("a list that was asked for earlier does not hide a set that was made since", async () => {
  const answers: ((list: never) => void)[] = [];
  bridge({ dataSets: { list: () => new Promise((resolve) => answers.push(resolve)) } });
  const sets = new DataSets();
  const early = sets.lookFor(undefined);
  const late = sets.lookFor("3");
  answers[1]!([{ id: 3 }] as never);
  answers[0]!([{ id: 1 }] as never);
  await Promise.all([early, late]);
  expect(sets.find("3")).toMatchObject({ id: 3 });
});

test("main says what a person should know before a set is deleted; unless it could, nothing is claimed", async () => {
  const winter = { id: "w", name: "Winter", from: "Autumn" };
  bridge({ dataSets: { erasing: ({ id }) => ({ corrections: id, descendants: [winter] }) } });
  const before = new BeforeErasing();
  expect(before.known).toBeUndefined();
  await before.look(4);
  expect(before.known).toEqual({ corrections: 4, descendants: [winter] });
  bridge({ dataSets: { erasing: () => Promise.reject(new Error("gone")) } });
  const unknown = new BeforeErasing();
  await unknown.look(4);
  expect([unknown.known, unknown.problem]).toEqual([undefined, expect.anything()]);
});
