/** Telephone and fax numbers. */
import type { Found } from "./found.ts";
import { isDate, isLabelled, labelOf } from "./labels.ts";

const LABEL = labelOf(
  "tel|tele(?:f|ph)on(?:e|nummer|-?nr|isch(?: erreichbar)?)?|(?:tele)?fax(?:nummer|-?nr)?|mobil(?:e|telefon|nummer|funk)?|handy(?:nummer)?|rufnummer|durchwahl|" +
    "phone(?: number)?|cell(?:ular)?(?: phone)?|hotline|toll[- ]free|call|dial|text|anruf(?:en)?|erreichbar unter|erreichen|reach (?:me|us) (?:at|on)|whatsapp",
);

/** Digits in groups: "+49 (0)30 / 123-45 67", "(555) 123-4567", "0171 2345678". */
const GROUPED =
  /(?<![\p{L}\p{N}.,/+-])(?:\+|\(\+?)?\d{1,5}\)?(?: ?[-–/.()]? ?\(?\d{1,8}\)?){0,7}(?![\p{L}\d])/gu;
const MOST_DIGITS = 16;
const NORTH_AMERICAN = /^(?:\+?1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-.])\d{3}[-. ]\d{4}$/;
/** North American numbers after a postcode or another number: "DC 20500 (202) 555-0143". */
const AMONG_OTHERS = /(?<=^| )(?:\([2-9]\d\d\) ?|[2-9]\d\d[-.])\d{3}[-. ]\d{4}(?=$| )/g;
/** An area code, a separator, and a number that does not begin with 0; or a German, Austrian or Swiss mobile number in one piece. */
const NATIONAL =
  /^\(?0[1-9]\d{0,4}(?:\)[ -]?|[ /-]{1,3})[1-9]\d{1,7}(?:[ /-]\d{1,5}){0,4}$|^(?:01[5-7]\d{8,9}|06[5-9]\d{7,9}|07[5-9]\d{7})$/;
const MOST_NATIONAL_DIGITS = 13;
/** "0815/2024" is the number of an entry in a register. */
const OF_YEAR = /^\d+\/(?:19|20)\d\d$/;

export function* phones(text: string): Generator<Found> {
  for (const { index, 0: match } of text.matchAll(GROUPED)) {
    const number = withoutRest(match);
    const digits = number.replace(/\D/g, "").length;
    const start = index + match.indexOf(number);
    if (digits <= MOST_DIGITS && isOne(text, start, number, digits))
      yield { kind: "phone", start, end: start + number.length };
    else
      for (const { index: at, 0: own } of match.matchAll(AMONG_OTHERS))
        yield { kind: "phone", start: index + at, end: index + at + own.length };
  }
}

function isOne(text: string, start: number, number: string, digits: number): boolean {
  return isPhone(number, digits) || (digits >= 6 && !isDate(number) && isLabelled(text, start, LABEL));
}

/** Without the marks after it, and without a bracket around it: "(020 7946 0566)". */
function withoutRest(match: string): string {
  const number = match.replace(/[-–/. (]+$/, "");
  if (!number.endsWith(")")) return number.includes(")") ? number : number.replace(/^\(/, "");
  const inside = number.slice(0, -1);
  return inside.includes(")") || !inside.startsWith("(") ? inside : inside.slice(1);
}

function isPhone(number: string, digits: number): boolean {
  if (digits < 7) return false;
  if (NORTH_AMERICAN.test(number)) return true;
  const plain = number.replace("–", "-");
  if (/^\(?(?:\+|00[1-9])/.test(plain)) return digits >= 8 && digits <= 15;
  return NATIONAL.test(plain) && digits <= MOST_NATIONAL_DIGITS && !isDate(number) && !OF_YEAR.test(plain);
}
