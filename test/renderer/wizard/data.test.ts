import { expect, test, vi } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import type { Failure } from "../../../native-models/failure.ts";
import { WizardDraft } from "../../../preload/contract/calls/wizard.ts";
import type { InspectedFile } from "../../../preload/contract/data/inspection.ts";
import { filesOfSources } from "../../../renderer/wizard/data/parts.ts";
import { bridge } from "../bridge.ts";
import type { Answers } from "../bridge.ts";

const file = (path: string, failure: Failure | null = null) => ({ path, failure }) as InspectedFile;
const unusable = { code: "bad-data", path: "/bad.csv", reason: "no rows" } as unknown as Failure;

/** A folder with an unusable file beside usable ones. */
const inFolder = ["/akten/a.pdf", "/akten/bad.csv", "/akten/c.pdf"];
const inspectFolder: typeof inspectAll = async ({ sources }, onPiece) => {
  for (const path of inFolder.filter((path) => !sources.excluded.includes(path)))
    onPiece(file(path, path.endsWith("bad.csv") ? unusable : null));
  return { notRead: [], moreNotRead: 0 };
};

const inspectAll: NonNullable<NonNullable<Answers["data"]>["inspect"]> = async ({ sources }, onPiece) => {
  for (const path of [...sources.data, ...sources.valid, ...sources.test, ...sources.offDomain])
    onPiece(file(path, path === "/bad.csv" ? unusable : null));
  return { notRead: [{ path: "/picture.png", why: "other-file" as const }], moreNotRead: 0 };
};
const dataset = (folder: string) => ({ name: "d", folder, report: { splits: {} } }) as never;

interface Step {
  kept?: Partial<WizardDraft>;
  inspect?: NonNullable<Answers["data"]>["inspect"];
  read?: NonNullable<Answers["data"]>["read"];
}

/** The data step with a model and this draft. */
async function opened({ kept, inspect = inspectAll, read = async () => dataset("/read") }: Step = {}) {
  vi.resetModules();
  const stored = { ...WizardDraft.parse({}), model: { path: "/m", name: "m" }, ...kept };
  bridge({ data: { inspect, read }, wizard: { draft: () => stored, keep: () => {} } });
  const { draft } = await import("../../../renderer/wizard/draft.svelte.ts");
  await draft.load();
  const module = await import("../../../renderer/wizard/data/data.svelte.ts");
  return { ...module, draft };
}

const ready = (data: { state: string }) => vi.waitFor(() => expect(data.state).toBe("ready"));

test("added files are inspected and then read, with the seed, into the draft", async () => {
  const asked: unknown[] = [];
  const { data, draft } = await opened({
    kept: { patch: { seed: 5 } },
    read: async (what) => (asked.push(what), dataset("/read")),
  });
  data.add(["/a.csv", "/b.csv"]);
  expect(data.state).toBe("looking");
  await ready(data);
  expect(data.files.map(({ path }) => path)).toEqual(["/a.csv", "/b.csv"]);
  expect(data.uninspected.notRead).toEqual([{ path: "/picture.png", why: "other-file" }]);
  expect(asked).toMatchObject([{ sources: { data: ["/a.csv", "/b.csv"] }, model: "/m", seed: 5 }]);
  expect(draft.now!.dataset).toMatchObject({ folder: "/read" });
});

test("files go to the split that a person says, or that their names indicate", async () => {
  const { data, draft } = await opened();
  data.add(["/questions.csv"], "test");
  expect(draft.now!.sources).toMatchObject({ data: [], test: ["/questions.csv"] });
  data.add(["/train.csv", "/valid.csv"]);
  expect(draft.now!.sources).toMatchObject({
    data: ["/train.csv"],
    valid: ["/valid.csv"],
    test: ["/questions.csv"],
  });
  await ready(data);
});

test("nothing is read while a file is unusable; removing that file goes on", async () => {
  const read = vi.fn(() => dataset("/read"));
  const { data } = await opened({ read });
  data.add(["/a.csv", "/bad.csv"]);
  await vi.waitFor(() => expect(data.state).toBe("blocked"));
  expect(data.files[1]!.failure).toEqual(unusable);
  expect(read).not.toHaveBeenCalled();
  data.remove("/bad.csv");
  await ready(data);
  expect(data.files).toHaveLength(1);
});

test("without files nothing is asked, and the table is empty", async () => {
  const { data } = await opened();
  data.add(["/a.csv"]);
  await ready(data);
  data.remove("/a.csv");
  expect(data).toMatchObject({ state: "idle", files: [], uninspected: { notRead: [] } });
});

test("without a model the files are inspected but not read", async () => {
  const read = vi.fn(() => dataset("/read"));
  const { data } = await opened({ kept: { model: null }, read });
  data.add(["/a.csv"]);
  await vi.waitFor(() => expect(data.files).toHaveLength(1));
  await vi.waitFor(() => expect(data.state).toBe("idle"));
  expect(read).not.toHaveBeenCalled();
});

test("a mapping is set for one file, and taken back without touching that of another", async () => {
  const { data, draft } = await opened({
    kept: { sources: { ...WizardDraft.parse({}).sources, data: ["/a.csv", "/b.csv"] } },
  });
  data.map("/a.csv", { prompt: "q" } as never);
  data.map("/b.csv", { prompt: "r" } as never);
  expect(draft.now!.sources.mappings).toEqual({ "/a.csv": { prompt: "q" }, "/b.csv": { prompt: "r" } });
  data.map("/a.csv", null);
  expect(draft.now!.sources.mappings).toEqual({ "/b.csv": { prompt: "r" } });
  await ready(data);
});

