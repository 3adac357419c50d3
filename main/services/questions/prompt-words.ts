/** What a model is asked, in one language. */
import type { AskedSentence } from "./asked-sentences.ts";

export interface PromptWords {
  /** The answer to what a passage does not say. */
  readonly notInText: string;
  readonly yes: string;
  readonly no: string;
  text(passage: string): string;
  write(asked: AskedSentence): string;
  /** Asks a question about the text; `again`: in other words. */
  answer(question: string): string;
  again(question: string): string;
  /** Asks without any text. */
  fromMemory(question: string): string;
  /** Whether the text answers the question. */
  isAnswered(question: string): string;
  /** A text, and what was asked about it and answered. */
  readonly example: {
    readonly text: string;
    readonly turns: readonly (readonly [asked: string, answer: string])[];
  };
}
