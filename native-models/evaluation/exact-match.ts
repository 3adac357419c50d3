/** Exact match of a generated answer with the expected one. */

/** Whether two answers are equal after normalisation. */
export function isExactMatch(generated: string, expected: string): boolean {
  return normaliseAnswer(generated) === normaliseAnswer(expected);
}

/**
 * An answer normalised for exact match: SQuAD's normalisation (lower case, no punctuation, no articles, single spaces; arXiv
 * 1606.05250, its evaluate-v1.1.py), except that a number keeps its sign and decimal point and loses thousands separators,
 * because −3.5 is not 35. DROP's evaluation also treats numbers separately (arXiv 1903.00161).
 */
export function normaliseAnswer(answer: string): string {
  const words = answer
    .normalize("NFC")
    .toLowerCase()
    .replace(/\u2212/g, "-")
    .split(/\s+/);
  return words
    .map((word) => numberOf(word) ?? word.replace(/[\p{P}\p{S}]/gu, ""))
    .filter((word) => word !== "" && word !== "a" && word !== "an" && word !== "the")
    .join(" ");
}

/** Punctuation, a sign, a currency, digits with or without thousands separators, and punctuation again. */
const NUMBER = /^[^\p{L}\p{N}.+-]*([+-]?)\p{Sc}?((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)[^\p{L}\p{N}]*$/u;

/** A word that is a number, in canonical form; null if it is not a number. */
function numberOf(word: string): string | null {
  const [, sign, digits] = NUMBER.exec(word) ?? [];
  if (digits === undefined) return null;
  const [whole, fraction] = digits.replace(/,/g, "").split(".");
  const decimals = (fraction ?? "").replace(/0+$/, "");
  return `${sign === "-" ? "-" : ""}${whole!.replace(/^0+/, "") || "0"}${decimals && `.${decimals}`}`;
}
