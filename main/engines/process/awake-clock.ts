/** Checks at least this often, so that no more than this passes unnoticed. */
const CHECK_EVERY_MS = 1000;

/**
 * Counts time while the computer is awake and this process runs: while it slept, or this process was stopped, other processes could not
 * work either. Counts until `stop`.
 */
export class AwakeClock {
  readonly #everyMs: number;
  readonly #timer: NodeJS.Timeout;
  #awakeMs = 0;
  #checkedAt = performance.now();

  /** `onCheck` gets the milliseconds so far at each check. */
  constructor({ everyMs = CHECK_EVERY_MS, onCheck = (_: number): void => {} } = {}) {
    this.#everyMs = everyMs;
    this.#timer = setInterval(() => onCheck(this.milliseconds()), everyMs);
  }

  milliseconds(): number {
    const now = performance.now();
    this.#awakeMs += Math.min(now - this.#checkedAt, 2 * this.#everyMs);
    this.#checkedAt = now;
    return this.#awakeMs;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Calls `done` once the computer has been awake for `milliseconds`, unless its clock is stopped. */
export function awakeTimeout(done: () => void, milliseconds: number): Pick<AwakeClock, "stop"> {
  const clock = new AwakeClock({
    everyMs: Math.min(CHECK_EVERY_MS, milliseconds / 10),
    onCheck: (awakeMs) => {
      if (awakeMs < milliseconds) return;
      clock.stop();
      done();
    },
  });
  return clock;
}