test("a change while files are being inspected ends that inspection, whose files no longer appear", async () => {
  const pieces: ((file: InspectedFile) => void)[] = [];
  const cancelled: string[] = [];
  const { data } = await opened({
    inspect: (asked, onPiece, cancel) => {
      pieces.push(onPiece);
      if (pieces.length > 1) return inspectAll(asked, onPiece, cancel);
      return cancel.catch((error: Error) => {
        cancelled.push(asked.sources.data.join());
        throw error;
      });
    },
  });
  data.add(["/a.csv"]);
  data.add(["/b.csv"]);
  pieces[0]!(file("/stale.csv"));
  await ready(data);
  expect(cancelled).toEqual(["/a.csv"]);
  expect(data.files.map(({ path }) => path)).toEqual(["/a.csv", "/b.csv"]);
  expect(data.failure).toBeUndefined();
});

test("the table keeps its rows until as many files have been inspected again", async () => {
  let hear!: (file: InspectedFile) => void;
  let end!: () => void;
  const { data } = await opened();
  data.add(["/a.csv", "/b.csv"]);
  await ready(data);
  bridge({
    data: {
      inspect: (_asked, onPiece) => {
        hear = onPiece;
        return new Promise((resolve) => (end = () => resolve({ notRead: [], moreNotRead: 0 })));
      },
      read: async () => dataset("/read"),
    },
    wizard: { keep: () => {} },
  });
  data.add(["/c.csv"]);
  const shown = () => data.files.map(({ path }) => path);
  hear(file("/a.csv"));
  expect(shown()).toEqual(["/a.csv", "/b.csv"]);
  hear(file("/b.csv"));
  expect(shown()).toEqual(["/a.csv", "/b.csv"]);
  hear(file("/c.csv"));
  expect(shown()).toEqual(["/a.csv", "/b.csv", "/c.csv"]);
  end();
  await ready(data);
});

test("reading that fails says why, until the files change", async () => {
  const failure = { code: "disk-full", path: "/home" } as const;
  let full = true;
  const { data, draft } = await opened({
    read: async () => {
      if (full) throw new AppError(failure);
      return dataset("/read");
    },
  });
  data.add(["/a.csv"]);
  await vi.waitFor(() => expect(data).toMatchObject({ state: "failed", failure }));
  expect(draft.now!.dataset).toBeNull();
  full = false;
  data.add(["/b.csv"]);
  await ready(data);
  expect(data.failure).toBeUndefined();
});

test("what was read for files or a model that have changed since is not put into the draft", async () => {
  let finish!: () => void;
  const { readDataset, draft } = await opened({
    kept: { sources: { ...WizardDraft.parse({}).sources, data: ["/a.csv"] } },
    read: () => new Promise((resolve) => (finish = () => resolve(dataset("/old")))),
  });
  const reading = readDataset();
  draft.chooseModel({ path: "/other", name: "other" });
  finish();
  await reading;
  expect(draft.now!.dataset).toBeNull();
});

test("reading says how many documents it has read, and can be stopped and started over", async () => {
  let hold = true;
  const { data, draft } = await opened({
    read: async (_, onPiece, cancelled) => {
      onPiece({ done: 312, of: 1000 });
      return hold ? cancelled : dataset("/read");
    },
  });
  data.add(["/documents"]);
  await vi.waitFor(() => expect(data.progress).toEqual({ done: 312, of: 1000 }));
  expect([data.state, data.seen]).toEqual(["reading", 1]);
  data.stop();
  await vi.waitFor(() => expect(data).toMatchObject({ state: "stopped", progress: null }));
  expect([draft.now!.dataset, data.failure]).toEqual([null, undefined]);
  hold = false;
  void data.read();
  await ready(data);
  expect(draft.now!.dataset).toMatchObject({ folder: "/read" });
});

test("an unusable file of a folder is left out, and brought back", async () => {
  const read = vi.fn(() => dataset("/read"));
  const { data, draft } = await opened({ inspect: inspectFolder, read });
  data.add(["/akten"]);
  await vi.waitFor(() => expect(data.state).toBe("blocked"));
  data.leaveOut(["/akten/bad.csv"]);
  await ready(data);
  expect(read).toHaveBeenCalledWith(
    expect.objectContaining({
      sources: expect.objectContaining({ data: ["/akten"], excluded: ["/akten/bad.csv"] }),
    }),
    expect.anything(),
    expect.anything(),
  );
  const shown = () => filesOfSources(draft.now!.sources, data.files)[0]!.within;
  expect(shown().map(({ path, isExcluded }) => [path, isExcluded])).toEqual([
    ["/akten/a.pdf", false],
    ["/akten/bad.csv", true],
    ["/akten/c.pdf", false],
  ]);
  data.takeBack("/akten/bad.csv");
  await vi.waitFor(() => expect(data.state).toBe("blocked"));
  expect(shown().some(({ isExcluded }) => isExcluded)).toBe(false);
});

test("what was left out of a folder is forgotten with it, not when the folder is used for another part", async () => {
  const { data, draft } = await opened({ inspect: inspectFolder });
  data.add(["/akten", "/other"]);
  data.leaveOut(["/akten/bad.csv"]);
  data.add(["/akten"], "test");
  expect(draft.now!.sources).toMatchObject({ test: ["/akten"], excluded: ["/akten/bad.csv"] });
  data.remove("/akten");
  expect(draft.now!.sources.excluded).toEqual([]);
  await vi.waitFor(() => expect(data.state).toBe("blocked")); // by the file, which is read again
});
