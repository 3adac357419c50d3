/** Starting the draft's run, which reads its data again: this goes on while other pages are shown, and happens only once. */
import type { Failure } from "../../../native-models/failure.ts";
import type { WizardDraft } from "../../../preload/contract/calls/wizard.ts";
import { main } from "../../bridge.ts";
import { tellFailure } from "../../diagnostics/tell-failure.ts";
import { failureOf } from "../../messages/failures.ts";
import { router } from "../../router.svelte.ts";
import { draft } from "../draft.svelte.ts";
import { requestOf } from "./run-request.ts";
import { target } from "./target.svelte.ts";

class Starting {
  busy = $state(false);
  /** Why the run could not be started, until the next attempt or until the page is left. */
  failure = $state.raw<Failure | undefined>(undefined);

  /** Adds the run to the queue, and shows it if the person is still waiting for it. A failure is shown as a toast if they are not. */
  async start(onBattery: boolean): Promise<void> {
    const started = draft.now;
    if (!started?.model || this.busy) return;
    this.busy = true;
    this.failure = undefined;
    target.stop();
    try {
      const { id } = await main.runs.start({ ...requestOf(started), onBattery });
      if (isSamePlan(started, draft.now)) draft.change({ run: id });
      if (isAwaited()) router.go({ page: "trim", run: id });
    } catch (error) {
      const failure = failureOf(error);
      if (!isAwaited()) return tellFailure(failure);
      this.failure = failure;
      void target.update(); // goes on with the measurement that was stopped
    } finally {
      this.busy = false;
    }
  }
}

const isAwaited = () => router.route.page === "target";

/** Whether a draft would still start this run. */
const isSamePlan = (started: WizardDraft, now: WizardDraft | undefined): boolean =>
  (["model", "sources", "patch", "goal", "time", "name"] as const).every(
    (part) => started[part] === now?.[part],
  );

export const starting = new Starting();
