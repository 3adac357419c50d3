/**
 * The terms of a sentence that can be asked for, without a model: dates, numbers with units, names, and nouns, which are recognised by
 * their neighbours.
 */
import { ENGLISH_MONTHS, GERMAN_MONTHS } from "../blocks/months.ts";
import { isGerman } from "../blocks/text-language.ts";

/** What a term is; terms of one kind can stand for each other. */
export interface Term {
  readonly text: string;
  /** Where it begins in the sentence. */
  readonly start: number;
  /** "name", "acronym", "word", or "date" and "number" with their form. */
  readonly kind: string;
  /**
   * The word before it and what comes after: a term that was seen in the same frame agrees in article, case and number, in German as in
   * English.
   */
  readonly frame: string;
}

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Words that may precede or follow a noun phrase, but are not part of its nouns. */
export const FUNCTION_WORDS = words(`
  a an the this that these those of in on at by for from with without to into and or but as than between among about against during after
  before under over through is are was were has have had be been being can may must shall should will would not no its their his her our your
  my which who whom if when while because such any all some each every both either neither per via it they he she we you i so also only more most
  der die das den dem des ein eine einen einem einer eines dieser diese dieses diesen diesem kein keine keinen keiner keinem von vom im in am an auf
  aus bei beim mit ohne zu zum zur für gegen durch über unter vor nach zwischen und oder aber als wie ist sind war waren wird werden wurde wurden hat
  haben hatte kann können muss müssen soll sollen darf dürfen nicht auch nur sein seine seinen seiner ihr ihre ihren ihrer unser unsere jede jeder
  jedes jeden alle allen wenn weil dass ob bis seit während wegen trotz pro je es sie er wir man sich`);
/** Words after a subject that agree with it, so that another term needs the same one. */
const VERBS =
  words(`is are was were has have had can may must shall should will would ist sind war waren wird werden wurde wurden hat haben
  hatte kann können muss müssen soll sollen darf dürfen`);
/** Not "and" and "or": another item of a list may fit as well. Not "to": a verb may follow. */
const BEFORE_A_NOUN = words(`
  a an the this these those of in on by for from with without into between about against during after before under through
  der die das den dem des ein eine einen einem einer eines dieser diese dieses diesen diesem von vom im in am an auf aus bei beim mit ohne zum zur
  für gegen durch über unter vor nach`);
const JOINING = words("and or und oder as als than wie");

/** The name of a month in English or German, as part of a regular expression. */
export const MONTH = `(?:${[...ENGLISH_MONTHS, ...GERMAN_MONTHS].join("|")})`;
/** The sign or code of a currency before an amount, as part of a regular expression. */
export const CURRENCY = String.raw`(?:(?:US|AU|CA|HK|NZ|SG|[ACS])?\$|[£€¥₹]|\b(?:AUD|CAD|CHF|CNY|EUR|GBP|JPY|RMB|USD))`;
const NUMBER = String.raw`\d+(?:[.,]\d+)*`;
const SCALE = String.raw`(?:thousand|million|billion|trillion|Tausend|Millionen|Milliarden|Mio\.?|Mrd\.?)(?!\p{L})`;
const MONEY = String.raw`(?:€|(?:euros?|Euro|EUR|dollars?|US-Dollar|Dollar|USD|Franken|CHF|pounds?)\b)`;
const UNIT = String.raw`(?:%|°C|${MONEY}|${SCALE}(?: ${MONEY})?|(?:percent|per cent|Prozent|milligrams?|grams?|kilograms?|mg|µg|kg|g|mmol|ml|mL|l|cm|mm|km|m|seconds?|minutes?|hours?|days?|weeks?|months?|years?|Sekunden?|Minuten?|Stunden?|Tagen?|Wochen?|Monaten?|Jahren?|kW|kWh|MB|GB)\b)`;
const PATTERNS: readonly (readonly [string, RegExp])[] = [
  [
    "date",
    new RegExp(
      String.raw`\b(?:\d{1,2}\.? ${MONTH} \d{4}|${MONTH} \d{1,2}, \d{4}|${MONTH} \d{4}|\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2})\b`,
      "gu",
    ),
  ],
  ["number", new RegExp(String.raw`(?<![\p{N}.,-])${CURRENCY} ?${NUMBER}(?: ${SCALE})?`, "gu")],
  [
    "number",
    new RegExp(String.raw`(?<![\p{L}\p{N}.,-])${NUMBER}(?:(?: to | bis |[–-])${NUMBER})? ?${UNIT}`, "gu"),
  ],
  [
    "name",
    /(?<![\p{L}\p{N}-])\p{Lu}\p{Ll}[\p{L}'’-]*(?: (?:of|for|and|von|der|für|und|de) (?=\p{Lu})| (?=\p{Lu}))(?:\p{Lu}[\p{L}'’-]+ ?){1,4}(?<! )/gu,
  ],
  ["acronym", /(?<![\p{L}\p{N}-])\p{Lu}[\p{Lu}\p{N}]{1,7}(?![\p{L}\p{N}-])/gu],
  ["word", /(?<![\p{L}\p{N}-])\p{L}[\p{L}-]{4,}(?![\p{L}\p{N}-])/gu],
];

