/** The writings of this computer as they go on: their list, and figures of them. */
import { countsOf } from "../../preload/contract/written-questions.ts";
import type { Writing } from "../../preload/contract/written-questions.ts";
import { main } from "../bridge.ts";

export const isActive = ({ state }: Writing): boolean =>
  state === "writing" || state === "waiting" || state === "waiting-for-power";

/** How many questions were written from a data set, and how many of them a person has looked at: they are deleted with it. */
export function writtenFrom(
  writings: readonly Writing[],
  dataSet: number,
): Pick<ReturnType<typeof countsOf>, "all" | "checked"> {
  const counts = writings.filter((writing) => writing.dataSet === dataSet).map(countsOf);
  const sum = (what: "all" | "checked") => counts.reduce((sum, one) => sum + one[what], 0);
  return { all: sum("all"), checked: sum("checked") };
}

export function thrownCount({ thrown }: Writing): number {
  return Object.values(thrown).reduce((sum, count) => sum + count, 0);
}

/** The share of its passages that are done. */
export function doneShare({ passages: { done, of } }: Writing): number {
  return of === 0 ? 1 : done / of;
}

/** Passages a minute so far; undefined before the first. */
export function paceOf({ passages, seconds }: Writing): number | undefined {
  return passages.done === 0 || seconds === 0 ? undefined : (60 * passages.done) / seconds;
}

/** Seconds for so many passages at the pace that a model has had here; undefined if it has never written. */
export function expectedSeconds(
  writings: readonly Writing[],
  model: string,
  passages: number,
): number | undefined {
  const before = writings.filter((writing) => writing.model === model && writing.passages.done > 0);
  const done = before.reduce((sum, writing) => sum + writing.passages.done, 0);
  const seconds = before.reduce((sum, writing) => sum + writing.seconds, 0);
  return done === 0 ? undefined : (passages * seconds) / done;
}

export class Writings {
  /** Newest first. */
  list = $state.raw<readonly Writing[] | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);
  readonly active = $derived(this.list?.find(isActive));

  /** Reads them and follows their changes; returns the function that stops it. */
  follow(): () => void {
    const stop = main.questions.changed((writing) => {
      if (!this.list) return;
      const isKnown = this.list.some(({ id }) => id === writing.id);
      this.list = isKnown
        ? this.list.map((other) => (other.id === writing.id ? writing : other))
        : [writing, ...this.list];
    });
    void this.read();
    return stop;
  }

  async read(): Promise<void> {
    await this.attempt(async () => {
      this.list = await main.questions.list();
    });
  }

  /** Does something, and keeps its failure. */
  async attempt(work: () => Promise<unknown>): Promise<void> {
    this.problem = undefined;
    try {
      await work();
    } catch (error) {
      this.problem = error;
    }
  }
}
