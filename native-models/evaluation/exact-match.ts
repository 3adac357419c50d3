/** Exact match of a generated answer with the expected one. */

/** The sign before decimals; the other one may separate thousands. */
type DecimalSign = "." | ",";

/**
 * Whether two answers are equal after normalisation. "10.000" is ten thousand in German and ten in English, so both are read in one way,
 * and then both in the other.
 */
export function isExactMatch(generated: string, expected: string): boolean {
  const isEqual = (sign: DecimalSign) => normaliseAnswer(generated, sign) === normaliseAnswer(expected, sign);
  return isEqual(".") || isEqual(",");
}

/**
 * An answer normalised for exact match: SQuAD's normalisation (lower case, no punctuation, no articles, single spaces; arXiv
 * 1606.05250, its evaluate-v1.1.py), with German articles too, as in MLQA's (arXiv 1910.07475), except that a number keeps its sign and its
 * decimals and loses thousands separators, because −3.5 is not 35; a decimal comma is a decimal point. DROP's evaluation also treats
 * numbers separately (arXiv 1903.00161). `sign` decides for numbers such as "10.000" and "1,234". An answer of which nothing would be left
 * keeps its articles, or its punctuation: the choice "A", or "+", is not an empty answer.
 */
export function normaliseAnswer(answer: string, sign: DecimalSign = "."): string {
  const words = answer
    .normalize("NFC")
    .replace(FULL_WIDTH, (character) => character.normalize("NFKC"))
    .toLowerCase()
    .replace(/\u2212/g, "-")
    .replace(SPACED_THOUSANDS, (number) => number.replace(/\s/g, ""))
    .split(/\s+/)
    .filter((word) => word !== "");
  const bare = words
    .map((word) => numberOf(word, sign) ?? word.replace(/[\p{P}\p{S}]/gu, ""))
    .filter((word) => /[\p{L}\p{N}]/u.test(word)); // of emoji, invisible characters are left
  const [kept = []] = [bare.filter((word) => !ARTICLES.has(word)), bare, words].filter(
    ({ length }) => length > 0,
  );
  return kept.join(" ");
}

const ARTICLES: ReadonlySet<string> = new Set(
  "a an the der die das den dem des ein eine einen einem einer eines".split(" "),
);

/** Latin letters, digits and marks as wide as Chinese and Japanese characters: "１２％". */
const FULL_WIDTH = /[\uff01-\uff5e]/g;

/** "1 234,50", as French writes it, with spaces of any width. */
const SPACED_THOUSANDS = /(?<![\p{L}\p{N}.,'’]|\p{N}\s)[1-9]\d{0,2}(?:\s\d{3})+(?![\p{L}\p{N}]|\s\p{N})/gu;

/** Digits that are whole, with a separator of thousands or none; in Switzerland, it is an apostrophe. */
const whole = (separator: string) =>
  String.raw`(?:(?!0${separator})\d{1,3}(?:${separator}\d{3})+|[1-9]\d{0,2}(?:['’]\d{3})+|\d+)`;
/** Numbers with each decimal sign: punctuation, a sign, a currency, digits, and punctuation again. */
const NUMBERS = [
  { decimal: ".", pattern: numberPattern(String.raw`${whole(",")}(?:\.\d+)?|\.\d+`) },
  { decimal: ",", pattern: numberPattern(String.raw`${whole(String.raw`\.`)}(?:,\d+)?`) },
] as const;

function numberPattern(digits: string): RegExp {
  return new RegExp(String.raw`^[^\p{L}\p{N}.+-]*([+-]?)\p{Sc}?(${digits})[^\p{L}\p{N}]*$`, "u");
}

/** A word that is a number, in canonical form; null if it is not a number. `sign`: its decimal sign if it could be either. */
function numberOf(word: string, sign: DecimalSign): string | null {
  const read = NUMBERS.flatMap(({ decimal, pattern }) => {
    const [, minus, digits] = pattern.exec(word) ?? [];
    return digits === undefined ? [] : [{ decimal, minus, digits }];
  });
  const one = read.length === 2 ? read.find(({ decimal }) => decimal === sign) : read[0];
  if (!one) return null;
  const [units = "", fraction = ""] = one.digits.split(one.decimal);
  // "10.000" may be ten thousand, so it is not 10.
  const decimals = read.length === 2 && fraction === "000" ? fraction : fraction.replace(/0+$/, "");
  const integer = units.replace(/\D/g, "").replace(/^0+/, "") || "0";
  return `${one.minus === "-" ? "-" : ""}${integer}${decimals && `.${decimals}`}`;
}
