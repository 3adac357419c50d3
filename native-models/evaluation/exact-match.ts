/** Exact match of a generated answer with the expected one. */

/** The sign before decimals; the other one may separate thousands. */
export type DecimalSign = "." | ",";

/**
 * Whether two answers are equal after normalisation. "3.125" is three and an eighth in English, three thousand and more in German: numbers of
 * the expected answer that can only be read in one way ("3.125,00") decide for both answers, otherwise `usual`, the decimal sign of their
 * language, does. Different currencies, or one and a percent sign, are different answers; SQuAD's normalisation drops these signs, so
 * an answer may do without.
 */
export function isExactMatch(generated: string, expected: string, usual: DecimalSign = "."): boolean {
  const sign = decimalSignIn(expected) ?? usual;
  const units = unitsIn(expected);
  const otherUnits = unitsIn(generated);
  const haveSameUnits = units === "" || otherUnits === "" || units === otherUnits;
  return haveSameUnits && normaliseAnswer(generated, sign) === normaliseAnswer(expected, sign);
}

/** The currency and percent signs of an answer, each once. */
function unitsIn(answer: string): string {
  return [...new Set(answer.normalize("NFKC").match(/[\p{Sc}%‰]/gu))].sort().join("");
}

/** The decimal sign of an answer's first number that can only be read in one way; null if there is none. */
function decimalSignIn(answer: string): DecimalSign | null {
  const words = wordsOf(answer);
  const readings = words.map((word, index) => (isNumbering(words, index) ? [] : readNumber(word)));
  return readings.find((found) => found.length === 1)?.[0]!.decimal ?? null;
}

/**
 * An answer normalised for exact match: SQuAD's normalisation (lower case, no punctuation, no articles, single spaces; arXiv
 * 1606.05250, its evaluate-v1.1.py), with German articles too, as in MLQA's (arXiv 1910.07475), except that a number keeps its sign and its
 * decimals and loses thousands separators, because −3.5 is not 35; a decimal comma is a decimal point. Other points and commas
 * between digits also stay, and other punctuation there becomes a space: 1.2.2020, 5–6. DROP's evaluation also treats numbers separately
 * (arXiv 1903.00161). `sign` decides for numbers such as "10.000" and "1,234". The number of a clause or version is not a decimal number:
 * Section 1.10 is not Section 1.1. An answer of which nothing would be left keeps its articles, or its punctuation: the choice "A", or "+",
 * is not an empty answer.
 */
export function normaliseAnswer(answer: string, sign: DecimalSign = "."): string {
  const words = wordsOf(answer);
  const bare = words
    .map((word, index) => {
      const number = isNumbering(words, index) ? null : numberOf(word, sign);
      return number ?? word.replace(PUNCTUATION, "");
    })
    .filter((word) => /[\p{L}\p{N}]/u.test(word)); // of emoji, invisible characters are left
  const [kept = []] = [bare.filter((word) => !ARTICLES.has(word)), bare, words].filter(
    ({ length }) => length > 0,
  );
  return kept.join(" ");
}

/** The words of an answer in lower case; numbers without spaces between thousands. */
function wordsOf(answer: string): string[] {
  return answer
    .normalize("NFC")
    .replace(FULL_WIDTH, (character) => character.normalize("NFKC"))
    .toLowerCase()
    .replace(/\u2212/g, "-")
    .replace(SPACED_THOUSANDS, (number) => number.replace(/\s/g, ""))
    .replace(BETWEEN_NUMBERS, " ")
    .split(/\s+/)
    .filter((word) => word !== "");
}

const ARTICLES: ReadonlySet<string> = new Set(
  "a an the der die das den dem des ein eine einen einem einer eines".split(" "),
);

/** What clauses and versions are called before their numbers. */
const NUMBERED: ReadonlySet<string> = new Set(
  "§ §§ article chapter clause paragraph section version artikel abs absatz abschnitt kapitel klausel nr nummer ziff ziffer".split(
    " ",
  ),
);

/** Whether a word is the number of a clause or a version by what is before it: "§ 1.10", "Version 1.10". */
function isNumbering(words: readonly string[], index: number): boolean {
  const before = words[index - 1]?.replace(/[^\p{L}§]/gu, "");
  return words[index]!.includes("§") || (before !== undefined && NUMBERED.has(before));
}

/** Latin letters, digits and marks as wide as Chinese and Japanese characters: "１２％". */
const FULL_WIDTH = /[\uff01-\uff5e]/g;

/** "1 234,50", as French writes it, with spaces of any width. */
const SPACED_THOUSANDS = /(?<![\p{L}\p{N}.,'’]|\p{N}\s)[1-9]\d{0,2}(?:\s\d{3})+(?![\p{L}\p{N}]|\s\p{N})/gu;

/** "5–6", "10:30", "2019/20": other signs than those within a number. */
const BETWEEN_NUMBERS = /(?<=\p{N})(?![.,'’]\p{N})[^\p{L}\p{N}\s]+(?=\p{N})/gu;

/** Punctuation and symbols, except points and commas between digits. */
const PUNCTUATION = /(?!(?<=\p{N})[.,]\p{N})[\p{P}\p{S}]/gu;

/** Digits that are whole, with a separator of thousands or none; in Switzerland, it is an apostrophe. */
const whole = (separator: string) =>
  String.raw`(?:(?!0${separator})\d{1,3}(?:${separator}\d{3})+|[1-9]\d{0,2}(?:['’]\d{3})+|\d+)`;
/** Numbers with each decimal sign: punctuation, a sign, a currency ("US$"), digits, letters ("m", "bn"), and punctuation again. */
const NUMBERS = [
  { decimal: ".", pattern: numberPattern(String.raw`${whole(",")}(?:\.\d+)?|\.\d+`) },
  { decimal: ",", pattern: numberPattern(String.raw`${whole(String.raw`\.`)}(?:,\d+)?`) },
] as const;

function numberPattern(digits: string): RegExp {
  return new RegExp(
    String.raw`^[^\p{L}\p{N}.+-]*([+-]?)(?:(\p{L}*)\p{Sc})?(${digits})(\p{L}*)[^\p{L}\p{N}]*$`,
    "u",
  );
}

interface Reading {
  readonly decimal: DecimalSign;
  readonly minus: string;
  readonly currency: string;
  readonly digits: string;
  readonly unit: string;
}

/** How a word can be read as a number: in one way, in both, or in none. */
function readNumber(word: string): Reading[] {
  return NUMBERS.flatMap(({ decimal, pattern }) => {
    const found = pattern.exec(word);
    if (!found) return [];
    const [, sign, currency = "", digits = "", unit = ""] = found;
    return [{ decimal, minus: sign === "-" ? "-" : "", currency, digits, unit }];
  });
}

/** A word that is a number, in canonical form; null if it is not a number. `sign`: its decimal sign if it could be either. */
function numberOf(word: string, sign: DecimalSign): string | null {
  const read = readNumber(word);
  const one = read.length === 2 ? read.find(({ decimal }) => decimal === sign) : read[0];
  if (!one) return null;
  const [units = "", fraction = ""] = one.digits.split(one.decimal);
  // "10.000" may be ten thousand, so it is not 10.
  const decimals = read.length === 2 && fraction === "000" ? fraction : fraction.replace(/0+$/, "");
  const integer = units.replace(/\D/g, "").replace(/^0+/, "") || "0";
  return `${one.minus}${one.currency}${integer}${decimals && `.${decimals}`}${one.unit}`;
}
