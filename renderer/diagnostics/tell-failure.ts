/** Failures whose place on a page is gone. */
import type { Failure } from "../../native-models/failure.ts";
import { toasts } from "../components/toasts.svelte.ts";
import { t } from "../messages/index.svelte.ts";

/** Says at the edge of the window what went wrong, until the person closes it. */
export function tellFailure(failure: Failure, title = t.failures.title(failure)): void {
  if (failure.code === "cancelled") return;
  toasts.show({
    kind: "warn",
    stays: true,
    title,
    text: t.failures.sentence(failure),
  });
}
