/** Numbers of persons, e-mail addresses, dates of birth and addresses: German, Austrian, Swiss, British, of the United States. */
import { getCountrySpecifications, isValidIBAN } from "ibantools";
import {
  ANY_STREET,
  ENGLISH_STREET,
  GERMAN_PLACE,
  GERMAN_STREET,
  GERMAN_TOWN,
  POST_BOX,
  POSTCODE,
} from "./addresses.ts";
import type { PersonalKind } from "../../../preload/contract/data/personal.ts";
import type { Found } from "./found.ts";
import { isLabelled, isQuantity, labelOf } from "./labels.ts";

/** Whether a match, which begins at `start`, is one of its kind. */
type IsOne = (match: string, text: string, start: number) => boolean;

/** Not within a longer number or word. */
const form = (pattern: string, flags = ""): RegExp =>
  new RegExp(`(?<![\\p{L}\\d]|[.,-](?=\\d))(?:${pattern})(?![\\p{L}\\d]|[.,]\\d)`, `gu${flags}`);

const MONTHS =
  "jan(?:uar|uary)?|jänner|feb(?:er|ruar|ruary)?|märz|mrz|mar(?:ch)?|apr(?:il)?|mai|may|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?";
const YEAR = "(?:18|19|20)\\d\\d";
const IBANS = Object.entries(getCountrySpecifications()).flatMap(([country, { chars }]) =>
  chars ? `${country} ?\\d\\d(?:[ -]?[A-Z\\d]){${chars - 4}}` : [],
);
const PHONE_LABEL = labelOf(
  "tel|tele(?:f|ph)on(?:e|nummer|-?nr|isch(?: erreichbar)?)?|(?:tele)?fax(?:nummer|-?nr)?|mobil(?:e|telefon|nummer|funk)?|handy(?:nummer)?|rufnummer|durchwahl|" +
    "phone(?: number)?|cell(?:ular)?(?: phone)?|hotline|toll[- ]free|call|dial|text|anruf(?:en)?|erreichbar unter|erreichen|reach (?:me|us) (?:at|on)|whatsapp",
);
const BIRTH_LABEL = labelOf(
  "geboren(?:e|er|en)?|geb(?=[. ])|geb\\.?-?dat(?:um)?|geburtsdatum|geburtstag|geburtsdat|born|birth|b\\.(?= ?$)|d\\.?o\\.?b|date of birth|birth ?da(?:te|y)|\\*|né|née",
);
const TOWN_LABEL = labelOf(
  "plz(?: ?[/,] ?(?:wohn)?ort)?|postleitzahl|wohnhaft(?: in)?|wohnort|anschrift|adresse|wohnsitz",
  "closely",
);
const POSTCODE_LABEL = labelOf("plz|postleitzahl|zip(?: code)?|postal code", "closely");
const STREET_LABEL = labelOf(
  "wohnhaft|wohnt|(?:wohn|post|privat|melde)?(?:anschrift|adresse)|stra(?:ß|ss)e(?: ?(?:und|/|,|&) ?(?:haus-?)?n(?:umme)?r\\.?)?|(?:home|postal|mailing)? ?address|residing at|resident (?:at|of)|lives at|living at",
  "closely",
);
const CARD_LABEL = labelOf(
  "karten?(?:nummer|-?nr)|(?:credit|debit) ?card(?: number| no)?|card (?:number|no)|kreditkarte|visa|mastercard",
);
const ACCOUNT_LABEL = labelOf(
  "(?:giro|spar|bank|post|gehalts|tagesgeld|depot|kredit)?konto(?:nummer|-?nr)?|kto|depot(?:nummer|-?nr)|account(?: number| no| #)|acct(?: no| #)?|a/c(?: no)?|acc(?:ount)? no|" +
    "blz|bankleitzahl|(?:routing|aba)(?: number| no)|rtn",
);
/** Its number may look like a date. */
const SORT_CODE_LABEL = labelOf("sort ?code");
const INSURANCE_LABEL = labelOf(
  "(?:\\p{L}{1,20}-?)?versicher(?:ten|ungs)(?:[\\p{L}-]{0,20}(?:nummer|nr|schein|police)|vertrag,? (?:nr|nummer))|vers(?:icherten)?\\.?-?n(?:umme)?r|" +
    "(?:[krs]|ah)v-?n(?:umme)?r|ahvn13|policen-?n(?:umme)?r|policy(?: number| no| #)?|(?:insurance|member|medicare|subscriber|group)(?: id| number| no| #)|medicare|medicaid|nhs(?: number| no)?|" +
    "social security(?: number| no)?|ssn|national insurance(?: number| no)?|ni(?:no| number| no)|nino",
);
/** As written, because "the police" has no number. */
const POLICE = labelOf("Police(?= ?(?:mit der )?(?:[Nn](?:umme)?r)?[^\\p{L}]{0,8}$)", "asWritten");
const TAX_LABEL = labelOf(
  "steuer-?(?:n(?:umme)?r|id(?:ent)?(?:ifikations)?-?(?:nummer|nr)?)|st\\.? ?-?n(?:umme)?r|stnr|id-?nr|identifikationsnummer|tax(?:payer)? ?(?:id(?:entification)?(?: number| no)?|number|no|ref(?:erence)?)|" +
    "employer identification(?: number| no)?|itin|utr|unique taxpayer reference|vat(?: number| no| reg(?:istration)?(?: number| no)?| id)?|ust\\.?-?id(?:\\.?-?n(?:umme)?r)?|umsatzsteuer-?id[\\p{L}-]{0,28}|uid(?:-nummer)?",
);
/** "ein" is an article. */
const EMPLOYER = labelOf("EIN|TIN", "asWritten");

