/** Exact match of a generated answer with the expected one. */

/** Whether two answers are equal after normalisation. */
export function isExactMatch(generated: string, expected: string): boolean {
  return normaliseAnswer(generated) === normaliseAnswer(expected);
}

/**
 * An answer normalised for exact match: SQuAD's normalisation (lower case, no punctuation, no articles, single spaces; arXiv
 * 1606.05250, its evaluate-v1.1.py), except that a number keeps its sign and its decimals and loses thousands separators,
 * because −3.5 is not 35; a decimal comma is a decimal point. DROP's evaluation also treats numbers separately (arXiv 1903.00161).
 * An answer of which nothing would be left keeps its articles, or its punctuation: the choice "A", or "+", is not an empty answer.
 */
export function normaliseAnswer(answer: string): string {
  const words = answer
    .normalize("NFC")
    .toLowerCase()
    .replace(/\u2212/g, "-")
    .split(/\s+/)
    .filter((word) => word !== "");
  const bare = words
    .map((word) => numberOf(word) ?? word.replace(/[\p{P}\p{S}]/gu, ""))
    .filter((word) => /[\p{L}\p{N}]/u.test(word)); // of emoji, invisible characters are left
  const [kept = []] = [bare.filter((word) => !ARTICLES.has(word)), bare, words].filter(
    ({ length }) => length > 0,
  );
  return kept.join(" ");
}

const ARTICLES: ReadonlySet<string> = new Set(["a", "an", "the"]);

/** Digits with commas between thousands or none, and a decimal point. */
const WITH_POINT = String.raw`(?:(?!0,)\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+`;
/**
 * Digits with points between thousands or none, and a decimal comma, as German writes them: "1.234,5". In 1 to 3 digits, a comma and
 * 3 more, such as "1,234", the comma separates thousands.
 */
const WITH_COMMA = String.raw`(?:\d{1,3}(?:\.\d{3})+|\d{4,}|0),\d+|\d+,(?:\d{1,2}|\d{4,})`;
/** Punctuation, a sign, a currency, digits, and punctuation again. */
const NUMBER = new RegExp(
  String.raw`^[^\p{L}\p{N}.+-]*([+-]?)\p{Sc}?(?:(${WITH_POINT})|(${WITH_COMMA}))[^\p{L}\p{N}]*$`,
  "u",
);

/** A word that is a number, in canonical form; null if it is not a number. */
function numberOf(word: string): string | null {
  const [, sign, withPoint, withComma] = NUMBER.exec(word) ?? [];
  const digits = withPoint?.replaceAll(",", "") ?? withComma?.replaceAll(".", "").replace(",", ".");
  if (digits === undefined) return null;
  const [whole, fraction] = digits.split(".");
  const decimals = (fraction ?? "").replace(/0+$/, "");
  return `${sign === "-" ? "-" : ""}${whole!.replace(/^0+/, "") || "0"}${decimals && `.${decimals}`}`;
}
