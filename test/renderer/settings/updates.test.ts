import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import type { UpdateState } from "../../../preload/contract/calls/updates.ts";
import { bridge } from "../bridge.ts";

const state = (version: string | null, isDownloaded = false) =>
  ({ offer: version === null ? null : { version, sizeBytes: 100 }, isDownloaded }) as UpdateState;

/** Updates of a window at an address, and what its toasts said. */
async function open(hash: string) {
  vi.stubGlobal("location", { hash });
  vi.stubGlobal("addEventListener", () => {});
  onTestFinished(() => void vi.unstubAllGlobals());
  const { updates } = await import("../../../renderer/settings/updates.svelte.ts");
  const { toasts } = await import("../../../renderer/components/toasts.svelte.ts");
  const show = vi.spyOn(toasts, "show").mockImplementation(() => {});
  return { updates, show };
}

beforeEach(() => void vi.resetModules());

test("a new version is announced once, however often main repeats it", async () => {
  const { updates, show } = await open("#/");
  const { tell } = bridge({ updates: { state: () => state(null) } });
  const stop = updates.follow();
  await vi.waitFor(() => expect(updates.now).toBeDefined());
  tell("updates.changed", state("2.0.0"));
  tell("updates.changed", state("2.0.0"));
  expect(show).toHaveBeenCalledTimes(1);
  tell("updates.changed", state("2.1.0"));
  expect(show).toHaveBeenCalledTimes(2);
  stop();
});

test("a download shows its progress and ends with the verified version", async () => {
  const { updates } = await open("#/");
  let finish!: () => void;
  bridge({
    updates: {
      download: (_, onPiece) => {
        onPiece({ doneBytes: 25, totalBytes: 100 });
        return new Promise((resolve) => (finish = () => resolve(state("2.0.0", true))));
      },
    },
  });
  const done = updates.download();
  expect(updates).toMatchObject({ doing: "downloading", fraction: 0.25 });
  finish();
  await done;
  expect(updates.doing).toBeUndefined();
  expect(updates.now?.isDownloaded).toBe(true);
});

test("a failed look says why and leaves the button ready", async () => {
  const { updates } = await open("#/");
  const failure = { code: "not-found", path: "updates", what: "address" } as const;
  bridge({ updates: { look: () => Promise.reject(new AppError(failure)), state: () => state(null) } });
  await updates.look();
  expect(updates.failure).toEqual(failure);
  expect(updates.doing).toBeUndefined();
});
