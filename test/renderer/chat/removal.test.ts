import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import { bridge } from "../bridge.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A window that shows conversation 7, which has just been deleted; `restore` answers an undo. */
async function deleted(restore: () => { id: number }) {
  vi.resetModules();
  const page = new EventTarget();
  const location = { hash: "#/chat/7" };
  vi.stubGlobal("location", location);
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  onTestFinished(() => void vi.unstubAllGlobals());
  bridge({
    conversations: {
      list: () => ({ total: 0, conversations: [] }),
      remove: () => ({ messages: 2, bytes: 100 }),
      restore,
    },
  });
  const { removeConversation } = await import("../../../renderer/chat/removal.ts");
  const { toasts } = await import("../../../renderer/components/toasts.svelte.ts");
  await removeConversation(7, "keep");
  return { toasts, location };
}

test("deleting a conversation can be undone for a minute", async () => {
  const { toasts, location } = await deleted(() => ({ id: 8 }));
  expect(location.hash).toBe("#/chat");
  await vi.advanceTimersByTimeAsync(59_999);
  expect(toasts.shown).toMatchObject([{ title: "The conversation was deleted." }]);
  toasts.shown[0]!.action!.run();
  await vi.advanceTimersByTimeAsync(1);
  expect(location.hash).toBe("#/chat/8");
  expect(toasts.shown).toEqual([]);
});

test("an undo that fails says why", async () => {
  const { toasts } = await deleted(() => {
    throw new AppError({ code: "disk-full", path: "/coppice.db" });
  });
  toasts.shown[0]!.action!.run();
  await vi.advanceTimersByTimeAsync(0);
  expect(toasts.shown).toMatchObject([
    {},
    { kind: "warn", stays: true, title: "There is not enough disk space." },
  ]);
});
