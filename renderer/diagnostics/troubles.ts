/** Uncaught errors, here and in main: logged, and shown to the person once, with a report to save. Uncaught failures are shown as such. */
import { AppError } from "../../native-models/failure.ts";
import type { PastTrouble } from "../../preload/contract/calls/diagnostics.ts";
import { troubleOf } from "../../preload/contract/trouble.ts";
import { main } from "../bridge.ts";
import { toasts } from "../components/toasts.svelte.ts";
import { t } from "../messages/index.svelte.ts";
import { reportDialog } from "./report-dialog.svelte.ts";
import { tellFailure } from "./tell-failure.ts";

/** The most errors reported to main, which a page that fails in a loop would otherwise call endlessly. */
const MOST_REPORTED = 50;

const shown = new Set<PastTrouble>();
let reported = 0;

/** Starts listening; called by the window's entry before anything is drawn. */
export function listenToErrors(): void {
  addEventListener("error", ({ error }) => caught(error));
  addEventListener("unhandledrejection", ({ reason }) => caught(reason));
}

/** Shows errors from before this window existed, and later ones in main; returns the function that stops it. */
export function tellTroubles(): () => void {
  main.diagnostics.pastTroubles().then(
    (troubles) => troubles.forEach(tell),
    (error: unknown) => console.error(error),
  );
  return main.diagnostics.troubled(tell);
}

function caught(error: unknown): void {
  if (error instanceof AppError && error.failure.code !== "internal") return tellFailure(error.failure);
  tell("error");
  if (++reported > MOST_REPORTED) return;
  // If the bridge is gone, reporting fails, which is not a new error.
  main.diagnostics.reportTrouble(troubleOf(error)).catch(() => {});
}

/** Shows each kind of trouble once per window; more would be noise. */
function tell(trouble: PastTrouble): void {
  if (shown.has(trouble)) return;
  shown.add(trouble);
  toasts.show({
    kind: "warn",
    stays: true,
    ...t.diagnostics.troubles[trouble],
    action: { label: t.diagnostics.saveReport, run: () => reportDialog.open() },
  });
}
