/** What a model is asked, in one language. */
import type { AskedSentence } from "./asked-sentences.ts";

export interface PromptWords {
  /** The answer to what a passage does not say. */
  readonly notInText: string;
  readonly yes: string;
  readonly no: string;
  /** Words that questions begin with, as alternatives of a regular expression. */
  readonly asksWhat: string;
  readonly asksWhether: string;
  text(passage: string): string;
  write(asked: AskedSentence): string;
  /** Asks a question about the text. */
  answer(question: string): string;
  /** Asks which sentence of the text answers it. */
  find(question: string): string;
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
