/**
 * Checks whether a passage supports a written question: first by its words, then by what the model answers when asked again. What the
 * checks leave open is the question's doubt.
 */
import type { ThrownReason } from "../../../preload/contract/questions/written-questions.ts";
import { amountsIn } from "./amounts.ts";
import { comparesWrongly } from "./comparisons.ts";
import type { Draft } from "./draft.ts";
import { containment, likeness, shareIn, tellingWords } from "./overlap.ts";
import type { PromptWords } from "./prompt-words.ts";

/** What the model answered when it was asked again; null: nothing usable. */
export interface SecondAnswers {
  /** With the passage. */
  readonly first: string | null;
  /** With the passage, the sentence that answers the question; for "not in the text", whether the text answers it. */
  readonly second: string | null;
  /** Without the passage; null also if it was not asked. */
  readonly fromMemory: string | null;
}

/** The result of each check, from 0 to 1. */
export interface Checks {
  /** The share of the answer's words that are in the evidence; for yes or no, of the question's words. */
  readonly supported: number;
  /** How similar the answer with the passage is to the written one. */
  readonly first: number;
  /** 1 if the model finds the evidence; 0.5 if it finds another sentence with the answer. */
  readonly second: number;
  /** How similar the answer without the passage is to the written one. */
  readonly known: number;
  /** 1 if the question refers to "the text". */
  readonly refers: number;
  /** The share of the evidence's words that are in question or answer; what both leave out may be a condition. */
  readonly covered: number;
}

export type Verdict =
  | { readonly kept: true; readonly doubt: number; readonly checks: Checks }
  | { readonly kept: false; readonly reason: ThrownReason };

const LEAST_SUPPORTED = 0.6;
/** The least share of a question's words in the passage; for yes or no, in the sentence: the other words may be what makes the answer no. */
const LEAST_ABOUT = 0.4;
const LEAST_AGREEMENT = 0.5;
/** The most of an answer's words in a passage that is said not to contain the answer. */
const MOST_PRESENT = 0.5;

/** Questions that refer to a sentence or text, which nobody sees later. */
const ABOUT_SENTENCE =
  /\b(?:this|the|these) (?:given |above )?(?:sentences?|text|passage)\b|\b(?:dieser|diesem|dieses|der|dem|des) (?:gegebenen? |obigen? )?(?:Satz|Text)/iu;
/** Questions that may refer to one. */
const ABOUT_TEXT =
  /\b(?:the|this) (?:paragraph|document|section|table|excerpt)\b|\baccording to\b|\bmentioned\b|\b(?:laut|gemäß|im|dieser|diesem) (?:Text|Abschnitt|Absatz|Dokument|Tabelle)|\b(?:genannt|erwähnt)/iu;

/** Questions that are answered by a time, and times. */
const ASKS_TIME =
  /^(?:(?:by|from|since|until) )?when\b|^how (?:long|often)\b|^(?:(?:ab|bis|seit) )?wann\b|^wie (?:lange|oft)\b/iu;
const TIME =
  /\b(?:second|minute|hour|day|night|week|month|quarter|year)s?\b|\b(?:Uhr|Sekunden?|Minuten?|Stunden?|Tag(?:e[ns]?|s)?|Nacht|Wochen?|Monat(?:en?|s)?|Quartals?|Jahr(?:e[ns]?|s)?)\b/iu;
/** Amounts of anything but time. */
const MEASURE =
  /[%°€$£]|\b(?:per ?cent|degrees?|euros?|dollars?|pounds?|cents?|(?:kilo|centi|milli)?(?:met(?:er|re)|gram(?:me)?)s?|(?:milli)?lit(?:er|re)s?|Prozent|Grad|(?:Kilo|Zenti|Milli|Quadrat)?(?:meter|gramm)|(?:Milli)?liter|km|cm|mm|kg|mg|ml)\b/iu;

/** The words between a term and its definition in a sentence. */
const COPULA = /\s(?:is|are|means|denotes|refers to|ist|sind|bedeutet|bezeichnet|heißt)\s/iu;

