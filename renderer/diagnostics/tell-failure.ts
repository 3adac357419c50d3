/** Failures that can no longer be shown on their page, because it was left. */
import type { Failure } from "../../native-models/failure.ts";
import { toasts } from "../components/toasts.svelte.ts";
import { t } from "../messages/index.svelte.ts";

/** Shows a failure as a toast that stays until the person closes it. */
export function tellFailure(failure: Failure, title = t.failures.title(failure)): void {
  if (failure.code === "cancelled") return;
  toasts.show({
    kind: "warn",
    stays: true,
    title,
    text: t.failures.sentence(failure),
  });
}
