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

test("a failed check says why and leaves the button ready", async () => {
  const { updates } = await open("#/");
  const failure = { code: "not-found", path: "updates", what: "file" } as const;
  bridge({ updates: { look: () => Promise.reject(new AppError(failure)), state: () => state(null) } });
  await updates.look();
  expect(updates.failure).toEqual(failure);
  expect(updates.doing).toBeUndefined();
});

test("on the settings page a new version is not announced, since the page shows it", async () => {
  const { updates, show } = await open("#/settings");
  bridge({ updates: { state: () => state("2.0.0") } });
  updates.follow();
  await vi.waitFor(() => expect(updates.now?.offer?.version).toBe("2.0.0"));
  expect(show).not.toHaveBeenCalled();
});

test("the announcement leads to the updates in the settings", async () => {
  const { updates, show } = await open("#/");
  bridge({ updates: { state: () => state("2.0.0") } });
  updates.follow();
  await vi.waitFor(() => expect(show).toHaveBeenCalled());
  show.mock.calls[0]![0].action!.run();
  expect(location.hash).toBe("#/settings/updates");
});

test("a cancelled download ends, and can start over from nothing", async () => {
  const { updates } = await open("#/");
  const failure = { code: "cancelled" } as const;
  let downloads = 0;
  bridge({
    updates: {
      state: () => state("2.0.0"),
      download: async (_, onPiece, cancelled) => {
        if (downloads++ > 0) return state("2.0.0", true);
        onPiece({ doneBytes: 50, totalBytes: 100 });
        return cancelled.catch(() => {
          throw new AppError(failure as never);
        });
      },
    },
  });
  const downloading = updates.download();
  expect(updates.fraction).toBe(0.5);
  updates.cancel();
  await downloading;
  expect(updates).toMatchObject({ doing: undefined, failure, now: { isDownloaded: false } });
  const again = updates.download();
  expect(updates).toMatchObject({ doing: "downloading", fraction: 0, failure: undefined });
  await again;
  expect(updates.now?.isDownloaded).toBe(true);
});

test("an installation that fails says why, with the state that main is in then", async () => {
  const { updates } = await open("#/");
  const failure = { code: "not-found", path: "/update.deb", what: "file" } as const;
  let broken = true;
  bridge({
    updates: {
      install: () => {
        if (broken) throw new AppError(failure as never);
      },
      state: () => state("2.0.0", !broken),
    },
  });
  await updates.install();
  expect(updates).toMatchObject({ doing: undefined, failure, now: { isDownloaded: false } });
  broken = false;
  const installing = updates.install();
  expect(updates).toMatchObject({ doing: "installing", failure: undefined });
  await installing;
  expect(updates.now?.isDownloaded).toBe(true);
});
