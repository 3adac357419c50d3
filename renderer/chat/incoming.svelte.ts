/** The answer being generated: its first piece is shown immediately, later ones in batches a few times a second. */

const showMs = 50;

export interface LiveAnswer {
  lane: number;
  /** Of the message; null while the model is loading. */
  id: number | null;
  text: string;
  /** The number of pieces, which is about the number of tokens. */
  tokens: number;
  startedAt: number;
}

export class Incoming {
  answer = $state.raw<LiveAnswer | null>(null);
  #text = "";
  #pieces = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onShow: (answer: LiveAnswer) => void;

  /** `onShow` is called with the shown text. */
  constructor(onShow: (answer: LiveAnswer) => void) {
    this.#onShow = onShow;
  }

  begin(lane: number, id: number | null): void {
    this.end();
    this.answer = { lane, id, text: "", tokens: 0, startedAt: performance.now() };
  }

  add(text: string): void {
    this.#text += text;
    this.#pieces++;
    if (this.answer?.text === "") this.show();
    else this.#timer ??= setTimeout(() => this.show(), showMs);
  }

  /** Shows everything received so far. */
  show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.answer && this.#text !== "") {
      const { text, tokens } = this.answer;
      this.answer = { ...this.answer, text: text + this.#text, tokens: tokens + this.#pieces };
      this.#onShow(this.answer);
    }
    this.#text = "";
    this.#pieces = 0;
  }

  end(): void {
    this.show();
    this.answer = null;
  }
}
