/** Who is answered next: one request at a time, in the order in which they came. */
import { AppError } from "../../../native-models/failure.ts";
import { Refused } from "./refused.ts";

export const MOST_WAITING = 32;

export class Queue {
  readonly #waiting: (() => void)[] = [];
  #isBusy = false;

  /** Runs `work` when its turn comes; an abort before frees its place. Throws `Refused` (429) if too many wait, and `cancelled`. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#isBusy) await this.#turn(signal);
    this.#isBusy = true;
    try {
      if (signal.aborted) throw new AppError({ code: "cancelled" });
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#isBusy = false;
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length >= MOST_WAITING)
      throw new Refused(
        429,
        "too_many_requests",
        `${MOST_WAITING} requests are waiting already; try again later.`,
      );
    return new Promise((resolve, reject) => {
      const next = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(next), 1);
        reject(new AppError({ code: "cancelled" }));
      };
      this.#waiting.push(next);
      signal.addEventListener("abort", leave, { once: true });
    });
  }
}
