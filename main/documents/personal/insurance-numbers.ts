/**
 * Numbers of insured persons: German health and pension insurance, Austrian and Swiss social insurance, US Social Security, UK National
 * Insurance and NHS, policies.
 */
import {
  isAustrianInsurance,
  isHealthInsurance,
  isNhs,
  isPensionInsurance,
  isSwissInsurance,
} from "./check-digits.ts";
import { matching } from "./found.ts";
import type { Found } from "./found.ts";
import { isLabelled, isQuantity, labelAsWritten, labelOf } from "./labels.ts";

const LABEL = labelOf(
  "(?:\\p{L}{1,20}-?)?versicher(?:ten|ungs)(?:[\\p{L}-]{0,20}(?:nummer|nr|schein|police)|vertrag,? (?:nr|nummer))|vers(?:icherten)?\\.?-?n(?:umme)?r|" +
    "(?:[krs]|ah)v-?n(?:umme)?r|ahvn13|policen-?n(?:umme)?r|policy(?: number| no| #)?|(?:insurance|member|medicare|subscriber|group)(?: id| number| no| #)|medicare|medicaid|nhs(?: number| no)?|" +
    "social security(?: number| no)?|ssn|national insurance(?: number| no)?|ni(?:no| number| no)|nino",
);
/** Case-sensitive, because "the police" has no number. */
const POLICE = labelAsWritten("Police(?= ?(?:mit der )?(?:[Nn](?:umme)?r)?[^\\p{L}]{0,8}$)");
const HEALTH = /(?<![\p{L}\d])[A-Z]\d{3} ?\d{3} ?\d{3}(?![\p{L}\d])/gu;
const PENSION = /(?<![\p{L}\d])\d\d[ -]?\d{6}[ -]?[A-Z][ -]?\d\d[ -]?\d(?![\p{L}\d])/gu;
/** "1237 010180": a serial number, a check digit, and the date of birth. */
const AUSTRIAN = /(?<![\p{L}\d.,/-])[1-9]\d{3}[ /-]\d\d ?\d\d ?\d\d(?![\p{L}\d]|[.,]\d)/gu;
/** The AHV number: "756.9217.0769.85". */
const SWISS = /(?<![\p{L}\d.,-])756[. ]?\d{4}[. ]?\d{4}[. ]?\d\d(?![\p{L}\d]|[.,]\d)/gu;
const SOCIAL_SECURITY = /(?<![\p{L}\d-])(?!000|666|9)\d{3}([- ])(?!00)\d\d\1(?!0000)\d{4}(?![\p{L}\d-])/gu;
const NATIONAL_INSURANCE =
  /(?<![\p{L}\d])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D](?![\p{L}\d])/gu;
const NHS = /(?<![\p{L}\d.+-]|\d )\d{3} \d{3} \d{4}(?![\p{L}\d-])/gu;
/** Any number with a label: letters, digits, and marks between them. */
const LABELLED =
  /(?<![\p{L}\d.,])(?:[A-Z]{1,4}[ -]?)?\d[A-Z\d]{0,14}(?:[ ./-][A-Z\d]{1,12}){0,4}(?![\p{L}\d])/gu;

export function* insuranceNumbers(text: string): Generator<Found> {
  yield* matching("insurance", text, HEALTH, (number) => isHealthInsurance(compact(number)));
  yield* matching("insurance", text, PENSION, (number) => isPensionInsurance(compact(number)));
  yield* matching("insurance", text, AUSTRIAN, (number) => isAustrianInsurance(number.replace(/\D/g, "")));
  yield* matching("insurance", text, SWISS, (number) => isSwissInsurance(number.replace(/\D/g, "")));
  yield* matching(
    "insurance",
    text,
    SOCIAL_SECURITY,
    (number, start) => number.includes("-") || isAfterLabel(text, start),
  );
  yield* matching("insurance", text, NATIONAL_INSURANCE, () => true);
  yield* matching("insurance", text, NHS, (number) => isNhs(compact(number)));
  yield* matching("insurance", text, LABELLED, (number, start) => {
    const digits = number.replace(/\D/g, "").length;
    return digits >= 5 && digits <= 16 && isAfterLabel(text, start) && !isQuantity(text, start);
  });
}

const isAfterLabel = (text: string, start: number): boolean =>
  isLabelled(text, start, LABEL) || isLabelled(text, start, POLICE);

const compact = (number: string): string => number.replace(/[ -]/g, "");
