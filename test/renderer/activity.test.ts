import { expect, test, vi } from "vitest";
import type { RunSummary } from "../../preload/contract/calls/runs.ts";
import type { Writing } from "../../preload/contract/questions/written-questions.ts";
import { bridge } from "./bridge.ts";

const run = (id: string, state: RunSummary["state"]) => ({ id, state }) as RunSummary;

test("the rail shows the active run, then its pause, and nothing once it is done", async () => {
  vi.resetModules();
  const { activity } = await import("../../renderer/activity.svelte.ts");
  const { tell } = bridge({
    runs: { list: () => [run("old", "paused"), run("now", "running")] },
    questions: { list: () => [] },
  });
  const stop = activity.follow();
  await vi.waitFor(() => expect(activity.now?.id).toBe("now"));
  tell("runs.changed", { run: run("other", "paused"), event: null });
  expect(activity.now).toMatchObject({ id: "now", state: "running" });
  tell("runs.changed", { run: run("now", "paused"), event: null });
  expect(activity.now?.state).toBe("paused");
  tell("runs.changed", { run: run("now", "done"), event: null });
  expect(activity.now).toBeUndefined();
  stop();
  tell("runs.changed", { run: run("late", "running"), event: null });
  expect(activity.now).toBeUndefined();
});

test("the rail shows the questions that are being written or wait, and nothing once they are stopped", async () => {
  vi.resetModules();
  const { activity } = await import("../../renderer/activity.svelte.ts");
  const writing = (id: number, state: Writing["state"]) => ({ id, state }) as Writing;
  const { tell } = bridge({
    runs: { list: () => [] },
    questions: { list: () => [writing(2, "done"), writing(1, "writing")] },
  });
  const stop = activity.follow();
  await vi.waitFor(() => expect(activity.writing?.id).toBe(1));
  tell("questions.changed", writing(1, "waiting"));
  expect(activity.writing?.state).toBe("waiting");
  tell("questions.changed", writing(2, "stopped"));
  expect(activity.writing?.id).toBe(1);
  tell("questions.changed", writing(1, "stopped"));
  expect(activity.writing).toBeUndefined();
  stop();
});

test("a deleted run leaves the rail to another one that is paused", async () => {
  vi.resetModules();
  const { activity } = await import("../../renderer/activity.svelte.ts");
  let runs = [run("new", "paused"), run("old", "paused")];
  const { tell } = bridge({ runs: { list: () => runs }, questions: { list: () => [] } });
  const stop = activity.follow();
  await vi.waitFor(() => expect(activity.now?.id).toBe("new"));
  tell("library.erased", { ids: ["other"] });
  expect(activity.now?.id).toBe("new");
  runs = runs.slice(1);
  tell("library.erased", { ids: ["new"] });
  expect(activity.now).toBeUndefined();
  await vi.waitFor(() => expect(activity.now?.id).toBe("old"));
  stop();
});