const EMAIL = form(
  "[\\p{L}\\p{N}_%+][\\p{L}\\p{N}._%+'-]{0,63}(?:@| ?[([](?:at|AT)[)\\]] ?)(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?\\.){1,8}\\p{L}{2,24}",
);
const DATE = form(
  [
    `\\d{1,2}[./-] ?\\d{1,2}[./-] ?(?:${YEAR}|\\d\\d)`,
    `${YEAR}[-/.]\\d{1,2}[-/.]\\d{1,2}`,
    `\\d{1,2}(?:\\.|st|nd|rd|th)?(?: of)?[ -](?:${MONTHS})\\.?,?[ -](?:${YEAR}|\\d\\d)`,
    `(?:${MONTHS})\\.? \\d{1,2}(?:st|nd|rd|th)?,? ${YEAR}`,
  ].join("|"),
  "i",
);
const NORTH_AMERICAN = form(
  "(?<![+.,/-])(?:\\+?1[-. ])?(?:\\([2-9]\\d\\d\\) ?|[2-9]\\d\\d[-.])\\d{3}[-. ]\\d{4}",
);
/** An area code, a separator, and a number that does not begin with 0; or a mobile number in one piece. */
const NATIONAL =
  /^(?:(?:\(0[1-9]\d{0,4}\)[ –-]?|0[1-9]\d{0,4}[ /–-]{1,3})[1-9]\d{1,7}(?:[ /–-]\d{1,5}){0,4}|01[5-7]\d{8,9}|06[5-9]\d{7,9}|07[5-9]\d{7})$/;
