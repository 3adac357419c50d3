/** Lets the models read a question while it is typed, so that the answer starts immediately; its tokens are counted at once. */
import { main } from "../bridge.ts";
import { failureOf } from "../messages/failures.ts";

/** After this pause in typing, the models read the draft. */
const PAUSE_MS = 300;

type Draft = Parameters<typeof main.conversations.readAhead>[0];
/** What the draft continues. */
type Conversation = Omit<Draft, "content" | "passages">;

export class ReadingAhead {
  /** The number of tokens that the first model reads when the draft is sent; null while that is not known. */
  tokens = $state<number | null>(null);
  readonly #conversation: () => Conversation | null;
  #draft = "";
  #passages: Draft["passages"] = null;
  /** Reading stays off after a failure until a question is asked. */
  #isOn = true;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #reading: AbortController | null = null;

  /** `conversation`: what the draft continues; null while nothing may be read. */
  constructor(conversation: () => Conversation | null) {
    this.#conversation = conversation;
  }

  /** Called as the person types; returns whether a draft was begun. */
  write(draft: string, passages: Draft["passages"]): boolean {
    const isBegun = this.#draft === "" && draft.trim() !== "";
    this.#draft = draft.trim();
    this.#passages = passages;
    this.readSoon();
    return isBegun;
  }

  /** The draft was sent or given up. */
  forget(): void {
    this.#draft = "";
    this.tokens = null;
  }

  /** Reads the draft after a pause. */
  readSoon(): void {
    clearTimeout(this.#pause);
    if (this.#draft !== "") return void (this.#pause = setTimeout(() => void this.#read(), PAUSE_MS));
    this.tokens = null;
    this.stop();
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
      const draft = { ...conversation, content: this.#draft, passages: this.#passages };
      await main.conversations.readAhead(draft, ({ tokens }) => (this.tokens = tokens), signal);
    } catch (error) {
      if (signal.aborted || failureOf(error).code === "context-full") return;
      this.#isOn = false;
      this.tokens = null;
    }
  }
}
