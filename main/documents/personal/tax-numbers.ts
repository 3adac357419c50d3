/** Tax numbers: German, Austrian, Swiss, of the United Kingdom and the United States. */
import { isMod11And10, isTaxId } from "./check-digits.ts";
import { matching } from "./found.ts";
import type { Found } from "./found.ts";
import { isLabelled, isQuantity, labelAsWritten, labelOf } from "./labels.ts";

const LABEL = labelOf(
  "steuer-?(?:n(?:umme)?r|id(?:ent)?(?:ifikations)?-?(?:nummer|nr)?)|st\\.? ?-?n(?:umme)?r|stnr|id-?nr|identifikationsnummer|tax(?:payer)? ?(?:id(?:entification)?(?: number| no)?|number|no|ref(?:erence)?)|" +
    "employer identification(?: number| no)?|itin|utr|unique taxpayer reference|vat(?: number| no| reg(?:istration)?(?: number| no)?| id)?|ust\\.?-?id(?:\\.?-?n(?:umme)?r)?|umsatzsteuer-?id[\\p{L}-]{0,28}|uid(?:-nummer)?",
);
/** "ein" is an article. */
const NUMBER_OF_EMPLOYER = labelAsWritten("EIN|TIN");
const TAX_ID = /(?<![\p{L}\d.,-])\d\d ?\d{3} ?\d{3} ?\d{3}(?![\p{L}\d]|[.,]\d)/gu;
/** Of a tax office: "133/8150/8159", "21/815/08150". */
const OFFICE = /(?<![\p{L}\d./])\d{2,3} ?\/ ?\d{3,4} ?\/ ?\d{4,5}(?![\p{L}\d/])/gu;
const VAT =
  /(?<![\p{L}\d])(?:DE ?\d{3} ?\d{3} ?\d{3}|ATU ?\d{8}|CHE[- ]?\d{3}\.\d{3}\.\d{3}|GB ?\d{3} ?\d{4} ?\d\d(?: ?\d{3})?)(?![\p{L}\d])/gu;
const ITIN = /(?<![\p{L}\d-])9\d\d-[5-9]\d-\d{4}(?![\p{L}\d-])/gu;
const LABELLED = /(?<![\p{L}\d.,])(?:[A-Z]{2,3} ?)?\d[\d/ -]{6,16}\d(?![\p{L}\d])/gu;

export function* taxNumbers(text: string): Generator<Found> {
  const labelled = (start: number) =>
    isLabelled(text, start, LABEL) || isLabelled(text, start, NUMBER_OF_EMPLOYER);
  yield* matching("tax", text, TAX_ID, (number) => isTaxId(number.replace(/ /g, "")));
  yield* matching("tax", text, OFFICE, () => true);
  yield* matching(
    "tax",
    text,
    VAT,
    (number, start) =>
      /^ATU|^CHE/.test(number) ||
      (number.startsWith("DE") && isMod11And10(number.replace(/\D/g, ""))) ||
      labelled(start),
  );
  yield* matching("tax", text, ITIN, () => true);
  yield* matching("tax", text, LABELLED, (number, start) => {
    const digits = number.replace(/\D/g, "").length;
    return digits >= 8 && digits <= 13 && labelled(start) && !isQuantity(text, start);
  });
}
