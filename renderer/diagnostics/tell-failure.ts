/** Failures that are not shown on a page, such as one that was left. */
import type { Failure } from "../../native-models/failure.ts";
import { toasts } from "../components/toasts.svelte.ts";
import { t } from "../messages/index.svelte.ts";

/** Shows a failure as a toast that stays until the person closes it; once, however often it happens until then. */
export function tellFailure(failure: Failure, title = t.failures.title(failure)): void {
  const text = t.failures.sentence(failure);
  const isShown = toasts.shown.some((toast) => toast.title === title && toast.text === text);
  if (failure.code === "cancelled" || isShown) return;
  toasts.show({ kind: "warn", stays: true, title, text });
}
