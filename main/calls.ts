/** The calls to the application that are in progress; they can be held back while nothing may be written. */

/** Calls that take longer are not waited for: they wait for a person or a network, and write nothing before that. */
const PATIENCE_MS = 10_000;

interface Running {
  readonly stopping: AbortController;
  readonly ended: Promise<unknown>;
}

export class Calls {
  readonly #running = new Set<Running>();
  readonly #onEnd: () => void;
  #held: Promise<void> | null = null;

  /** `onEnd` is called when no call is in progress any more. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  get areInProgress(): boolean {
    return this.#running.size > 0;
  }

  /** Answers a call with `work`, whose signal is also aborted when calls are held back. */
  async answer<Answer>(
    work: (signal: AbortSignal) => Answer | Promise<Answer>,
    cancelled?: AbortSignal,
  ): Promise<Answer> {
    while (this.#held) await this.#held;
    const stopping = new AbortController();
    const stop = () => stopping.abort();
    if (cancelled?.aborted) stop();
    cancelled?.addEventListener("abort", stop, { once: true });
    const answer = (async () => work(stopping.signal))();
    const running = { stopping, ended: answer.catch(() => {}) };
    this.#running.add(running);
    try {
      return await answer;
    } finally {
      this.#running.delete(running);
      cancelled?.removeEventListener("abort", stop);
      if (!this.areInProgress) this.#onEnd();
    }
  }

  /** Cancels the calls being answered and waits for them; later ones wait until the returned function is called. */
  async hold(patienceMs = PATIENCE_MS): Promise<() => void> {
    let goOn = () => {};
    const held = new Promise<void>((resolve) => (goOn = resolve));
    this.#held = held;
    await this.cancel(patienceMs);
    return () => {
      this.#held = null;
      goOn();
    };
  }

  /** Cancels the calls being answered, and waits for them to clean up. */
  async cancel(patienceMs: number): Promise<void> {
    for (const { stopping } of this.#running) stopping.abort();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, patienceMs)));
    await Promise.race([late, Promise.all([...this.#running].map(({ ended }) => ended))]);
    clearTimeout(timer);
  }
}
