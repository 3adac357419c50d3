import { expect, onTestFinished, test, vi } from "vitest";
import type { LiveJob } from "../../../preload/contract/runs/live-job.ts";
import { bridge } from "../bridge.ts";

const running: LiveJob = {
  ...{ state: "running", phase: "tune", rounds: { now: 0, of: 2 }, blocks: 3, steps: { done: 1, of: 10 } },
  ...{ validations: [], silentSeconds: 1, readBytes: 9 },
};

/** A folder whose looks give these answers in turn, the last of them again and again. */
async function followed(...answers: LiveJob[]) {
  vi.resetModules();
  vi.useFakeTimers();
  vi.stubGlobal("location", { hash: "#/library" });
  vi.stubGlobal("addEventListener", () => {});
  onTestFinished(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const looks: (LiveJob | null)[] = [];
  const imported: string[] = [];
  bridge({
    runs: {
      watchElsewhere: ({ before }) => {
        looks.push(before);
        return answers[Math.min(looks.length, answers.length) - 1]!;
      },
      importElsewhere: ({ path }) => {
        imported.push(path);
        return Promise.resolve({ id: "run" });
      },
    },
  });
  const { incoming } = await import("../../../renderer/wizard/incoming.svelte.ts");
  const taken = incoming.take("/job");
  await vi.advanceTimersByTimeAsync(0);
  return { incoming, looks, imported, taken };
}

test("a job is looked at until it is done, from where the last look ended, and then taken", async () => {
  const { incoming, looks, imported, taken } = await followed(running, { ...running, state: "done" });
  expect(incoming.live).toEqual(running);
  expect(imported).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  await taken;
  expect(looks).toEqual([null, running]);
  expect(imported).toEqual(["/job"]);
  expect([incoming.path, incoming.live]).toEqual([null, null]);
});

test("once the dialog is closed, it is not looked at any more", async () => {
  const { incoming, looks, imported, taken } = await followed(running);
  incoming.close();
  await vi.advanceTimersByTimeAsync(60_000);
  await taken;
  expect([looks.length, imported.length, incoming.live]).toEqual([1, 0, null]);
});
