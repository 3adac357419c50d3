import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DataSets, GoingWith, ShownDataSet } from "../../renderer/data-sets/data-sets.svelte.ts";
import { bridge } from "./bridge.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A data set of 60 training rows, of which every third has the word "lease". */
async function shownSet() {
  const texts = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? `lease ${i}` : `other ${i}`));
  const asked: string[] = [];
  bridge({
    dataSets: {
      get: ({ id }) => ({ id, rows: { train: 60, valid: 0, test: 2, offDomain: 0 } }) as never,
      rows: ({ split, search, offset, limit }) => {
        asked.push(`${split} "${search}" from ${offset}`);
        const all = split === "train" ? texts : ["t 1", "t 2"];
        const found = all.filter((text) => text.includes(search));
        const rows = found.slice(offset, offset + limit).map((completion, line) => ({
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

test("rows are shown in pages, each added to those before", async () => {
  const { shown } = await shownSet();
  expect([shown.rows.length, shown.found]).toEqual([25, 60]);
  await shown.more();
  await shown.more();
  expect(shown.rows.map((row) => row.kind === "example" && row.completion)).toHaveLength(60);
  expect(new Set(shown.rows.map((row) => JSON.stringify(row))).size).toBeGreaterThan(25);
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

test("main says what is deleted with a set of corrections; unless it could, nothing is claimed", async () => {
  bridge({ dataSets: { goesWith: ({ id }) => ({ corrections: id === 4 ? 2 : 0 }) } });
  const going = [4, 5].map(() => new GoingWith());
  expect(going[0]!.corrections).toBeUndefined();
  await Promise.all(going.map((one, i) => one.look(4 + i)));
  expect(going.map(({ corrections }) => corrections)).toEqual([2, 0]);
  bridge({ dataSets: { goesWith: () => Promise.reject(new Error("gone")) } });
  const unknown = new GoingWith();
  await unknown.look(4);
  expect([unknown.corrections, unknown.problem]).toEqual([undefined, expect.anything()]);
});
