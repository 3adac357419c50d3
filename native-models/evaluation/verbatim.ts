/** Verbatim runs: how many consecutive words of an answer also occur in a row in other texts. */
import { writtenWords } from "./words.ts";

/** Shorter runs occur in any text of the language. */
const SHORTEST_RUN = 4;

export function wordsOf(text: string): string[] {
  return writtenWords(text).map(([word]) => word);
}

/**
 * The longest run of each answer, in time linear in the texts. What an answer copies from its own prompt does not count.
 */
export class VerbatimRuns {
  readonly #numbers = new Map<string, number>();
  readonly #answers: readonly Int32Array[];
  /** Where runs of the shortest length begin in the answers, by their words. */
  readonly #begins = new Map<string, { answer: number; at: number }[]>();
  /** For each place of an answer, the length of the run from there on that its prompt contains too. */
  readonly #copied: readonly Int32Array[];
  readonly longest: Int32Array;

  constructor(asked: readonly { readonly prompt: string; readonly answer: string }[]) {
    this.#answers = asked.map(({ answer }) =>
      Int32Array.from(wordsOf(answer), (word) => {
        const number = this.#numbers.get(word) ?? this.#numbers.size;
        this.#numbers.set(word, number);
        return number;
      }),
    );
    this.#copied = this.#answers.map((answer) => new Int32Array(answer.length));
    this.longest = new Int32Array(asked.length);
    for (const [answer, words] of this.#answers.entries())
      for (let at = 0; at + SHORTEST_RUN <= words.length; at++) {
        const key = words.subarray(at, at + SHORTEST_RUN).join();
        const known = this.#begins.get(key);
        if (known) known.push({ answer, at });
        else this.#begins.set(key, [{ answer, at }]);
      }
    for (const [own, { prompt }] of asked.entries())
      this.#runs(prompt, (answer, at, length) => {
        const copied = this.#copied[own]!;
        if (answer === own)
          for (let i = 0; i < length; i++) copied[at + i] = Math.max(copied[at + i]!, length - i);
      });
  }

  /** Looks for the answers' runs in a text. */
  add(text: string): void {
    this.#runs(text, (answer, at, length) => {
      if (length > this.#copied[answer]![at]!) this.longest[answer] = Math.max(this.longest[answer]!, length);
    });
  }

  /** Calls `take` for every run that a text shares with an answer and that cannot be made longer. */
  #runs(text: string, take: (answer: number, at: number, length: number) => void): void {
    const words = Int32Array.from(wordsOf(text), (word) => this.#numbers.get(word) ?? -1);
    for (let from = 0; from + SHORTEST_RUN <= words.length; from++) {
      const begins = this.#begins.get(words.subarray(from, from + SHORTEST_RUN).join());
      for (const { answer, at } of begins ?? []) {
        const own = this.#answers[answer]!;
        if (from > 0 && at > 0 && words[from - 1] === own[at - 1]) continue; // a part of one that was found
        let length = SHORTEST_RUN;
        while (
          from + length < words.length &&
          at + length < own.length &&
          words[from + length] === own[at + length]
        )
          length++;
        take(answer, at, length);
      }
    }
  }
}
