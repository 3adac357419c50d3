/** Texts that end an answer, however they are split into tokens. */

/** Holds text back while it may be the start of a stop text. */
export class StopFilter {
  readonly #stop: readonly string[];
  #held = "";

  constructor(stop: readonly string[]) {
    this.#stop = stop;
  }

  push(text: string): { text: string; stopped: boolean } {
    this.#held += text;
    const ends = this.#stop.map((stop) => this.#held.indexOf(stop)).filter((index) => index >= 0);
    if (ends.length > 0) return { text: this.#held.slice(0, Math.min(...ends)), stopped: true };
    const keep = Math.max(0, ...this.#stop.map((stop) => this.#beginningOf(stop)));
    const final = this.#held.slice(0, this.#held.length - keep);
    this.#held = this.#held.slice(this.#held.length - keep);
    return { text: final, stopped: false };
  }

  /** The number of characters at the end of the held text that start a stop text. */
  #beginningOf(stop: string): number {
    for (let length = Math.min(stop.length - 1, this.#held.length); length > 0; length--) {
      if (this.#held.endsWith(stop.slice(0, length))) return length;
    }
    return 0;
  }

  rest(): string {
    const held = this.#held;
    this.#held = "";
    return held;
  }
}
