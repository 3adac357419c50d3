/** Valid numbers at random, made by their authorities' published procedures, which the detector does not see. */
import type { Random } from "../../../native-models/random.ts";

export function digits(random: Random, count: number, first = 0): string {
  return Array.from({ length: count }, (_, i) =>
    i === 0 ? first + random.integer(10 - first) : random.integer(10),
  ).join("");
}

export function pick<Value>(random: Random, values: readonly Value[]): Value {
  return values[random.integer(values.length)]!;
}

/** In groups of so many characters. */
export function grouped(number: string, ...sizes: readonly number[]): string {
  const groups: string[] = [];
  let from = 0;
  for (let i = 0; from < number.length; i++) {
    const size = sizes[Math.min(i, sizes.length - 1)]!;
    groups.push(number.slice(from, from + size));
    from += size;
  }
  return groups.join(" ");
}

/** ISO 13616: 98 less the remainder of BBAN, country and 00. */
export function iban(random: Random, country: "DE" | "GB"): string {
  const bban =
    country === "DE"
      ? digits(random, 18, 1)
      : `${pick(random, ["NWBK", "MIDL", "LOYD"])}${digits(random, 14)}`;
  const written = (bban + country).replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  const check = 98n - (BigInt(`${written}00`) % 97n);
  return `${country}${String(check).padStart(2, "0")}${bban}`;
}

/** Luhn: the digit that makes the sum a multiple of ten. */
export function card(random: Random): string {
  const body = pick(random, ["4", "51", "54"]) + digits(random, 13);
  const number = body.slice(0, 15);
  return withCheck(number, (all) => {
    let sum = 0;
    for (let i = 0; i < all.length; i++) {
      let digit = Number(all[all.length - 1 - i]);
      if (i % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
      sum += digit;
    }
    return sum % 10 === 0;
  });
}

/** The digit that a rule accepts at the end; undefined numbers are tried again by the callers. */
function withCheck(number: string, accepts: (all: string) => boolean): string {
  for (let digit = 0; digit < 10; digit++) if (accepts(number + String(digit))) return number + String(digit);
  return "";
}

function crossSum(value: number): number {
  return value > 9 ? 1 + (value - 10) : value;
}

/** § 290 SGB V: the letter as two digits, weights 1 and 2 by turns, cross sums. */
export function healthInsurance(random: Random): string {
  const letter = String.fromCharCode(65 + random.integer(26));
  const body = digits(random, 8);
  const all = String(letter.charCodeAt(0) - 64).padStart(2, "0") + body;
  let sum = 0;
  for (const [i, digit] of [...all].entries()) sum += crossSum(Number(digit) * (i % 2 === 0 ? 1 : 2));
  return `${letter}${body}${sum % 10}`;
}

/** § 2 VKVV: area, date of birth, letter of the name at birth, serial number, check digit. */
export function pensionInsurance(random: Random): string {
  const birth =
    `${pick(random, ["03", "11", "27"])}${pick(random, ["04", "08", "12"])}${40 + random.integer(60)}`.slice(
      0,
      6,
    );
  const letter = String.fromCharCode(65 + random.integer(26));
  const [area, serial] = [pick(random, ["12", "15", "25", "65"]), digits(random, 2)];
  const all = `${area}${birth}${String(letter.charCodeAt(0) - 64).padStart(2, "0")}${serial}`;
  const factors = "212571212121";
  let sum = 0;
  for (const [i, digit] of [...all].entries()) {
    const product = Number(digit) * Number(factors[i]);
    sum += Math.trunc(product / 10) + (product % 10);
  }
  return `${area}${birth}${letter}${serial}${sum % 10}`;
}

/** Bundeszentralamt für Steuern: eleven digits, one of the first ten twice, none of the others again. */
export function taxId(random: Random): string {
  for (;;) {
    const order = [...random.permutation(10)];
    order[9] = order[random.integer(9)]!;
    if (order[0] === 0) continue;
    let product = 10;
    for (const digit of order) {
      let sum = (digit + product) % 10;
      if (sum === 0) sum = 10;
      product = (2 * sum) % 11;
    }
    const check = 11 - product;
    return `${order.join("")}${check === 10 ? 0 : check}`;
  }
}

/** "DE", eight digits, a check digit by the same procedure. */
export function vatNumber(random: Random): string {
  const body = digits(random, 8, 1);
  let product = 10;
  for (const digit of body) product = (2 * ((Number(digit) + product) % 10 || 10)) % 11;
  return `DE${body}${(11 - product) % 10}`;
}

/** NHS data dictionary: modulus 11, numbers with the check digit 10 are not given out. */
export function nhs(random: Random): string {
  for (;;) {
    const body = digits(random, 9, 4);
    let total = 0;
    for (let i = 0; i < 9; i++) total += Number(body[i]) * (10 - i);
    const check = 11 - (total % 11);
    if (check !== 10) return body + String(check === 11 ? 0 : check);
  }
}

export function socialSecurity(random: Random): string {
  return `${100 + random.integer(560)}-${10 + random.integer(89)}-${1000 + random.integer(8999)}`;
}

export function nationalInsurance(random: Random): string {
  return `${pick(random, ["AB", "JK", "PX", "SE", "YT"])}${digits(random, 6)}${pick(random, ["A", "B", "C", "D"])}`;
}
