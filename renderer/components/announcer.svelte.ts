/** Announcements for screen readers during long work: at most one sentence in ten seconds, always the newest. */

const intervalMs = 10_000;

export class Announcer {
  /** For a region with aria-live="polite". */
  text = $state("");
  #waiting: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    if (this.#timer !== undefined) {
      this.#waiting = text;
      return;
    }
    this.text = text;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting !== undefined) this.say(waiting);
    }, intervalMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = undefined;
  }
}
