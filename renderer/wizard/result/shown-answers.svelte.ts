/** A page of a depth's graded answers. */
import type { Failure } from "../../../native-models/failure.ts";
import type { Answers } from "../../../preload/contract/calls/runs.ts";
import { main } from "../../bridge.ts";
import { failureOf } from "../../messages/failures.ts";

export class ShownAnswers {
  /** The last page that could be read; null until then. */
  page = $state.raw<Answers | null>(null);
  failure = $state.raw<Failure | null>(null);
  #asked = 0;

  /** Reads a page. The result is ignored if a later read has started. */
  async read(what: Parameters<typeof main.runs.answers>[0]): Promise<void> {
    const asked = ++this.#asked;
    try {
      const page = await main.runs.answers(what);
      if (asked !== this.#asked) return;
      this.page = page;
      this.failure = null;
    } catch (error) {
      if (asked === this.#asked) this.failure = failureOf(error);
    }
  }
}
