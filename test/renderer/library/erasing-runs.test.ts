import { expect, test, vi } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import type { Erasing } from "../../../preload/contract/calls/library.ts";
import { ErasingRuns } from "../../../renderer/library/erasing-runs.svelte.ts";
import { bridge } from "../bridge.ts";

const erasing = (running: string[]) => ({ parts: [], bytes: 1, running }) as unknown as Erasing;

/** The dialog for the run "oak", and how main is: whether the run is running, and why a call fails. */
async function opened() {
  const now = { isRunning: true, failure: null as AppError | null, asked: [] as string[] };
  const unless = <Given>(given: Given): Given => {
    if (now.failure) throw now.failure;
    return given;
  };
  const { tell } = bridge({
    library: {
      erasing: () => (now.asked.push("look"), unless(erasing(now.isRunning ? ["oak"] : []))),
      erase: ({ conversations }) => (
        now.asked.push(`erase, conversations: ${conversations}`),
        unless({ freedBytes: 5 } as never)
      ),
    },
    runs: { pause: ({ id }) => (now.asked.push(`pause ${id}`), unless(undefined)) },
  });
  const eraser = new ErasingRuns(["oak"]);
  const leave = eraser.follow();
  await vi.waitFor(() => expect(eraser.known).toBeDefined());
  const changed = (id = "oak") => tell("runs.changed", { run: { id }, event: null });
  return { eraser, now, changed, leave };
}

test("a run that is paused here can be deleted once it has been saved", async () => {
  const { eraser, now, changed } = await opened();
  await eraser.pause();
  expect(now.asked).toEqual(["look", "pause oak", "look"]);
  expect(eraser).toMatchObject({ areRunning: true, isPausing: true });
  now.isRunning = false;
  changed("elm");
  expect(now.asked).toHaveLength(3);
  changed();
  await vi.waitFor(() => expect(eraser).toMatchObject({ areRunning: false, isPausing: false }));
  expect(await eraser.erase(true)).toBe(5);
  expect(now.asked.at(-1)).toBe("erase, conversations: true");
});

test("what fails is shown until it is tried again", async () => {
  const { eraser, now } = await opened();
  now.failure = new AppError({ code: "disk-full", path: "/home" });
  await eraser.pause();
  expect(eraser).toMatchObject({ isPausing: false, failure: { code: "disk-full" } });
  expect(await eraser.erase(false)).toBeNull();
  now.failure = null;
  await eraser.again();
  expect(eraser.failure).toBeUndefined();
});

test("runs are not looked at again after the dialog was left", async () => {
  const { now, changed, leave } = await opened();
  leave();
  changed();
  expect(now.asked).toEqual(["look"]);
});
