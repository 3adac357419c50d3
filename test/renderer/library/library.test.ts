import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LibraryRun } from "../../../preload/contract/calls/library.ts";
import { Library } from "../../../renderer/library/library.svelte.ts";
import { bridge } from "../bridge.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const run = (id: string, more: Partial<LibraryRun> = {}) =>
  ({ id, name: id, note: "", tags: [], model: null, data: null, state: "done", ...more }) as LibraryRun;

/** A library of these runs, read whole; `asked` are the inputs of its calls. */
async function libraryOf(runs: () => readonly LibraryRun[]) {
  const asked: unknown[] = [];
  const main = bridge({
    library: {
      list: (input) => {
        asked.push(input);
        const which =
          "ids" in input
            ? runs().filter(({ id }) => input.ids.includes(id))
            : runs().slice(input.offset, input.offset + input.limit);
        return { runs: [...which], states: {}, models: [], dataSets: [] };
      },
    },
  });
  const library = new Library();
  const close = library.open();
  await vi.waitFor(() => expect(library.runs).toHaveLength(runs().length));
  return { library, asked, close, ...main };
}

test("the first runs are shown at once, the others are read in pieces", async () => {
  const all = Array.from({ length: 1250 }, (_, index) => run(`r${index}`));
  const { asked } = await libraryOf(() => all);
  expect(asked).toEqual([
    { offset: 0, limit: 100 },
    { offset: 100, limit: 1000 },
    { offset: 1100, limit: 1000 },
  ]);
});

test("runs are found by all words of a search, in any field, and by their tag", async () => {
  const { library } = await libraryOf(() => [
    run("a", { name: "Lease clauses", model: "SmolLM2" }),
    run("b", { name: "Lease letters", tags: ["legal"], data: "Ku\u0308ndigung.docx" }),
  ]);
  library.search = "kündigung";
  expect(library.finished.map(({ id }) => id)).toEqual(["b"]);
  library.search = " LEASE smol ";
  expect(library.finished.map(({ id }) => id)).toEqual(["a"]);
  expect(library.isNarrowed).toBe(true);
  library.showAll();
  library.tag = "legal";
  expect(library.finished.map(({ id }) => id)).toEqual(["b"]);
});

test("runs without a figure come last in its order", async () => {
  const trimmed = (value: number) =>
    ({ accuracy: { value }, tokensPerSecond: value, sizeBytes: value }) as LibraryRun["trimmed"];
  const { library } = await libraryOf(() => [
    run("none"),
    run("low", { trimmed: trimmed(0.2) }),
    run("high", { trimmed: trimmed(0.9) }),
  ]);
  const order = (sort: Library["sort"]) => {
    library.sort = sort;
    return library.finished.map(({ id }) => id).join(" ");
  };
  expect(order("newest")).toBe("none low high");
  expect(order("accuracy")).toBe("high low none");
  expect(order("size")).toBe("low high none");
});

test("a filter hides the groups of other states", async () => {
  const { library } = await libraryOf(() => [
    run("done"),
    run("paused", { state: "paused" }),
    run("running", { state: "running" }),
  ]);
  const groups = () =>
    [library.running, library.queued, library.finished, library.waiting].map((group) => group.length);
  expect(groups()).toEqual([1, 0, 1, 1]);
  library.filter = "waiting";
  expect(groups()).toEqual([0, 0, 0, 1]);
});

test("changed runs are read together, once; a new one comes first", async () => {
  const all = [run("old"), run("older")];
  const { library, asked, tell } = await libraryOf(() => all);
  all.unshift(run("new", { state: "queued" }));
  all[1] = run("old", { name: "renamed" });
  for (const id of ["new", "old", "new"]) tell("runs.changed", { run: { id }, event: null });
  await vi.advanceTimersByTimeAsync(150);
  expect(asked.slice(1)).toEqual([{ ids: ["new", "old"] }]);
  expect(library.runs?.map(({ name }) => name)).toEqual(["new", "renamed", "older"]);
});

test("runs that come or end while the library is read in pieces are shown once, as they are now", async () => {
  let all = Array.from({ length: 150 }, (_, index) => run(`r${index}`, { state: "running" }));
  let answer = () => {};
  const page = (offset: number, limit: number) => ({
    runs: all.slice(offset, offset + limit),
    states: {},
    models: [],
    dataSets: [],
  });
  const { tell } = bridge({
    library: {
      list: (input) => {
        if ("ids" in input) return { ...page(0, 0), runs: all.filter(({ id }) => input.ids.includes(id)) };
        const read = page(input.offset, input.limit);
        if (input.offset === 0) return read;
        return new Promise((resolve) => (answer = () => resolve(read)));
      },
    },
  });
  const library = new Library();
  const close = library.open();
  await vi.waitFor(() => expect(library.runs).toHaveLength(100));
  all = [run("new"), run("r0"), ...all.slice(1)];
  for (const id of ["new", "r0"]) tell("runs.changed", { run: { id }, event: null });
  await vi.advanceTimersByTimeAsync(500);
  answer();
  await vi.waitFor(() => expect(library.runs).toHaveLength(151));
  expect(library.runs!.slice(0, 2).map(({ id, state }) => [id, state])).toEqual([
    ["new", "done"],
    ["r0", "done"],
  ]);
  close();
});

test("progress is shown at most twice a second, without reading", async () => {
  const { library, asked, tell } = await libraryOf(() => [run("a", { state: "running" })]);
  const shown = () => library.now(library.runs![0]!).fraction;
  const report = (fraction: number) =>
    tell("runs.changed", { run: { id: "a", fraction }, event: { event: "progress" } });
  report(0.1);
  report(0.2);
  expect(shown()).toBeUndefined();
  await vi.advanceTimersByTimeAsync(500);
  expect(shown()).toBe(0.2);
  expect(asked).toHaveLength(1);
});

test("a reading that fails after a newer one has ended is not shown as failed", async () => {
  const ends: ((fails: boolean) => void)[] = [];
  bridge({
    library: {
      list: () =>
        new Promise((resolve, reject) =>
          ends.push((fails) =>
            fails
              ? reject(new Error("it was interrupted"))
              : resolve({ runs: [], states: {}, models: [], dataSets: [] }),
          ),
        ),
    },
  });
  const library = new Library();
  const [older, newer] = [library.read(), library.read()];
  ends[1]!(false);
  await newer;
  ends[0]!(true);
  await older;
  expect([library.runs, library.problem]).toEqual([[], undefined]);
});

test("deleted runs are gone, also from the selection", async () => {
  const all = [run("a"), run("b")];
  const { library, tell } = await libraryOf(() => all);
  library.choose("a", true);
  library.choose("b", true);
  all.shift();
  tell("library.erased", { ids: ["a"] });
  expect(library.runs?.map(({ id }) => id)).toEqual(["b"]);
  await vi.waitFor(() => expect([...library.chosen]).toEqual(["b"]));
});

test("nothing is heard after it is closed", async () => {
  const { asked, tell, close } = await libraryOf(() => [run("a")]);
  tell("runs.changed", { run: { id: "a" }, event: null });
  close();
  tell("runs.changed", { run: { id: "a" }, event: null });
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toHaveLength(1);
});
