/** The time for which a run is active: it stands still while the computer sleeps or the process is stopped. */

/** Up to this much time between two readings is never taken for sleep. */
const SHORT_SECONDS = 10;
/** A process that works uses at least this share of a core, also while a graphics card does most of it. */
const LEAST_CORES = 0.1;

/**
 * Seconds since it was created, without those in which the process did not run. Some systems' clocks keep running while the computer sleeps,
 * after which a run would seem to be out of time and make all remaining cuts in one round. A run reads it at every batch.
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

  /** The seconds that `seconds` leaves out. */
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
