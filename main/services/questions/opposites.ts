/** Turns a question with the answer yes into one with the answer no. Small models do not write such questions: asked for no, they ask for yes. */
import { anotherAmount } from "./amounts.ts";
import type { Draft } from "./draft.ts";
import type { PromptWords } from "./prompt-words.ts";

/** The question with another amount in place of its own, and the answer no; the same question if it does not contain the amount once. */
export function opposite(draft: Draft, amount: string, passage: string, { yes, no }: PromptWords): Draft {
  const other = anotherAmount(amount, passage);
  const parts = draft.question.split(amount);
  if (other === null || parts.length !== 2) return draft;
  return { ...draft, question: parts.join(other), answer: no + draft.answer.slice(yes.length) };
}
