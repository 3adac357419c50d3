/** The comparison that the page shows, or what failed. */
import type { Compared } from "../../preload/contract/calls/compare.ts";
import { main } from "../bridge.ts";

export class Comparing {
  compared = $state.raw<Compared | undefined>(undefined);
  /** What failed, and how to retry it. */
  problem = $state.raw<{ error: unknown; retry: () => void } | undefined>(undefined);
  #asked = 0;

  /** Compares these runs. The result is ignored if other runs have been chosen in the meantime. */
  async read(runs: readonly string[]): Promise<void> {
    const asked = ++this.#asked;
    this.problem = undefined;
    this.compared = undefined;
    if (runs.length === 0) return;
    try {
      const compared = await main.compare.get({ runs: [...runs] });
      if (asked === this.#asked) this.compared = compared;
    } catch (error) {
      if (asked === this.#asked) this.problem = { error, retry: () => void this.read(runs) };
    }
  }

  /** Saves a file, unless the person cancels. */
  async save(work: () => Promise<string | null>, onsaved: (path: string) => void): Promise<void> {
    this.problem = undefined;
    try {
      const path = await work();
      if (path !== null) onsaved(path);
    } catch (error) {
      this.problem = { error, retry: () => void this.save(work, onsaved) };
    }
  }
}
