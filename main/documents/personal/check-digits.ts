/** Numbers with check digits. Every function takes a number without separators. */

const digitsOf = (number: string): number[] => Array.from(number, Number);
const digitSum = (value: number): number => Math.floor(value / 10) + (value % 10);
const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

/** The sum of a number's digits, each times a weight; the weights repeat. */
const weighted = (
  number: string,
  weights: readonly number[],
  termOf = (product: number) => product,
): number => sum(digitsOf(number).map((digit, i) => termOf(digit * weights[i % weights.length]!)));

/** A card's number (ISO/IEC 7812): of a known issuer, by Luhn's formula. */
export function isCard(number: string): boolean {
  if (!/^(?:4|5[1-5]|2[2-7]|3[4-9]|6[0245]|30)/.test(number)) return false;
  return weighted(number, number.length % 2 === 0 ? [2, 1] : [1, 2], digitSum) % 10 === 0;
}

/** A US bank's routing number. */
export function isRoutingNumber(number: string): boolean {
  return number.length === 9 && weighted(number, [3, 7, 1]) % 10 === 0;
}

/** ISO 7064 MOD 11,10, the last digit of German tax and VAT numbers. */
export function isMod11And10(number: string): boolean {
  const digits = digitsOf(number);
  const check = digits.pop();
  const product = digits.reduce((product, digit) => (((digit + product) % 10 || 10) * 2) % 11, 10);
  return check === (11 - product) % 10;
}

/** A German Steuer-Identifikationsnummer: among its first ten digits, exactly one occurs two or three times. */
export function isTaxId(number: string): boolean {
  if (!/^[1-9]\d{10}$/.test(number) || !isMod11And10(number)) return false;
  const counts = new Map<string, number>();
  for (const digit of number.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return repeated.length === 1 && repeated[0]! <= 3;
}

/** The two digits of a letter in German insurance numbers: A is 01. */
const withLetterAsDigits = (number: string): string =>
  number.replace(/[A-Z]/, (letter) => String(letter.charCodeAt(0) - 64).padStart(2, "0"));

/** A German Krankenversichertennummer: a letter, eight digits, a check digit. */
export function isHealthInsurance(number: string): boolean {
  const digits = withLetterAsDigits(number);
  return weighted(digits.slice(0, -1), [1, 2], digitSum) % 10 === Number(digits.at(-1));
}

const PENSION_WEIGHTS = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];

/** A German Rentenversicherungsnummer: area, date of birth, letter, serial number, check digit. */
export function isPensionInsurance(number: string): boolean {
  const digits = withLetterAsDigits(number);
  return weighted(digits.slice(0, -1), PENSION_WEIGHTS, digitSum) % 10 === Number(digits.at(-1));
}

const AUSTRIAN_WEIGHTS = [3, 7, 9, 0, 5, 8, 4, 2, 1, 6];

/** An Austrian Sozialversicherungsnummer: serial number, check digit, and a date of birth, whose month may be up to 15. */
export function isAustrianInsurance(number: string): boolean {
  if (!/^[1-9]\d{3}(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-5])\d\d$/.test(number)) return false;
  return weighted(number, AUSTRIAN_WEIGHTS) % 11 === Number(number[3]);
}

/** A Swiss AHV number: an EAN-13 with the country's code. */
export function isSwissInsurance(number: string): boolean {
  return /^756\d{10}$/.test(number) && weighted(number, [1, 3]) % 10 === 0;
}

const NHS_WEIGHTS = [10, 9, 8, 7, 6, 5, 4, 3, 2];

/** A number of the National Health Service: modulus 11. */
export function isNhs(number: string): boolean {
  return (11 - (weighted(number.slice(0, -1), NHS_WEIGHTS) % 11)) % 11 === Number(number.at(-1));
}
