/** Words before a number that say what it is: "Konto-Nr.: 12345". */

/** How far before a number its label may begin. */
const REACH = 72;

/**
 * A label is one of the alternatives as a whole word, `asWritten` in these letters only: "EIN" labels a number, "ein" does not. It is
 * followed by at most 28 characters without a digit, such as " lautet: "; or, `closely`, only by marks and words like "in". It may be on
 * the line or in the cell before.
 */
export function labelOf(alternatives: string, how?: "closely" | "asWritten"): RegExp {
  const between =
    how === "closely"
      ? "[ :|,.-]{0,6}(?:(?:in|an|at|is|ist|lautet|der|die|the|now|jetzt|of)[ :]{1,2}){0,2}"
      : "[^\\d\\n]{0,28}";
  const nextLine = "[^\\d\\n\\p{L}]{0,12}\\n[^\\S\\n]{0,12}";
  return new RegExp(
    `(?<!\\p{L})(?:${alternatives})(?!\\p{L})(?:${between}|${nextLine})$`,
    how === "asWritten" ? "u" : "iu",
  );
}

/** Whether a label precedes `start`. */
export function isLabelled(text: string, start: number, label: RegExp): boolean {
  return label.test(text.slice(Math.max(0, start - REACH), start));
}

const A_DATE = "(?:\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{2,4}|\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2})";
const YEARS = "(?:19|20)\\d\\d ?[-–/] ?(?:19|20)\\d\\d(?!\\d)";
const AMOUNT = "(?:\\d{1,3}(?:[.,' ]\\d{3})+|\\d+)(?:[.,](?:\\d\\d|-{1,2}|–))? ?";
const CURRENCY = "(?:[€$£]|(?<!\\p{L})(?:euros?|eur|usd|gbp|chf|dollars?|pounds?)(?!\\p{L}))";
const currencyBefore = new RegExp(`${CURRENCY} ?$`, "iu");
const quantity = new RegExp(
  `^(?:${A_DATE}(?![\\p{L}\\d/]|\\.\\d)|${YEARS}|${AMOUNT}${CURRENCY}(?! ?\\d))`,
  "iu",
);

/** Whether the number at `start` is a date, years or an amount of money: then it identifies nobody, whatever its label. */
export function isQuantity(text: string, start: number): boolean {
  return (
    quantity.test(text.slice(start, start + REACH)) ||
    currencyBefore.test(text.slice(Math.max(0, start - 8), start))
  );
}
