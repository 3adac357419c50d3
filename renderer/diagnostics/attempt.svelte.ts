/** What a dialog does: whether it is under way, and why it failed. */
import type { Failure } from "../../native-models/failure.ts";
import { failureOf } from "../messages/failures.ts";
import { tellFailure } from "./tell-failure.ts";

export class Attempt {
  busy = $state(false);
  failure = $state.raw<Failure | undefined>(undefined);
  isLeft = false;

  /** The dialog's page was left: a failure is shown at the edge of the window from now on. */
  readonly leave = (): void => {
    this.isLeft = true;
  };

  /** Whether `act` succeeded. */
  async at(act: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    this.failure = undefined;
    try {
      await act();
      return true;
    } catch (error) {
      this.failure = failureOf(error);
      if (this.isLeft) tellFailure(this.failure);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
