/** Chooses the sentences of a passage to ask about, and the kind of question for each, so that questions are spread over the passage. */
import { CLOSING, sentencesOf } from "../../documents/passages/sentences.ts";
import { contentWords, termsOf } from "../../documents/cloze/terms.ts";
import type { Term } from "../../documents/cloze/terms.ts";
import { HEADING_PATH } from "../../documents/passages/passages.ts";
import type { QuestionKind } from "../../../preload/contract/questions/written-questions.ts";
import { anotherAmount, isLimited, wholeAmount } from "./amounts.ts";

/** The sentence that a question is to be written about, with the kind of question. */
export type AskedSentence = { readonly evidence: string } & (
  | { readonly kind: "definition" | "comparison" }
  /** `answer`: words of the sentence that the question asks for, if some are suitable; otherwise the model chooses. */
  | { readonly kind: "fact"; readonly answer: string | null }
  /**
   * `amount`: an amount or a date of the sentence that the question is to contain. If the answer is not to be yes, the checked question is
   * turned into its opposite with another one; without an amount, the model is asked for a question with the answer no.
   */
  | { readonly kind: "yes-no"; readonly amount: string | null; readonly isYes: boolean }
);

/** Whether the model writes a question with the answer yes. */
export const asksForYes = ({ amount, isYes }: Pick<AskedSentence & { kind: "yes-no" }, "amount" | "isYes">) =>
  isYes || amount !== null;

/** The length of a usable sentence: shorter ones say too little, longer ones are several sentences. */
const CHARACTERS = { fewest: 30, most: 400 };
const FEWEST_WORDS = 3;
/** From this many characters on, two facts of a passage are asked for. */
const LONG_PASSAGE = 600;

const DEFINES =
  /\b(?:is|are) (?:an?|the|any)\b|\bmeans?\b|\brefers? to\b|\b(?:defined|known) as\b|\b(?:ist|sind) (?:ein|der|die|das|jede)|\bbezeichne[nt]|\bbedeutet\b|\bversteht man\b|\bgilt als\b/i;
const COMPARES =
  /\bthan\b|\bwhereas\b|\bunlike\b|\bcompared\b|\bboth\b|\bdiffer|\brather than\b|\bwährend\b|\bhingegen\b|\bdagegen\b|\bim (?:Gegensatz|Unterschied|Vergleich)\b|\bbeide|(?<!\p{L})(?:\p{L}+er|mehr|weniger) als\b/iu;

/** What only limits an amount, such as "longer than two days", and compares nothing. */
const LIMITS_AMOUNT = new RegExp(
  String.raw`(?<!\p{L})\p{L}+ (?:than|als) (?=[\p{N}£€$¥]|(?:${[
    "an? (?:second|minute|hour|day|week|month|quarter|year|half|third|fifth|tenth|dozen)",
    "half|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve",
    String.raw`eine?[mnr]? (?:Sekunde|Minute|Stunde|Tag|Woche|Monat|Quartal|Jahr|Drittel|Viertel|Fünftel|Zehntel|Dutzend)\p{Ll}*`,
    "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf",
  ].join("|")})(?!\p{L}))`,
  "giu",
);

/** Sentences that refer to the one before: questions about them would say "it" or "the command". */
const POINTS_BACK =
  /^(?:It|Its|They|Their|This|That|These|Those|He|She|Both|Such|Here|There|Then|So|Es|Er|Dies\p{Ll}*|Beide|Solche\p{Ll}*|Dort|Dabei|Dazu|Damit|Dann|Danach|Deshalb|Daher)(?!\p{L})/u;

