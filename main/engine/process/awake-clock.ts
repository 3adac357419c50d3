/** Looks at least this often, so that no more than this passes unnoticed. */
const LOOK_EVERY_MS = 1000;

/**
 * Counts time while the computer is awake and this process runs: while it slept, or this process was stopped, other processes could not
 * work either. Counts until `stop`.
 */
export class AwakeClock {
  readonly #everyMs: number;
  readonly #timer: NodeJS.Timeout;
  #awakeMs = 0;
  #lookedAt = performance.now();

  /** `onLook` gets the milliseconds so far each time that it looks. */
  constructor({ everyMs = LOOK_EVERY_MS, onLook = (_: number): void => {} } = {}) {
    this.#everyMs = everyMs;
    this.#timer = setInterval(() => onLook(this.milliseconds()), everyMs);
  }

  milliseconds(): number {
    const now = performance.now();
    this.#awakeMs += Math.min(now - this.#lookedAt, 2 * this.#everyMs);
    this.#lookedAt = now;
    return this.#awakeMs;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Calls `done` once the computer has been awake for `milliseconds`, unless its clock is stopped. */
export function awakeTimeout(done: () => void, milliseconds: number): Pick<AwakeClock, "stop"> {
  const clock = new AwakeClock({
    everyMs: Math.min(LOOK_EVERY_MS, milliseconds / 10),
    onLook: (awakeMs) => {
      if (awakeMs < milliseconds) return;
      clock.stop();
      done();
    },
  });
  return clock;
}
