import { expect, test, vi } from "vitest";
import { WizardDraft } from "../../../preload/contract/calls/wizard.ts";
import { AppError } from "../../../native-models/failure.ts";
import { bridge } from "../bridge.ts";

type Keeping = (draft: WizardDraft) => Promise<void> | void;

/** A draft of its own, as main kept it, and what sends main's notifications. */
async function opened(kept: Partial<WizardDraft>, keep: Keeping = () => {}) {
  vi.resetModules();
  const { draft } = await import("../../../renderer/wizard/draft.svelte.ts");
  let stored = { ...WizardDraft.parse({}), ...kept };
  const begin = () => {
    stored = WizardDraft.parse({});
    return null;
  };
  const { tell } = bridge({ wizard: { draft: () => stored, keep, begin } });
  await draft.load();
  return { draft, tell };
}

const loaded = async (kept: Partial<WizardDraft> = {}, keep?: Keeping) => (await opened(kept, keep)).draft;

const dataset = { folder: "/data", report: {} } as unknown as NonNullable<WizardDraft["dataset"]>;

test("another model discards what was read and measured for the previous one; the same one keeps it", async () => {
  const draft = await loaded({ model: { path: "/a", name: "a" }, dataset, run: "r" });
  draft.chooseModel({ path: "/a", name: "renamed" });
  expect(draft.now).toMatchObject({ model: { name: "renamed" }, dataset: { folder: "/data" }, run: "r" });
  draft.chooseModel({ path: "/b", name: "b" });
  expect(draft.now).toMatchObject({ model: { path: "/b" }, dataset: null, probe: null, run: null });
});

test("another model has no methods that it may not allow until they are chosen for it; other choices stay", async () => {
  const draft = await loaded({
    model: { path: "/wide", name: "wide" },
    patch: { methods: { "mixed-bits": {}, rewriting: {} }, chat: { precision: "int4" }, seed: 2 },
  });
  draft.chooseModel({ path: "/wide", name: "renamed" });
  expect(draft.now!.patch.methods).toHaveProperty("mixed-bits");
  draft.chooseModel({ path: "/narrow", name: "narrow" });
  expect(draft.now!.patch).toEqual({ methods: { rewriting: {} }, chat: { precision: "int4" }, seed: 2 });
});

test("a draft forgets its run when that is deleted", async () => {
  const { draft, tell } = await opened({ run: "oak" });
  tell("library.erased", { ids: ["ash"] });
  expect(draft.now!.run).toBe("oak");
  tell("library.erased", { ids: ["ash", "oak"] });
  expect(draft.now!.run).toBeNull();
});

test("another seed splits the rows again; another depth does not", async () => {
  const draft = await loaded({ dataset, patch: { seed: 1 } });
  draft.choose({ trim: { keep: { fraction: 0.5 } } });
  expect(draft.now!.dataset).not.toBeNull();
  draft.choose({ seed: 2 });
  expect(draft.now!.dataset).toBeNull();
  expect(draft.now!.patch).toEqual({ seed: 2, trim: { keep: { fraction: 0.5 } } });
});

test("of changes made during a save, only the newest is saved after it", async () => {
  const saved: string[] = [];
  let release = () => {};
  const draft = await loaded({}, ({ name }) => {
    saved.push(name);
    return new Promise<void>((resolve) => (release = resolve));
  });
  for (const name of ["a", "b", "c"]) draft.change({ name });
  expect(saved).toEqual(["a"]);
  release();
  await vi.waitFor(() => expect(saved).toEqual(["a", "c"]));
});

test("a change that waits to be saved is saved before a new draft begins", async () => {
  const saved: string[] = [];
  const saving: (() => void)[] = [];
  const draft = await loaded({}, ({ name }) => {
    saved.push(name);
    return new Promise<void>((resolve) => saving.push(resolve));
  });
  for (const name of ["a", "b"]) draft.change({ name });
  const begun = draft.begin();
  for (const saves of saving) saves();
  await begun;
  expect([saved, draft.now!.name]).toEqual([["a", "b"], ""]);
  draft.change({ name: "c" });
  expect(saved).toEqual(["a", "b", "c"]);
});

test("a change that cannot be saved stays on the page, with the reason, until it or a later one is saved", async () => {
  let full = true;
  const saved: string[] = [];
  const draft = await loaded({}, ({ name }) => {
    if (full) throw new AppError({ code: "disk-full", path: "/home" });
    saved.push(name);
  });
  draft.change({ name: "a" });
  await vi.waitFor(() => expect(draft.failure).toEqual({ code: "disk-full", path: "/home" }));
  expect(draft.now!.name).toBe("a");
  full = false;
  await draft.retry();
  expect([saved, draft.failure]).toEqual([["a"], undefined]);
  full = true;
  draft.change({ name: "b" });
  await vi.waitFor(() => expect(draft.failure).toBeDefined());
  full = false;
  draft.change({ name: "c" });
  await vi.waitFor(() => expect(draft.failure).toBeUndefined());
});

test("data without validation questions have no accuracy floor", async () => {
  const read = (questions: number) =>
    ({ folder: "/data", report: { splits: { valid: { questions } } } }) as unknown as typeof dataset;
  const draft = await loaded({ patch: { floor: 0.95, seed: 1 } });
  draft.chooseDataset(read(40));
  expect(draft.now).toMatchObject({ dataset: { folder: "/data" }, patch: { floor: 0.95 } });
  draft.chooseDataset(read(0));
  expect(draft.now!.patch).toEqual({ seed: 1 });
});
