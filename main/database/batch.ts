import { AppError } from "../../native-models/failure.ts";

/**
 * Collects items and writes them together, `intervalMs` after the first: one commit instead of many. Items that the disk refused are
 * kept, and the next call throws the reason; `write` must write all of them or none.
 */
export class Batch<Item> {
  readonly #intervalMs: number;
  readonly #write: (items: readonly Item[]) => void;
  #waiting: Item[] = [];
  #timer: NodeJS.Timeout | undefined;
  #refused = false;

  constructor(intervalMs: number, write: (items: readonly Item[]) => void) {
    this.#intervalMs = intervalMs;
    this.#write = write;
  }

  /** Adds an item, to be written within the interval. If the last write failed, tries again immediately and throws what `write` throws. */
  add(item: Item): void {
    this.#waiting.push(item);
    if (this.#refused) this.flush();
    else this.#timer ??= setTimeout(() => this.#flushLater(), this.#intervalMs);
  }

  /** Writes waiting items now. Throws what `write` throws. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    try {
      this.#write(this.#waiting);
      this.#waiting = [];
      this.#refused = false;
    } catch (error) {
      this.#refused = error instanceof AppError;
      if (!this.#refused) this.#waiting = []; // a bug in one item would block all that follow
      throw error;
    }
  }

  #flushLater(): void {
    try {
      this.flush();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
}
