/** The numbers of headings and lists' items as a program shows them: "3.", "§ 2", "1.1", "(b)". */

export type NumberFormat = "decimal" | "lowerLetter" | "upperLetter" | "lowerRoman" | "upperRoman" | "none";

/** A level of a numbered list. */
export interface NumberedLevel {
  readonly format: NumberFormat;
  /** What is shown, as "%1.%2)": %1 is the number of the outermost level. */
  readonly text: string;
  readonly start: number;
  /** Whether the numbers of levels around are shown with digits. */
  readonly isLegal?: boolean;
}

/** What is shown before the text, by the numbers of all levels down to its own; empty if nothing is. */
export function labelOf(levels: readonly (NumberedLevel | undefined)[], numbers: readonly number[]): string {
  const own = levels[numbers.length - 1];
  if (!own) return "";
  const label = own.text.replace(/%([1-9])/g, (_, digit: string) => {
    const [level, number] = [levels[Number(digit) - 1], numbers[Number(digit) - 1]];
    if (number === undefined) return "";
    return formatted(number, own.isLegal ? "decimal" : (level?.format ?? "decimal"));
  });
  return label.replace(/\s+/g, " ").trim();
}

/** The mark of an item with this label: a bullet has no letters, and a bare number gets a point. */
export function itemMark(label: string): string {
  if (!/[\p{L}\p{N}]/u.test(label)) return "-";
  return /^[\p{L}\p{N}]+$/u.test(label) ? `${label}.` : label;
}

/** A heading after its label. */
export function labelled(label: string, text: string): string {
  return /[\p{L}\p{N}]/u.test(label) ? `${label} ${text}` : text;
}

function formatted(number: number, format: NumberFormat): string {
  switch (format) {
    case "none":
      return "";
    case "lowerLetter":
      return letters(number);
    case "upperLetter":
      return letters(number).toUpperCase();
    case "lowerRoman":
      return roman(number).toLowerCase();
    case "upperRoman":
      return roman(number);
    case "decimal":
      return String(number);
  }
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
/** "zzz"; a list with more has digits. */
const MOST_LETTERS = 78;

/** a to z, then aa to zz, as Word counts on. */
function letters(number: number): string {
  if (number < 1 || number > MOST_LETTERS) return String(number);
  return LETTERS[(number - 1) % LETTERS.length]!.repeat(Math.ceil(number / LETTERS.length));
}

const ROMAN: readonly (readonly [number, string])[] = Object.entries({
  M: 1000, CM: 900, D: 500, CD: 400, C: 100, XC: 90, L: 50, XL: 40, X: 10, IX: 9, V: 5, IV: 4, I: 1,
}).map(([letters, value]) => [value, letters]); // prettier-ignore
const MOST_ROMAN = 3999;

function roman(number: number): string {
  if (number < 1 || number > MOST_ROMAN) return String(number);
  let [rest, text] = [number, ""];
  for (const [value, letters] of ROMAN) for (; rest >= value; rest -= value) text += letters;
  return text;
}
