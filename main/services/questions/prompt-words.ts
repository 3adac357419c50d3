/** The wording of prompts in one language. */
import type { AskedSentence } from "./asked-sentences.ts";

export interface PromptWords {
  /** The answer to a question that a passage does not answer. */
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
  /** An example text, with questions and answers about it. */
  readonly example: {
    readonly text: string;
    /** Where it takes place; a model that confuses it with the passage names these. */
    readonly places: readonly string[];
    readonly turns: readonly (readonly [asked: string, answer: string])[];
  };
}
