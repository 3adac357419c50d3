/** When the application ends by itself: no window is open, nothing is in progress, and the last notification has been shown. No electron. */

/** How long systems display a notification; a click on it opens the window at what has ended. */
const NOTICE_MS = 20_000;

export interface LeavingOptions {
  readonly hasWindow: () => boolean;
  /** Whether anything is in progress or waits for its turn. */
  readonly isNeeded: () => boolean;
  /** When the last notification was shown (Date.now). */
  readonly noticedAt: () => number;
  readonly quit: () => void;
}

export class Leaving {
  readonly #options: LeavingOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LeavingOptions) {
    this.#options = options;
  }

  /** Called when the last window was closed, and when something may have ended; what is announced or begun in response to that counts. */
  consider(): void {
    this.#lookIn(0);
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const { hasWindow, isNeeded, noticedAt, quit } = this.#options;
      if (hasWindow() || isNeeded()) return;
      const left = noticedAt() + NOTICE_MS - Date.now();
      if (left > 0) this.#lookIn(left);
      else quit();
    }, ms);
  }
}
