/** Lets the models read a question while it is typed, so that the answer starts immediately. */
import { main } from "../bridge.ts";

/** After this pause in typing, the models read the draft. */
const PAUSE_MS = 300;

type Draft = Parameters<typeof main.conversations.readAhead>[0];

export class ReadingAhead {
  readonly #conversation: () => Omit<Draft, "content"> | null;
  #draft = "";
  /** Reading stays off after a failure until a question is asked. */
  #isOn = true;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #reading: AbortController | null = null;

  /** `conversation`: what the draft continues; null while nothing may be read. */
  constructor(conversation: () => Omit<Draft, "content"> | null) {
    this.#conversation = conversation;
  }

  /** Called as the person types; returns whether a draft was begun. */
  write(draft: string): boolean {
    const isBegun = this.#draft === "" && draft.trim() !== "";
    this.#draft = draft.trim();
    this.readSoon();
    return isBegun;
  }

  /** The draft was sent or given up. */
  forget(): void {
    this.#draft = "";
  }

  /** Reads the draft after a pause. */
  readSoon(): void {
    clearTimeout(this.#pause);
    if (this.#draft === "") this.stop();
    else this.#pause = setTimeout(() => void this.#read(), PAUSE_MS);
  }

  stop(): void {
    clearTimeout(this.#pause);
    this.#reading?.abort();
  }

  /** Called when a question is asked, which needs the model. */
  release(): void {
    this.stop();
    this.#isOn = true;
  }

  /** Failures are not shown here: the answer will fail in the same way and report it. */
  async #read(): Promise<void> {
    this.stop();
    const conversation = this.#conversation();
    if (!conversation || !this.#isOn) return;
    const { signal } = (this.#reading = new AbortController());
    try {
      await main.conversations.readAhead({ ...conversation, content: this.#draft }, () => {}, signal);
    } catch {
      if (!signal.aborted) this.#isOn = false;
    }
  }
}
