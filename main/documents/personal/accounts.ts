/** Account and card numbers. */
import { getCountrySpecifications, isValidIBAN } from "ibantools";
import { isCard, isRoutingNumber } from "./check-digits.ts";
import { matching } from "./found.ts";
import type { Found } from "./found.ts";
import { isLabelled, isQuantity, labelOf } from "./labels.ts";

const IBAN_START = /(?<![\p{L}\p{N}])[A-Z]{2} ?\d\d(?=[ -]?[A-Z\d])/gu;
const IBAN_LABEL = labelOf("iban");
const LONGEST_IBAN = 48;
const COUNTRIES = getCountrySpecifications();
const CARD = /(?<![\p{L}\d.,-])\d{4}[ -]?\d{4,6}[ -]?\d{4,5}(?:[ -]?\d{1,4})?(?![\p{L}\d]|[.,]\d)/gu;
const CARD_LABEL = labelOf(
  "karten?(?:nummer|-?nr)|(?:credit|debit) ?card(?: number| no)?|card (?:number|no)|kreditkarte|visa|mastercard",
);
const NUMBER = /(?<![\p{L}\d.,/-])\d[\d -]{2,22}\d(?![\p{L}\d])/gu;
const ACCOUNT_LABEL = labelOf(
  "(?:giro|spar|bank|post|gehalts|tagesgeld|depot|kredit)?konto(?:nummer|-?nr)?|kto|depot(?:nummer|-?nr)|account(?: number| no| #)|acct(?: no| #)?|a/c(?: no)?|acc(?:ount)? no",
);
const BANK_LABEL = labelOf("blz|bankleitzahl");
const SORT_CODE_LABEL = labelOf("sort ?code");
const ROUTING_LABEL = labelOf("routing(?: number| no)?|aba|rtn");

export function* accounts(text: string): Generator<Found> {
  yield* ibans(text);
  yield* matching("account", text, CARD, (number, start) => {
    const plain = number.replace(/[ -]/g, "");
    if (plain.length < 13 || plain.length > 19) return false;
    return (plain.length >= 15 && isCard(plain)) || isLabelled(text, start, CARD_LABEL);
  });
  yield* matching("account", text, NUMBER, (number, start) => isAccount(text, start, number));
}

function isAccount(text: string, start: number, number: string): boolean {
  const is = (label: RegExp) => isLabelled(text, start, label);
  const digits = number.replace(/\D/g, "");
  if (digits.length < 5) return false;
  if (digits.length === 6 && is(SORT_CODE_LABEL)) return true;
  if ((digits.length === 8 || digits.length === 5) && is(BANK_LABEL)) return true; // German or Austrian
  if (isRoutingNumber(digits) && is(ROUTING_LABEL)) return true;
  return digits.length <= 17 && is(ACCOUNT_LABEL) && !isQuantity(text, start);
}

/** Finds IBANs by their check digits; after the word IBAN, also with wrong ones. */
function* ibans(text: string): Generator<Found> {
  for (const { index: start, 0: head } of text.matchAll(IBAN_START)) {
    const length = COUNTRIES[head.slice(0, 2)]?.chars;
    if (!length) continue;
    const [number, characters] = compacted(text.slice(start, start + LONGEST_IBAN), length);
    if (number.length < length || /[A-Z\d]/i.test(text[start + characters] ?? "")) continue;
    if (isValidIBAN(number) || isLabelled(text, start, IBAN_LABEL))
      yield { kind: "account", start, end: start + characters };
  }
}

/** The first `length` letters and digits, without spaces between them, and how many characters of `text` they take. */
function compacted(text: string, length: number): [number: string, characters: number] {
  let number = "";
  let at = 0;
  for (; at < text.length && number.length < length; at++) {
    if (/[A-Z\d]/.test(text[at]!)) number += text[at];
    else if (!/[ -]/.test(text[at]!)) break;
  }
  return [number, at];
}
