/** Dates of birth: dates that a word next to them marks as such. Other dates are the content of a text. */
import type { Found } from "./found.ts";
import { isLabelled, labelOf } from "./labels.ts";

const MONTHS =
  "jan(?:uar|uary)?|jänner|feb(?:er|ruar|ruary)?|märz|mrz|mar(?:ch)?|apr(?:il)?|mai|may|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?";
const YEAR = "(?:18|19|20)\\d\\d";
const DATE = new RegExp(
  "(?<![\\p{L}\\d.])(?:" +
    [
      `\\d{1,2}[./-] ?\\d{1,2}[./-] ?(?:${YEAR}|\\d\\d)`,
      `${YEAR}[-/.]\\d{1,2}[-/.]\\d{1,2}`,
      `\\d{1,2}(?:\\.|st|nd|rd|th)?(?: of)?[ -](?:${MONTHS})\\.?,?[ -](?:${YEAR}|\\d\\d)`,
      `(?:${MONTHS})\\.? \\d{1,2}(?:st|nd|rd|th)?,? ${YEAR}`,
    ].join("|") +
    ")(?![\\p{L}\\d])",
  "giu",
);

const BEFORE = labelOf(
  "geboren(?:e|er|en)?|geb(?=[. ])|geb\\.?-?dat(?:um)?|geburtsdatum|geburtstag|geburtsdat|born|birth|d\\.?o\\.?b|date of birth|birth ?da(?:te|y)|\\*|né|née",
);
/** An asterisk or "b." before a date marks it by itself: "(* 12.3.1970)". */
const MARK = /(?:\*|(?<!\p{L})b\.) ?$/u;
/** "born between 1.8.97 and …" is a span. */
const SPAN = /(?:between|from|since|zwischen|seit|ab)[^\d]{0,6}$/i;
const AFTER = /^[ ,(]{0,3}(?:geboren|DOB|\(?date of birth)/i;

export function* birthDates(text: string): Generator<Found> {
  for (const { index: start, 0: date } of text.matchAll(DATE)) {
    const end = start + date.length;
    const isBirth =
      (isLabelled(text, start, BEFORE) && !SPAN.test(text.slice(Math.max(0, start - 16), start))) ||
      MARK.test(text.slice(Math.max(0, start - 4), start)) ||
      AFTER.test(text.slice(end, end + 20));
    if (isBirth) yield { kind: "birth-date", start, end };
  }
}
