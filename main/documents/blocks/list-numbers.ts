/** The numbers of headings and list items as programs show them: "3.", "§ 2", "1.1", "(b)". */

export type NumberFormat =
  | "decimal"
  /** With a zero before a single digit: 01, 02. */
  | "decimalZero"
  | "lowerLetter"
  | "upperLetter"
  | "russianLower"
  | "russianUpper"
  | "lowerRoman"
  | "upperRoman"
  | "none";

/** A level of a numbered list. */
export interface NumberedLevel {
  readonly format: NumberFormat;
  /** What is shown, as "%1.%2)": %1 is the number of the outermost level. */
  readonly text: string;
  readonly start: number;
  /** Whether its label shows the numbers of all levels as digits. */
  readonly isLegal?: boolean;
  /** How many of the outermost levels have items after which it starts over: none if 0; undefined for all outer levels. */
  readonly restartsAfter?: number | undefined;
}

/** Number formats by the signs that HTML and OpenDocument use for them. */
export const FORMAT_BY_SIGN: Readonly<Record<string, NumberFormat>> = {
  "1": "decimal",
  "01, 02, 03, ...": "decimalZero", // of LibreOffice
  a: "lowerLetter",
  A: "upperLetter",
  i: "lowerRoman",
  I: "upperRoman",
};

/** Counts an item of the level `index` in `numbers`, the numbers of all levels. Returns those down to its own level. */
export function countOn(
  numbers: (number | undefined)[],
  index: number,
  levels: readonly (NumberedLevel | undefined)[],
): number[] {
  const startOf = (level: number) => levels[level]?.start ?? 1;
  numbers[index] = (numbers[index] ?? startOf(index) - 1) + 1;
  for (let deeper = index + 1; deeper < numbers.length; deeper++)
    if (index < (levels[deeper]?.restartsAfter ?? deeper)) numbers[deeper] = undefined;
  for (let outer = 0; outer < index; outer++) numbers[outer] ??= startOf(outer);
  return numbers.slice(0, index + 1) as number[];
}

/** Far longer than in real documents; a label is repeated for each item. */
const LONGEST_LABEL_CHARACTERS = 100;

/** The label before the text, made from the numbers of all levels down to its own; empty if it has none. */
export function labelOf(levels: readonly (NumberedLevel | undefined)[], numbers: readonly number[]): string {
  const own = levels[numbers.length - 1];
  if (!own) return "";
  const label = own.text.slice(0, LONGEST_LABEL_CHARACTERS).replace(/%([1-9])/g, (_, digit: string) => {
    const [level, number] = [levels[Number(digit) - 1], numbers[Number(digit) - 1]];
    if (number === undefined) return "";
    const format = level?.format ?? "decimal";
    return writtenNumber(number, own.isLegal && format !== "decimalZero" ? "decimal" : format);
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

/** A list's number in its format; empty for "none". */
export function writtenNumber(number: number, format: NumberFormat): string {
  switch (format) {
    case "none":
      return "";
    case "lowerLetter":
      return letters(number);
    case "upperLetter":
      return letters(number).toUpperCase();
    case "russianLower":
      return letters(number, RUSSIAN_LETTERS);
    case "russianUpper":
      return letters(number, RUSSIAN_LETTERS).toUpperCase();
    case "lowerRoman":
      return roman(number).toLowerCase();
    case "upperRoman":
      return roman(number);
    case "decimalZero":
      return String(number).padStart(2, "0");
    case "decimal":
      return String(number);
  }
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
/** As Word counts with them. */
const RUSSIAN_LETTERS = "абвгдежзиклмнопрстуфхцчшщэюя";
/** Up to "zzz"; longer lists have digits. */
const MOST_REPEATED = 3;

/** a to z, then aa, bb and so on, as in Word. */
function letters(number: number, alphabet = LETTERS): string {
  if (number < 1 || number > MOST_REPEATED * alphabet.length) return String(number);
  return alphabet[(number - 1) % alphabet.length]!.repeat(Math.ceil(number / alphabet.length));
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
