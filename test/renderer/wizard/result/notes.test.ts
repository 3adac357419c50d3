import { expect, test, vi } from "vitest";
import { AppError } from "../../../../native-models/failure.ts";
import { toasts } from "../../../../renderer/components/toasts.svelte.ts";
import { Notes } from "../../../../renderer/wizard/result/notes.svelte.ts";
import type { WatchedRun } from "../../../../renderer/wizard/trim/run.svelte.ts";
import { bridge } from "../../bridge.ts";

const failure = { code: "disk-full", path: "/home" } as const;

/** The notes of a run on a computer whose disk is full until `isFull` is set to false. */
function notesOf() {
  const disk = { isFull: true };
  const stored: unknown[] = [];
  const keep = (what: unknown) => {
    if (disk.isFull) throw new AppError(failure);
    stored.push(what);
  };
  bridge({
    runs: { annotate: ({ note }) => keep(note), tag: ({ tags }) => keep(tags) },
  });
  const run = { id: "autumn", summary: { note: "", tags: ["court"] } } as unknown as WatchedRun;
  return { notes: new Notes(run), disk, stored };
}

test("a note or a tag that cannot be stored says so, stays as it was typed, and can be tried again", async () => {
  const { notes, disk, stored } = notesOf();
  notes.note = "for the registry";
  await notes.keepNote();
  expect([notes.failure, notes.saved]).toEqual([failure, false]);
  notes.added = " urgent ";
  await notes.addTag();
  expect([notes.failure, notes.added]).toEqual([failure, " urgent "]);
  disk.isFull = false;
  notes.retry();
  await vi.waitFor(() => expect(notes.added).toBe(""));
  await notes.keepNote();
  expect(stored).toEqual([["court", "urgent"], "for the registry"]);
  expect([notes.failure, notes.saved]).toEqual([undefined, true]);
});

test("a note is stored in a pause of typing, as it then is, and again if it is changed back", async () => {
  vi.useFakeTimers();
  const { notes, disk, stored } = notesOf();
  disk.isFull = false;
  const type = async (note: string, ms: number) => {
    notes.note = note;
    notes.typed();
    await vi.advanceTimersByTimeAsync(ms);
  };
  await type("for the", 500);
  await type("for the registry", 500);
  expect([stored, notes.saved]).toEqual([[], false]);
  await vi.advanceTimersByTimeAsync(500);
  expect([stored, notes.saved]).toEqual([["for the registry"], true]);
  await type("", 1000);
  expect(stored).toEqual(["for the registry", ""]);
  vi.useRealTimers();
});

test("a note that cannot be stored as the page is left is reported elsewhere", async () => {
  const { notes } = notesOf();
  notes.note = "for the registry";
  await notes.leave();
  expect(toasts.shown).toMatchObject([{ kind: "warn", stays: true }]);
});

test("tags that are changed in quick succession are all changed", async () => {
  const { notes, disk, stored } = notesOf();
  disk.isFull = false;
  notes.added = "urgent";
  await Promise.all([notes.addTag(), notes.removeTag("court")]);
  expect(stored).toEqual([["court", "urgent"], ["urgent"]]);
});

test("commas separate tags here as in the library, where one with a comma would become two", async () => {
  const { notes, disk, stored } = notesOf();
  disk.isFull = false;
  notes.added = " urgent, appeal,";
  await notes.addTag();
  expect(stored).toEqual([["court", "urgent", "appeal"]]);
  expect(notes.added).toBe("");
});
