/** Words that limit an amount or a time: "up to 900 pounds" and "7 days at most" are answers; "900 pounds" and "7 days" are other ones. */
import { MONTH } from "../../engine/documents/cloze/terms.ts";

const BEFORE =
  /(?<![\p{L}\p{N}])(?:up to|at (?:least|most)|(?:no|not) (?:\p{L}+er|more|less) than|(?:more|less|fewer|longer|higher|lower) than|over|under|above|below|between|until|till|before|after|since|within|about|around|almost|nearly|bis(?: zu(?:m|r)?)?|mindestens|höchstens|wenigstens|(?:spät|früh)estens|(?:mehr|weniger|länger|kürzer) als|über|unter|vor|nach|seit|ab|zwischen|innerhalb von|binnen|etwa|rund|fast|knapp) $/iu;
const AFTER =
  /^ (?:at (?:most|least|the (?:latest|earliest))|or (?:more|less|fewer|over|under|above|below|older|younger|later|earlier)|oder (?:mehr|weniger|älter|jünger|später|früher))(?!\p{L})/iu;

const DAYS =
  "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag";
/** How an amount, a date, a month or a day of the week begins. */
const AMOUNT = new RegExp(`^(?:[\\p{N}£€$]|(?:${MONTH}|${DAYS})(?!\\p{L}))`, "u");

/** An amount or a time that a sentence has once, with the words around it that limit it; any other answer as it is. */
export function withLimit(answer: string, sentence: string): string {
  const start = sentence.indexOf(answer);
  if (!AMOUNT.test(answer) || start < 0 || start !== sentence.lastIndexOf(answer)) return answer;
  const end = start + answer.length;
  const before = BEFORE.exec(sentence.slice(0, start));
  const after = AFTER.exec(sentence.slice(end));
  return sentence.slice(before ? before.index : start, end + (after ? after[0].length : 0));
}
