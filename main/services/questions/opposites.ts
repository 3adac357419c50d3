/** Turns a question with the answer yes into one with the answer no. Small models do not write such questions: asked for no, they ask for yes. */
import type { Draft } from "./checks.ts";
import type { PromptWords } from "./prompt-words.ts";

const YEAR = /(?<!\p{N})(?:19|20)\d\d(?!\p{N})/u;
/** The figure of an amount, which may be a decimal fraction or have its thousands separated. */
const FIGURE = /\p{N}+(?:[.,]\p{N}+)*/gu;

/**
 * An amount or a date of the same form that a text does not have: another year of a date, another first digit of a number. Null if there is
 * none; also for "1 day", beside which a plural would not fit, and for amounts of several figures.
 */
export function anotherAmount(text: string, source: string): string | null {
  return similarAmounts(text).find((other) => !source.includes(other)) ?? null;
}

function similarAmounts(text: string): string[] {
  const [year] = YEAR.exec(text) ?? [];
  if (year !== undefined) return [1, 2, 3].map((years) => text.replace(YEAR, String(Number(year) - years)));
  const [figure = "0", ...others] = text.match(FIGURE) ?? [];
  if (others.length > 0 || figure === "1" || figure.startsWith("0")) return [];
  const first = Number(figure[0]);
  const nextDigits = Array.from({ length: 8 }, (_, i) => 2 + ((first - 1 + i) % 8)); // from 2 to 9
  return nextDigits.map((digit) => text.replace(figure, `${digit}${figure.slice(1)}`));
}

/** The question with another amount in place of its own, and the answer no; the same question if it does not contain the amount once. */
export function opposite(draft: Draft, amount: string, passage: string, { yes, no }: PromptWords): Draft {
  const other = anotherAmount(amount, passage);
  const parts = draft.question.split(amount);
  if (other === null || parts.length !== 2) return draft;
  return { ...draft, question: parts.join(other), answer: no + draft.answer.slice(yes.length) };
}
