import { expect, onTestFinished, test, vi } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import { toasts } from "../../../renderer/components/toasts.svelte.ts";
import { listenToErrors } from "../../../renderer/diagnostics/troubles.ts";
import { bridge } from "../bridge.ts";

/** Returns a function that leaves an error uncaught, and the names of those that were reported to main. */
function uncaught(): { leave: (error: unknown) => void; reported: string[] } {
  const reported: string[] = [];
  bridge({ diagnostics: { reportTrouble: ({ name }) => void reported.push(name) } });
  const listeners: ((event: { reason: unknown }) => void)[] = [];
  vi.stubGlobal("addEventListener", (kind: string, listener: (typeof listeners)[number]) => {
    if (kind === "unhandledrejection") listeners.push(listener);
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  listenToErrors();
  return { leave: (reason) => listeners.forEach((listener) => listener({ reason })), reported };
}

test("an uncaught failure is shown with its reason, once, and is no error to report", () => {
  const { leave, reported } = uncaught();
  for (let time = 0; time < 2; time++) leave(new AppError({ code: "disk-full", path: "/home/ada" }));
  leave(new AppError({ code: "cancelled" }));
  expect(toasts.shown).toMatchObject([{ title: "There is not enough disk space.", stays: true }]);
  expect(toasts.shown[0]!.text).toContain("/home/ada");
  expect(reported).toEqual([]);
});

test("an unexpected error is reported, and shown with a report to save", async () => {
  const { leave, reported } = uncaught();
  leave(new TypeError("no such thing"));
  leave(new AppError({ code: "internal", message: "a bug" }));
  expect(toasts.shown).toMatchObject([{ action: { label: "Save a report…" } }]);
  await vi.waitFor(() => expect(reported).toEqual(["TypeError", "AppError"]));
});
