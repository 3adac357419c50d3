/** Numbers with check digits. Every function takes a number without separators. */

const digitsOf = (number: string): number[] => Array.from(number, Number);
const digitSum = (value: number): number => Math.floor(value / 10) + (value % 10);
const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

/** A card's number (ISO/IEC 7812): of a known issuer, by Luhn's formula. */
export function isCard(number: string): boolean {
  if (!/^(?:4|5[1-5]|2[2-7]|3[4-9]|6[0245]|30)/.test(number)) return false;
  return (
    sum(
      digitsOf(number)
        .reverse()
        .map((digit, i) => (i % 2 === 0 ? digit : digitSum(2 * digit))),
    ) %
      10 ===
    0
  );
}

/** A US bank's routing number. */
export function isRoutingNumber(number: string): boolean {
  return number.length === 9 && sum(digitsOf(number).map((digit, i) => digit * [3, 7, 1][i % 3]!)) % 10 === 0;
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
  const digits = digitsOf(withLetterAsDigits(number));
  const check = digits.pop();
  return sum(digits.map((digit, i) => digitSum(digit * (1 + (i % 2))))) % 10 === check;
}

const PENSION_WEIGHTS = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];

/** A German Rentenversicherungsnummer: area, date of birth, letter, serial number, check digit. */
export function isPensionInsurance(number: string): boolean {
  const digits = digitsOf(withLetterAsDigits(number));
  const check = digits.pop();
  return sum(digits.map((digit, i) => digitSum(digit * PENSION_WEIGHTS[i]!))) % 10 === check;
}

const AUSTRIAN_WEIGHTS = [3, 7, 9, 0, 5, 8, 4, 2, 1, 6];

/** An Austrian Sozialversicherungsnummer: serial number, check digit, and a date of birth, whose month may be up to 15. */
export function isAustrianInsurance(number: string): boolean {
  if (!/^[1-9]\d{3}(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-5])\d\d$/.test(number)) return false;
  const digits = digitsOf(number);
  return sum(digits.map((digit, i) => digit * AUSTRIAN_WEIGHTS[i]!)) % 11 === digits[3];
}

/** A Swiss AHV number: an EAN-13 with the country's code. */
export function isSwissInsurance(number: string): boolean {
  return (
    /^756\d{10}$/.test(number) &&
    sum(digitsOf(number).map((digit, i) => digit * (i % 2 === 0 ? 1 : 3))) % 10 === 0
  );
}

/** A number of the National Health Service: modulus 11. */
export function isNhs(number: string): boolean {
  const digits = digitsOf(number);
  const check = digits.pop();
  return (11 - (sum(digits.map((digit, i) => digit * (10 - i))) % 11)) % 11 === check;
}