/** Digits in groups, perhaps one in brackets: "+49 (0)30 / 123-45 67", "(555) 123-4567", "0171 2345678". */
const GROUPED = form(
  "(?<![./+-])(?:\\(\\+?\\d{1,5}\\)|\\+?\\d{1,5})(?: ?[-–/.]? ?(?:\\(\\d{1,8}\\)|\\d{1,8})){0,7}",
);
const IBAN = form(`(?=[A-Z]{2} ?\\d)(?:${IBANS.join("|")})`);
const CARD = form("\\d{4}[ -]?\\d{4,6}[ -]?\\d{4,5}(?:[ -]?\\d{1,4})?");
const ACCOUNT = form("(?<!/)\\d[\\d -]{3,22}\\d");
const GERMAN_HEALTH = form("[A-Z]\\d{3} ?\\d{3} ?\\d{3}");
const GERMAN_PENSION = form("\\d\\d[ -]?\\d{6}[ -]?[A-Z][ -]?\\d\\d[ -]?\\d");
/** "1237 010180": a serial number, a check digit, and the date of birth, whose month may be up to 15. */
const AUSTRIAN = form("(?<!/)[1-9]\\d{3}[ /-](?:0[1-9]|[12]\\d|3[01]) ?(?:0[1-9]|1[0-5]) ?\\d\\d");
/** The AHV number: "756.9217.0769.85". */
const SWISS = form("756[. ]?\\d{4}[. ]?\\d{4}[. ]?\\d\\d");
const SOCIAL_SECURITY = form("(?!000|666|9)\\d{3}-(?!00)\\d\\d-(?!0000)\\d{4}(?!-)");
const NATIONAL_INSURANCE = form(
  "(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?\\d\\d){3} ?[A-D]",
);
const NHS = form("(?<!\\+|\\d )\\d{3} \\d{3} \\d{4}(?!-)");
const INSURANCE = form("(?:[A-Z]{1,4}[ -]?)?\\d[A-Z\\d]{0,14}(?:[ ./-][A-Z\\d]{1,12}){0,4}");
const TAX_ID = form("[1-9]\\d ?\\d{3} ?\\d{3} ?\\d{3}");
/** Of a tax office: "133/8150/8159", "21/815/08150"; of a person who has no Social Security number. */
const OF_OFFICE = form("(?<!/)\\d{2,3} ?/ ?\\d{3,4} ?/ ?\\d{4,5}(?!/)|9\\d\\d-[5-9]\\d-\\d{4}(?!-)");
const VAT = form("DE ?\\d{3} ?\\d{3} ?\\d{3}|ATU ?\\d{8}|CHE[- ]?\\d{3}\\.\\d{3}\\.\\d{3}");
const TAX = form("(?:[A-Z]{2,3} ?)?\\d[\\d/ -]{6,16}\\d");

/** Each form with what else makes it one of its kind, if anything does. Of two in one place, the earlier is likelier. */
const NUMBERS: readonly (readonly [kind: PersonalKind, form: RegExp, isOne?: IsOne])[] = [
  ["email", EMAIL],
  ["account", IBAN, (number) => isValidIBAN(plain(number))],
  ["account", IBAN, after(labelOf("iban"))],
  ["account", CARD, isCard],
  ["account", CARD, after(CARD_LABEL, 13, 19)],
  ["account", ACCOUNT, after(ACCOUNT_LABEL, 5, 17)],
  ["account", form("\\d\\d(?:[ -]?\\d\\d){2}"), (_, text, start) => isLabelled(text, start, SORT_CODE_LABEL)],
  ["insurance", GERMAN_HEALTH, checked(10, [1, 2, 1, 2, 1, 2, 1, 2, 1, 2, -1], crossSum)],
  ["insurance", GERMAN_PENSION, checked(10, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1, -1], crossSum)],
  ["insurance", AUSTRIAN, checked(11, [3, 7, 9, -1, 5, 8, 4, 2, 1, 6])],
  ["insurance", SWISS, checked(10, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1])],
  ["insurance", SOCIAL_SECURITY],
  ["insurance", NATIONAL_INSURANCE],
  ["insurance", NHS, checked(11, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1])],
  ["insurance", INSURANCE, after(INSURANCE_LABEL, 5, 16)],
  ["insurance", INSURANCE, after(POLICE, 5, 16)],
  ["tax", TAX_ID, isTaxId],
  ["tax", OF_OFFICE],
  ["tax", VAT, (number) => !number.startsWith("DE") || isMod11And10(number)],
  ["tax", TAX, after(TAX_LABEL, 8, 13)],
  ["tax", TAX, after(EMPLOYER, 8, 13)],
  ["phone", NORTH_AMERICAN],
  ["phone", GROUPED, isPhone],
  ["phone", GROUPED, after(PHONE_LABEL, 6, 16)],
  ["birth-date", DATE, isBirthDate],
  ["address", form(GERMAN_STREET)],
  ["address", form(GERMAN_PLACE)],
  ["address", form(ENGLISH_STREET)],
  ["address", form(ANY_STREET), after(STREET_LABEL)],
  ["address", form(POST_BOX)],
  ["address", form(GERMAN_TOWN), after(TOWN_LABEL)],
  ["address", form("\\d{5}-\\d{4}|\\d{4,5}(?!-\\d)"), after(POSTCODE_LABEL)],
  ["address", form(POSTCODE)],
];

