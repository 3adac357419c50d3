import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import { bridge } from "../bridge.ts";

/** The copy of a window at an address, and what its toasts said. */
async function open(hash: string) {
  vi.stubGlobal("location", { hash });
  vi.stubGlobal("addEventListener", () => {});
  onTestFinished(() => void vi.unstubAllGlobals());
  const { homeCopy } = await import("../../../renderer/settings/home-copy.svelte.ts");
  const { toasts } = await import("../../../renderer/components/toasts.svelte.ts");
  const show = vi.spyOn(toasts, "show").mockImplementation(() => {});
  return { homeCopy, show };
}

const full = { code: "disk-full", path: "/stick/Coppice" } as const;

beforeEach(() => void vi.resetModules());

test("a backup shows its progress, also to a page that is opened later, and where it is", async () => {
  const { homeCopy, show } = await open("#/settings");
  let finish!: () => void;
  bridge({
    library: {
      backUp: ({ folder }, onPiece) => {
        onPiece({ stage: "checking", done: 25, total: 100 });
        const copied = { folder: `${folder}/Coppice`, files: 3, bytes: 100 };
        return new Promise((resolve) => (finish = () => resolve(copied)));
      },
    },
  });
  const made = homeCopy.make("backUp", "/stick");
  expect(homeCopy).toMatchObject({ making: "backUp", progress: { stage: "checking", done: 25 } });
  finish();
  await made;
  expect(homeCopy.making).toBeUndefined();
  expect(show).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ text: "/stick/Coppice" }));
});

test.each([
  ["#/chat", 1],
  ["#/settings", 0],
])("a failed copy stays until the person has seen it, at %s", async (hash, toasted) => {
  const { homeCopy, show } = await open(hash);
  bridge({ library: { move: () => Promise.reject(new AppError(full)) } });
  await homeCopy.make("move", "/stick");
  expect(homeCopy).toMatchObject({ making: undefined, failure: full });
  expect(show).toHaveBeenCalledTimes(toasted);
  if (toasted > 0) expect(show).toHaveBeenCalledWith(expect.objectContaining({ stays: true, kind: "warn" }));
});

test("a copy can be cancelled from any page, which is no failure to show", async () => {
  const { homeCopy, show } = await open("#/library");
  const cancel = () => Promise.reject(new AppError({ code: "cancelled" }));
  bridge({ library: { backUp: (_, _onPiece, cancelled) => cancelled.catch(cancel) } });
  const made = homeCopy.make("backUp", "/stick");
  homeCopy.cancel();
  await made;
  expect(homeCopy.making).toBeUndefined();
  expect(show).not.toHaveBeenCalled();
});