/** Sentences that say nothing themselves: they announce a table or list, refer to another text, or report a question. */
const SAYS_NOTHING = [
  /\b(?:following|below|above) (?:tables?|figures?|charts?|graphs?)\b|\b(?:tables?|figures?|charts?|graphs?) (?:below|above)\b/iu,
  /\bthe following (?!(?:day|night|morning|evening|week|month|quarter|year)s?\b)[^:]*$/iu,
  /(?:folgend|nachstehend|obig|unten ?stehend)\p{Ll}* (?:Tabelle|Übersicht|Abbildung|Grafik)|(?:Tabelle|Übersicht|Abbildung|Grafik)\p{Ll}* (?:unten|oben)\b/iu,
  /(?:^|[,;] )(?:[Pp]lease )?(?:[Ss]ee|[Ss]iehe) (?:also |the |auch )?(?:\p{Lu}|\d|§|section|article|chapter|clause|page|note|appendix)/u,
  /\b(?:asked|asks|wondered?) (?:whether|if)\b|(?<!\p{L})(?:gefragt|fragen|fragt), ob(?!\p{L})/iu,
];
/** The beginning of a condition, up to what it is about. */
const CONDITION = /(?<!\p{L})(?:if|unless|provided|wenn|falls|sofern|soweit)(?!\p{L})[^,;:]*$/iu;
/** Lists that belong together item by item, of which one item is asked for ambiguously. */
const PAIRS_LISTS = /\brespectively\b/i;
/** Sentences about nothing: what they say of it is no fact about anything. */
const ABOUT_NOTHING = /^(?:No|None|Neither|Kein\p{Ll}*|Niemand|Nichts)(?!\p{L})/u;

/** At most one sentence of a passage for each kind, and two for facts in a long passage. No sentence is used twice. */
export function askedSentences(passage: string, kinds: readonly QuestionKind[]): AskedSentence[] {
  const all = usableSentences(passage).filter(
    (sentence) => !SAYS_NOTHING.some((pattern) => pattern.test(sentence)),
  );
  const clear = all.filter((sentence) => !POINTS_BACK.test(sentence));
  const left = new Set(clear.length > 0 ? clear : all);
  const asked: AskedSentence[] = [];
  const ask = (kind: AskedSentence["kind"], evidence: string | undefined) => {
    if (evidence === undefined || !kinds.includes(kind)) return;
    asked.push(askedFor(kind, evidence));
    for (const sentence of left) if (evidence.includes(sentence)) left.delete(sentence);
  };
  const single = () => [...left].filter((sentence) => !PAIRS_LISTS.test(sentence));
  ask("comparison", comparedIn([...left]));
  ask(
    "definition",
    [...left].find((sentence) => DEFINES.test(sentence)),
  );
  const facts = () => single().filter((sentence) => !ABOUT_NOTHING.test(sentence));
  ask("fact", mostTelling(facts()));
  const reasons = single().filter((sentence) => !isTableRow(sentence)); // a row of figures gives no reason for yes or no
  const certain = reasons.filter((sentence) => certainAmount(sentence) !== null);
  ask("yes-no", mostTelling(certain.length > 0 ? certain : reasons));
  if (passage.length >= LONG_PASSAGE) ask("fact", mostTelling(facts()));
  return asked;
}

function askedFor(kind: AskedSentence["kind"], evidence: string): AskedSentence {
  switch (kind) {
    case "fact":
      return { kind, evidence, answer: askableWords(evidence) };
    case "yes-no": {
      const amount = certainAmount(evidence);
      return { kind, evidence, amount, isYes: evidence.length % 2 === 0 }; // as good as tossing a coin, and reproducible
    }
    default:
      return { kind, evidence };
  }
}

/** The kinds of terms that can be asked for, the most informative first. */
const ASKABLE = ["date", "number", "name", "acronym"];

/** The last cell of a table row; otherwise a date, number, name or acronym that occurs once in the sentence, if possible outside its conditions. */
function askableWords(sentence: string): string | null {
  if (isTableRow(sentence)) return /: ([^:;]+)$/.exec(sentence)?.[1]?.replace(/\.$/, "") ?? null;
  const terms = termsOf(sentence);
  const place = ({ kind }: Term) => ASKABLE.indexOf(baseKind(kind));
  const [first] = terms
    .filter((term) => place(term) >= 0 && sentence.split(term.text).length === 2)
    .sort(
      (a, b) =>
        Number(isInCondition(a, sentence)) - Number(isInCondition(b, sentence)) || place(a) - place(b),
    );
  return first ? (rangeWith(first, terms, sentence) ?? wholeAmount(first.text, sentence)) : null;
}