export function* numbers(text: string): Generator<Found> {
  for (const [kind, pattern, isOne] of NUMBERS)
    for (const { index: start, 0: match } of text.matchAll(pattern))
      if (!isOne || isOne(match, text, start)) yield { kind, start, end: start + match.length };
}

/** After a label, with so many digits, and no date or amount of money. */
function after(label: RegExp, fewest = 0, most = Infinity): IsOne {
  return (match, text, start) => {
    const digits = match.replace(/\D/g, "").length;
    return digits >= fewest && digits <= most && isLabelled(text, start, label) && !isQuantity(text, start);
  };
}

/** A number with the code of its country or area; "0815/2024" is the number of an entry in a register. */
function isPhone(number: string, text: string, start: number): boolean {
  const digits = plain(number).length;
  if (/^\(?(?:\+|00[1-9])/.test(number)) return digits >= 8 && digits <= 15;
  if (digits < 7 || digits > 13 || /^\d+\/(?:19|20)\d\d$/.test(number)) return false;
  return NATIONAL.test(number) && !isQuantity(text, start);
}

/** Without marks and spaces. */
function plain(number: string): string {
  return number.replace(/[^A-Z\d]/g, "");
}

function crossSum(product: number): number {
  return Math.trunc(product / 10) + (product % 10);
}

/** Whether the sum of the digits, each times its weight, is divisible. A letter is the two digits of its place in the alphabet. */
function checked(divisor: number, weights: readonly number[], termOf = (product: number) => product): IsOne {
  return (number) => {
    const numeral = (letter: string) => String(letter.charCodeAt(0) - 64).padStart(2, "0");
    const digits = plain(number).replace(/[A-Z]/, numeral);
    const terms = weights.map((weight, i) => termOf(Number(digits[i]) * weight));
    return terms.reduce((sum, term) => sum + term, 0) % divisor === 0;
  };
}

/** ISO/IEC 7812: of a known issuer, by Luhn's formula. */
function isCard(number: string, ...place: [text: string, start: number]): boolean {
  const digits = plain(number);
  if (digits.length < 15 || !/^(?:4|5[1-5]|2[2-7]|3[4-9]|6[0245]|30)/.test(digits)) return false;
  const weights = Array.from(digits, (_, i) => 2 - ((digits.length - i) % 2));
  return checked(10, weights, crossSum)(digits, ...place);
}

/** A Steuer-Identifikationsnummer: among its first ten digits, one occurs two or three times. */
function isTaxId(number: string): boolean {
  const different = new Set(plain(number).slice(0, 10)).size;
  return isMod11And10(number) && (different === 8 || different === 9);
}

/** ISO 7064 MOD 11,10, the last digit of German tax and VAT numbers. */
function isMod11And10(number: string): boolean {
  const digits = Array.from(number.replace(/\D/g, ""), Number);
  const check = digits.pop();
  const product = digits.reduce((product, digit) => (((digit + product) % 10 || 10) * 2) % 11, 10);
  return check === (11 - product) % 10;
}

/** A label shows that a date is one of birth; "born between 1.8.97 and …" is a span. Other dates are the content of a text. */
function isBirthDate(date: string, text: string, start: number): boolean {
  const end = start + date.length;
  if (/^[ ,(]{0,3}(?:geboren|DOB|date of birth)/i.test(text.slice(end, end + 20))) return true;
  const isSpan = /(?:between|from|since|zwischen|seit|ab)[^\d]{0,6}$/i.test(
    text.slice(Math.max(0, start - 16), start),
  );
  return !isSpan && isLabelled(text, start, BIRTH_LABEL);
}
