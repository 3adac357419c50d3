/**
 * Amounts and times in sentences: what belongs to one (words that limit it, its currency, what it is paid for), and another one in its place.
 * "up to 900 pounds", "7 days at most" and "as of May 2019" are answers; "900 pounds", "7 days" and "May 2019" are other ones.
 */
import { CURRENCY, MONTH } from "../../documents/cloze/terms.ts";

const BEFORE = before(
  String.raw`up to|at (?:least|most)|(?:no|not) (?:\p{L}+er|more|less) than|(?:more|less|fewer|longer|higher|lower) than`,
  String.raw`(?:between|from|zwischen|vom|von) \p{N}[\p{N}.,]*(?: \p{L}+)? (?:and|to|und|bis)`,
  "over|under|above|below|between|until|till|before|after|since|within|about|around|almost|nearly|as (?:of|at)",
  String.raw`(?:(?:for|during|in) )?the (?:\p{L}+ ){0,2}(?:year|quarter|month|week|period)s?[ -]end(?:ed|ing)`,
  String.raw`bis(?: zu(?:m|r)?)?|mindestens|höchstens|wenigstens|(?:spät|früh)estens|(?:mehr|weniger|länger|kürzer) als`,
  "über|unter|vor|nach|seit|ab|zum|zwischen|innerhalb von|binnen|etwa|rund|fast|knapp",
);
const AFTER =
  /^ (?:at (?:most|least|the (?:latest|earliest))|or (?:more|less|fewer|over|under|above|below|older|younger|later|earlier)|oder (?:mehr|weniger|älter|jünger|später|früher))(?!\p{L})/iu;
/** What an amount is paid or counted for: "£20 for every 15 minutes". */
const RATE =
  /^ (?:(?:an?|each|every|for (?:each|every))(?: \p{N}+| full)? (?:second|minute|hour|day|night|week|month|quarter|year|person|litre|mile)s?|per \p{L}+|(?:pro|je) \p{L}+|im (?:Monat|Jahr|Quartal)|am Tag|in der (?:Woche|Stunde))(?!\p{L})/iu;

function before(...words: string[]): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${words.join("|")}) $`, "iu");
}

const DAYS =
  "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag";
/** How an amount, a date, a month or a day of the week begins. */
const AMOUNT = new RegExp(`^(?:(?:${CURRENCY} ?)?\\p{N}|(?:${MONTH}|${DAYS})(?!\\p{L}))`, "u");

const CURRENCY_BEFORE = new RegExp(`${CURRENCY} ?$`, "u");

/** An amount or a time that a sentence has once, with what belongs to it; any other answer as it is. */
export function wholeAmount(answer: string, sentence: string): string {
  const { limit, currency, rate, after } = neighbours(answer, sentence);
  return limit + currency + answer + rate + after;
}

/** Whether words of a sentence limit an amount or a time that it has once, or it is the day of a state, which may be the same on another day. */
export function isLimited(answer: string, sentence: string): boolean {
  const { limit, after } = neighbours(answer, sentence);
  return limit + after !== "" || (YEAR.test(answer) && AT.test(sentence.split(answer, 1)[0]!));
}

/** What belongs to an amount or a time in a sentence that has it once, before and after it; all empty for any other answer. */
function neighbours(answer: string, sentence: string) {
  const [before = "", rest = "", ...others] = sentence.split(answer);
  if (!AMOUNT.test(answer) || !sentence.includes(answer) || others.length > 0)
    return { limit: "", currency: "", rate: "", after: "" };
  const [currency = ""] = CURRENCY_BEFORE.exec(before) ?? [];
  const [limit = ""] = BEFORE.exec(before.slice(0, before.length - currency.length)) ?? [];
  const [rate = ""] = RATE.exec(rest) ?? [];
  const [after = ""] = AFTER.exec(rest.slice(rate.length)) ?? [];
  return { limit, currency, rate, after };
}

/** What comes before the day of a state: "At 31 May 2019, half of them had one". */
const AT = /(?<!\p{L})at $/iu;
const YEAR = /(?<!\p{N})(?:19|20)\d\d(?!\p{N})/u;

/** The figures of a text, which may be decimal fractions or have their thousands separated. */
export const figuresIn = (text: string): string[] => text.match(/\p{N}+(?:[.,]\p{N}+)*/gu) ?? [];

/** The figures of a text that are not years. */
export const amountsIn = (text: string): string[] => figuresIn(text).filter((figure) => !YEAR.test(figure));

/**
 * An amount or a date of the same form that a text does not have: another year of a date, another first digit of a number. Null if there is
 * none; also for "1 day", beside which a plural would not fit, and for amounts of several figures.
 */
export function anotherAmount(text: string, source: string): string | null {
  return similarAmounts(text).find((other) => !source.includes(other)) ?? null;
}

function similarAmounts(text: string): string[] {
  const [year] = YEAR.exec(text) ?? [];
  if (year !== undefined) return [1, 2, 3].map((years) => text.replace(YEAR, String(Number(year) - years)));
  const [figure = "0", ...others] = figuresIn(text);
  if (others.length > 0 || figure === "1" || figure.startsWith("0")) return [];
  const first = Number(figure[0]);
  const nextDigits = Array.from({ length: 8 }, (_, i) => 2 + ((first - 1 + i) % 8)); // from 2 to 9
  return nextDigits.map((digit) => text.replace(figure, `${digit}${figure.slice(1)}`));
}