/** The terms of a sentence; none is within another, and none begins the sentence, where every word has a capital letter. */
export function termsOf(sentence: string, german = isGerman(sentence)): Term[] {
  const terms: Term[] = [];
  const isFree = (start: number, end: number) =>
    terms.every((term) => end <= term.start || start >= term.start + term.text.length);
  const first = /[\p{L}\p{N}]/u.exec(sentence)?.index ?? 0;
  for (const [kind, pattern] of PATTERNS) {
    for (const { 0: text, index: start } of sentence.matchAll(pattern)) {
      if (start <= first || !isFree(start, start + text.length)) continue;
      if (FUNCTION_WORDS.has(text.toLowerCase())) continue;
      if (kind === "word" && /^\p{Lu}/u.test(text) && !german) continue; // it may be a name of any kind
      const frame = frameOf(sentence, start, start + text.length, kind);
      if (frame !== undefined) terms.push({ text, start, kind: kindOf(kind, text), frame });
    }
  }
  return terms;
}

function kindOf(kind: string, text: string): string {
  switch (kind) {
    case "date":
      return `date ${text.replace(/\p{L}+/gu, "M").replace(/\d+/g, "0")}`;
    case "number":
      return `number ${text.replace(/\d+(?:[.,]\d+)*/g, "0")}`;
    default:
      return kind;
  }
}

/** Undefined where a neighbour may belong to the term, so that no other one would fit. */
function frameOf(sentence: string, start: number, end: number, kind: string): string | undefined {
  if (kind === "date" || kind === "number") return "";
  const before = /([\p{L}\p{N}'’-]+) $/u.exec(sentence.slice(0, start))?.[1];
  const [, space, after] = /^( ?)([\p{L}\p{N}'’-]+|[.,;:!?)])/u.exec(sentence.slice(end)) ?? [];
  if (before === undefined || after === undefined) return undefined;
  const [left, right] = [before.toLowerCase(), after.toLowerCase()];
  if (!BEFORE_A_NOUN.has(left)) return undefined;
  if (space === "" && /\p{P}/u.test(right)) return `${left} _ .`;
  if (!FUNCTION_WORDS.has(right) || JOINING.has(right)) return undefined;
  return `${left} _ ${VERBS.has(right) ? right : "…"}`;
}

/** What a word is, counted by its neighbours. */
export interface Usage {
  seen: number;
  /** After an article or preposition, and before a punctuation mark or a function word. */
  asNoun: number;
  /** Before a word with a meaning of its own, as an adjective or the first part of a compound is. */
  asPart: number;
  /** After "to". */
  asVerb: number;
}

/** Counts how a sentence uses its words, by their lower case. */
export function countUsages(sentence: string, usages: Map<string, Usage>): void {
  const tokens = sentence.toLowerCase().match(/[\p{L}\p{N}'’-]+|[.,;:!?()]/gu) ?? [];
  for (const [i, token] of tokens.entries()) {
    if (token.length < 4 || FUNCTION_WORDS.has(token)) continue;
    const usage = usages.get(token) ?? { seen: 0, asNoun: 0, asPart: 0, asVerb: 0 };
    const [before = "", after = "."] = [tokens[i - 1], tokens[i + 1]];
    const isPart = !FUNCTION_WORDS.has(after) && /\p{L}/u.test(after);
    usage.seen++;
    if (isPart) usage.asPart++;
    else if (BEFORE_A_NOUN.has(before)) usage.asNoun++;
    if (before === "to") usage.asVerb++;
    usages.set(token, usage);
  }
}

/** Whether a word is mostly used as a noun. */
export function isNoun({ seen, asNoun, asPart, asVerb }: Usage): boolean {
  return asNoun >= 2 && asNoun >= 0.25 * seen && asPart <= 0.4 * seen && asVerb <= 0.05 * seen;
}

/** The words of a text that say what it is about, in lower case, each once. */
export function contentWords(text: string): string[] {
  const all = text.toLowerCase().match(/[\p{L}\p{N}-]{4,}/gu) ?? [];
  return [...new Set(all.filter((word) => !FUNCTION_WORDS.has(word)))];
}
