/**
 * What belongs to an amount or a time: words that limit it, and its currency. "up to 900 pounds", "7 days at most" and "as of May 2019" are
 * answers; "900 pounds", "7 days" and "May 2019" are other ones.
 */
import { CURRENCY, MONTH } from "../../engine/documents/cloze/terms.ts";

const BEFORE = before(
  String.raw`up to|at (?:least|most)|(?:no|not) (?:\p{L}+er|more|less) than|(?:more|less|fewer|longer|higher|lower) than`,
  "over|under|above|below|between|until|till|before|after|since|within|about|around|almost|nearly|as (?:of|at)",
  String.raw`(?:(?:for|during|in) )?the (?:\p{L}+ ){0,2}(?:year|quarter|month|week|period)s?[ -]end(?:ed|ing)`,
  String.raw`bis(?: zu(?:m|r)?)?|mindestens|höchstens|wenigstens|(?:spät|früh)estens|(?:mehr|weniger|länger|kürzer) als`,
  "über|unter|vor|nach|seit|ab|zum|zwischen|innerhalb von|binnen|etwa|rund|fast|knapp",
);
const AFTER =
  /^ (?:at (?:most|least|the (?:latest|earliest))|or (?:more|less|fewer|over|under|above|below|older|younger|later|earlier)|oder (?:mehr|weniger|älter|jünger|später|früher))(?!\p{L})/iu;

function before(...words: string[]): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${words.join("|")}) $`, "iu");
}

const DAYS =
  "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag";
/** How an amount, a date, a month or a day of the week begins. */
const AMOUNT = new RegExp(`^(?:(?:${CURRENCY} ?)?\\p{N}|(?:${MONTH}|${DAYS})(?!\\p{L}))`, "u");

const CURRENCY_BEFORE = new RegExp(`${CURRENCY} ?$`, "u");

/** An amount or a time that a sentence has once, with its currency and the words around it that limit it; any other answer as it is. */
export function withLimit(answer: string, sentence: string): string {
  const place = sentence.indexOf(answer);
  if (!AMOUNT.test(answer) || place < 0 || place !== sentence.lastIndexOf(answer)) return answer;
  const end = place + answer.length;
  const start = CURRENCY_BEFORE.exec(sentence.slice(0, place))?.index ?? place;
  const limit = BEFORE.exec(sentence.slice(0, start));
  const after = AFTER.exec(sentence.slice(end));
  return sentence.slice(limit ? limit.index : start, end + (after ? after[0].length : 0));
}