/** An amount or date of a sentence with which it would be false if it were another: one that occurs once, is not limited and is no end of a range. */
function certainAmount(sentence: string): string | null {
  const terms = termsOf(sentence);
  const certain = terms.find(
    (term) =>
      ["date", "number"].includes(baseKind(term.kind)) &&
      anotherAmount(term.text, sentence) !== null &&
      sentence.split(term.text).length === 2 &&
      !isLimited(term.text, sentence) &&
      !isInCondition(term, sentence) &&
      rangeWith(term, terms, sentence) === null,
  );
  return certain?.text ?? null;
}

const isInCondition = ({ start }: Term, sentence: string) => CONDITION.test(sentence.slice(0, start));

const baseKind = (kind: Term["kind"]) => kind.split(" ", 1)[0]!;

const BEFORE_RANGE = /(?<!\p{L})(?:between|from|zwischen|vom|von) $/iu;
const IN_RANGE = /^ (?:and|to|until|through|und|bis|bis zum) $/u;

/** The range around a term that is one of its ends, such as "from March 2007 to January 2011": half a range is no answer. */
function rangeWith(term: Term, terms: readonly Term[], sentence: string): string | null {
  const end = ({ start, text }: Term) => start + text.length;
  for (const other of terms) {
    const [from, to] = term.start < other.start ? [term, other] : [other, term];
    const opening = BEFORE_RANGE.exec(sentence.slice(0, from.start));
    const isRange = opening && baseKind(other.kind) === baseKind(term.kind);
    if (isRange && IN_RANGE.test(sentence.slice(end(from), to.start)))
      return sentence.slice(opening.index, end(to));
  }
  return null;
}

/** How a complete sentence ends, unlike a heading or a fragment. */
const ENDED = new RegExp(`[.!?…${CLOSING}]$`);

/** The mark of a list item or heading, and the number of a clause, "11.2", "(3)" or "§ 4", neither of which is part of the sentence. */
const MARK = /^[\s#*•–-]+/;
const CLAUSE =
  /^(?:\d{1,2}(?:\.\d{1,2})+\.?|\(\d{1,2}\)|\d{1,2}\)|§+ ?\d+[a-z]?)\s+(?!Uhr\b)(?=[\p{Lu}"“„'‘])/u;

/** The sentences, table rows and list items of a passage that say enough to ask about. */
export function usableSentences(passage: string): string[] {
  return piecesOf(passage)
    .flatMap((piece) => (isTableRow(piece) ? [piece] : sentencesOf(piece)))
    .map((sentence) => sentence.replace(MARK, "").replace(/\s+/g, " ").trim().replace(CLAUSE, ""))
    .filter(
      (sentence) =>
        sentence.length >= CHARACTERS.fewest &&
        sentence.length <= CHARACTERS.most &&
        (contentWords(sentence).length >= FEWEST_WORDS || isTableRow(sentence)) &&
        (ENDED.test(sentence) || isTableRow(sentence)),
    );
}

/** A passage's table rows, and the text between them, without the headings that say where it stands. */
function piecesOf(passage: string): string[] {
  const pieces: string[] = [];
  let isText = false;
  for (const line of passage.split("\n")) {
    if (line.includes(HEADING_PATH)) continue;
    if (isTableRow(line) || !isText) pieces.push(line);
    else pieces.push(`${pieces.pop()!}\n${line}`);
    isText = !isTableRow(line);
  }
  return pieces;
}

/** Whether a sentence is a table row such as "Year: 2021; Sales: 5" (documents/passages/passages.ts). */
function isTableRow(sentence: string): boolean {
  return /^[^:;]+: [^;]+(?:; [^:;]+: [^;]+)+$/.test(sentence);
}

/** A sentence that compares, or the first two rows of a table. */
function comparedIn(sentences: readonly string[]): string | undefined {
  const rows = sentences.filter(isTableRow);
  return rows.length >= 2
    ? rows.slice(0, 2).join("\n")
    : sentences.find((one) => COMPARES.test(one.replace(LIMITS_AMOUNT, "")));
}

/** The most informative sentence, counting each date, number or name as four content words. */
function mostTelling(sentences: readonly string[]): string | undefined {
  const weight = (sentence: string) =>
    4 * termsOf(sentence).filter(({ kind }) => kind !== "word").length + contentWords(sentence).length;
  return [...sentences].sort((a, b) => weight(b) - weight(a))[0];
}
