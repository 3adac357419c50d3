/** The writings on this computer, kept up to date, and figures about them. */
import { countsOf, ThrownReason } from "../../preload/contract/questions/written-questions.ts";
import type { Writing } from "../../preload/contract/questions/written-questions.ts";
import { main } from "../bridge.ts";

export const isActive = ({ state }: Writing): boolean =>
  state === "writing" || state === "waiting" || state === "waiting-for-power";

/** Why questions were thrown away, the most frequent reason first. */
export const thrownReasons = ({ thrown }: Pick<Writing, "thrown">) =>
  ThrownReason.options
    .map((reason) => ({ reason, count: thrown[reason] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);

/** How many questions were written from a data set, and how many of them a person has checked; they are deleted with the data set. */
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

/** The share of a writing's passages that are done. */
export function doneShare({ passages: { done, of } }: Writing): number {
  return of === 0 ? 1 : done / of;
}

/** Passages per minute so far; undefined before the first. */
export function paceOf({ passages, seconds }: Writing): number | undefined {
  return passages.done === 0 || seconds === 0 ? undefined : (60 * passages.done) / seconds;
}

/** Expected seconds for `passages` passages, at the model's pace so far on this computer; undefined if it has never written. */
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

  /** Reads all writings and follows their changes; returns the function that stops following. */
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

  /** Runs `work`, and keeps its failure to show it. */
  async attempt(work: () => Promise<unknown>): Promise<void> {
    this.problem = undefined;
    try {
      await work();
    } catch (error) {
      this.problem = error;
    }
  }
}
