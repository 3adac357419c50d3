/** Limits the rate of events for display: frequent ones are thinned out, and none is delayed by more than the interval. */
import type { RunEvent } from "../../../preload/contract/runs/run.ts";

const thinned: ReadonlySet<RunEvent["event"]> = new Set(["step", "progress"]);

/** Passes on steps and progress at most every `intervalMs`, only the newest of each; everything else immediately, in order. */
export class EventPace {
  readonly #pass: (event: RunEvent) => void;
  readonly #intervalMs: number;
  readonly #waiting = new Map<RunEvent["event"], RunEvent>();
  #timer: NodeJS.Timeout | null = null;

  constructor(pass: (event: RunEvent) => void, intervalMs = 250) {
    this.#pass = pass;
    this.#intervalMs = intervalMs;
  }

  add(event: RunEvent): void {
    if (!thinned.has(event.event)) {
      this.flush();
      return this.#pass(event);
    }
    this.#waiting.set(event.event, event);
    this.#timer ??= setTimeout(() => this.flush(), this.#intervalMs);
  }

  /** Passes on waiting events. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const event of waiting) this.#pass(event);
  }
}
