/** The time in which a run is active. While the computer sleeps, or its process is stopped, none passes. */

/** So much between two looks is never taken for sleep. */
const SHORT_SECONDS = 10;
/** A process that works uses at least this share of a core, also while a graphics card does most of it. */
const LEAST_CORES = 0.1;

/**
 * Seconds since it was made, without those in which the process did not run. Some systems' clocks go on while the computer sleeps, so
 * that a run with little time left would cut at once all that it has to. Each reading looks at the clock; a run reads it at every batch.
 */
export class ActiveClock {
  readonly #now: () => number;
  readonly #worked: () => number;
  #active = 0;
  #asleep = 0;
  #lookedAt: number;
  #workedThen: number;

  /** `now`: in seconds; `worked`: processor seconds of this process. */
  constructor(now = () => performance.now() / 1000, worked = processorSeconds) {
    this.#now = now;
    this.#worked = worked;
    this.#lookedAt = now();
    this.#workedThen = worked();
  }

  get seconds(): number {
    this.#look();
    return this.#active;
  }

  /** What is left out of `seconds`. */
  get asleepSeconds(): number {
    this.#look();
    return this.#asleep;
  }

  #look(): void {
    const [now, worked] = [this.#now(), this.#worked()];
    const passed = now - this.#lookedAt;
    const active = Math.min(passed, Math.max(SHORT_SECONDS, (worked - this.#workedThen) / LEAST_CORES));
    this.#active += active;
    this.#asleep += passed - active;
    [this.#lookedAt, this.#workedThen] = [now, worked];
  }
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