/** Words that deny; "no later than" only limits. */
const NEGATION =
  /(?<!\p{L})(?:(?:no|not|nicht)(?! (?:\p{L}+er|more|less|mehr|weniger) (?:than|als))|never|none|nobody|nothing|neither|nor|cannot|\p{L}+n['’]t|nie|niemals|niemand|nichts|kein\p{L}*|weder|excluded|forbidden|prohibited|refused|ausgeschlossen|verboten|untersagt)(?!\p{L})/giu;
const ASKS_SUM = /(?<!\p{L})(?:total|sum|altogether|insgesamt|gesamt\p{L}*|summe)(?!\p{L})/iu;
const SAYS_SUM =
  /(?<!\p{L})(?:total\p{L}*|sum|altogether|combined|overall|aggregate|together|in all|insgesamt|gesamt\p{L}*|summe|zusammen)(?!\p{L})/iu;
/** Parts of a year. */
const PERIOD =
  /(?<!\p{L})(?:(?:first|second|third|fourth) (?:half|quarter)|(?:erste|zweite|dritte|vierte)[nsrm]? (?:Halbjahr|Quartal))/giu;

/** Between the clauses of a sentence. */
const CLAUSES = /[,;:]\s|\s(?:and|but|because|so that|und|aber|sondern|weil)\s/u;

/** Why a draft is thrown away without asking the model again; null if it is not. */
export function refusalOf(draft: Draft, passage: string, words: PromptWords): ThrownReason | null {
  const { kind, question, answer, evidence } = draft;
  const isElsewhere = (place: string) => question.includes(place) && !passage.includes(place);
  if (words.example.places.some(isElsewhere)) return "unsupported";
  if (kind === "not-in-text") return shareIn(answer, passage) > MOST_PRESENT ? "answered" : null;
  if (!/\p{L}/u.test(question) || !/[\p{L}\p{N}]/u.test(answer)) return "unusable";
  if (ABOUT_SENTENCE.test(`${question}\n${kind === "yes-no" ? "" : answer}`)) return "gives-itself-away";
  if (comparesWrongly(draft, passage)) return "unsupported";
  if (shareIn(question, kind === "yes-no" ? evidence : passage) < LEAST_ABOUT) return "unsupported";
  if (asksForSum(question, evidence) || asksAboutOtherPeriod(question, evidence)) return "unsupported";
  if (kind === "yes-no")
    return answer.startsWith(words.yes) && isDenied(question, evidence) ? "unsupported" : null;
  if (shareIn(answer, question) === 1) return "gives-itself-away";
  if (ASKS_TIME.test(question.trim()) && MEASURE.test(answer) && !TIME.test(answer)) return "unsupported";
  if (kind === "definition" && asksBackwards(draft)) return "unsupported";
  return shareIn(answer, evidence) < LEAST_SUPPORTED ? "unsupported" : null;
}

/** Whether a sentence denies what a question asks without that denial: "Night staff may not leave the building". */
function isDenied(question: string, sentence: string): boolean {
  const asked = tellingWords(question);
  const inQuestion = denialsIn(question);
  return sentence
    .split(CLAUSES)
    .filter((clause) => denialsIn(clause).some((denial) => !inQuestion.includes(denial)))
    .some((clause) => [...tellingWords(clause)].some((word) => asked.has(word)));
}

/** The words of a text that deny, in lower case; all that contract "not" are the same. */
function denialsIn(text: string): string[] {
  return Array.from(text.toLowerCase().matchAll(NEGATION), ([word]) => (/n['’]t$/.test(word) ? "not" : word));
}

/** Whether a question asks for a sum of which a sentence gives only the parts. */
function asksForSum(question: string, sentence: string): boolean {
  return ASKS_SUM.test(question) && !SAYS_SUM.test(sentence) && amountsIn(sentence).length > 1;
}

/** Whether a question is about a part of a year that a sentence does not name. */
function asksAboutOtherPeriod(question: string, sentence: string): boolean {
  const said = sentence.toLowerCase();
  return (question.toLowerCase().match(PERIOD) ?? []).some((period) => !said.includes(period));
}

/**
 * Whether a definition is asked for backwards: "What is an unbroken chill?" about the sentence "The cold chain is an unbroken chill",
 * unless the answer is just the cold chain.
 */
function asksBackwards({ question, answer, evidence }: Draft): boolean {
  const [defined, ...rest] = evidence.split(COPULA);
  return rest.length > 0 && shareIn(defined!, question) === 0 && shareIn(answer, defined!) < 1;
}

/** The verdict on a draft, from the second answers. */
export function verdictOf(draft: Draft, answers: SecondAnswers, words: PromptWords): Verdict {
  return draft.kind === "not-in-text"
    ? absentVerdict(draft, answers, words)
    : presentVerdict(draft, answers, words);
}

function presentVerdict(draft: Draft, answers: SecondAnswers, words: PromptWords): Verdict {
  const { kind, question, answer, evidence } = draft;
  const { first, second, fromMemory } = answers;
  if (first === null || second === null || isAbsence(first, words))
    return { kept: false, reason: "disagrees" };
  const isYesNo = kind === "yes-no";
  const agrees = isYesNo ? answer.startsWith(first) : containment(first, answer) >= LEAST_AGREEMENT;
  const found = evidence.includes(second) ? 1 : !isYesNo && shareIn(answer, second) === 1 ? 0.5 : 0;
  if (!agrees || found === 0) return { kept: false, reason: "disagrees" };
  const checks: Checks = {
    supported: shareIn(isYesNo ? question : answer, evidence),
    first: isYesNo ? 1 : likeness(first, answer),
    second: found,
    known: isYesNo || fromMemory === null ? 0 : likeness(fromMemory, answer),
    refers: Number(ABOUT_TEXT.test(question)),
    covered: shareIn(evidence, `${question}\n${answer}`),
  };
  return { kept: true, doubt: doubtOf(checks), checks };
}

/** Kept if the model says in one of two ways that the text has no answer, and does not give the answer that the question has elsewhere. */
function absentVerdict({ answer }: Draft, { first, second }: SecondAnswers, words: PromptWords): Verdict {
  const saysSo = first !== null && isAbsence(first, words);
  const denies = second === words.no;
  const gives = first !== null && !saysSo && containment(first, answer) >= LEAST_AGREEMENT;
  if (gives || !(saysSo || denies)) return { kept: false, reason: "answered" };
  const checks = {
    supported: 1,
    first: Number(saysSo),
    second: Number(denies),
    known: 0,
    refers: 0,
    covered: 1,
  };
  return { kept: true, doubt: doubtOf(checks), checks };
}

/** Whether an answer says that the text has no answer. */
export function isAbsence(answer: string, { notInText }: PromptWords): boolean {
  return likeness(answer, notInText) >= 0.8;
}

/** A weighted sum (docs/decisions/0040-written-questions.md); `covered` alone tells right from wrong among those that were read. */
function doubtOf({ supported, first, second, known, refers, covered }: Checks): number {
  const unlike = 0.3 * (1 - supported) + 0.3 * (1 - first) + 0.2 * (1 - second) + 0.1 * known + 0.1 * refers;
  return Math.round(1000 * (0.5 * unlike + 0.5 * (1 - covered))) / 1000;
}
