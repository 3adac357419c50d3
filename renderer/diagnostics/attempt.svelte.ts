/** An action of a person, such as that of a dialog: whether it is in progress, and why it failed. */
import type { Failure } from "../../native-models/failure.ts";
import { failureOf } from "../messages/failures.ts";
import { tellFailure } from "./tell-failure.ts";

export class Attempt {
  busy = $state(false);
  failure = $state.raw<Failure | undefined>(undefined);
  isLeft = false;

  /** Called when the page is left: from then on, a failure is shown as a toast. */
  readonly leave = (): void => {
    this.isLeft = true;
  };

  /** Runs `act`; returns whether it succeeded. `act` returns false if the person calls it off, as in the system's dialogs. */
  async at(act: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    this.failure = undefined;
    try {
      return (await act()) !== false;
    } catch (error) {
      this.failure = failureOf(error);
      if (this.isLeft) tellFailure(this.failure);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
