/**
 * Cloze questions from passages, without a model: a key term of a held-out passage is masked in its sentence, and terms of the same kind
 * from the same collection are the wrong choices. No person wrote them, so their figures are marked (`Question.made`).
 */
import { Random } from "../../../native-models/random.ts";
import type { Question } from "../../../preload/contract/data/data.ts";
import { CLOSING, sentencesOf } from "../passages/sentences.ts";
import type { AskedTerm, ClozePassage, Collection } from "./collection.ts";
import { contentWords, termsOf } from "./terms.ts";
import type { Term } from "./terms.ts";

const CHOICES = 4;
const GAP = "_____";
/** The length of a sentence: shorter ones say too little to determine the term. */
const CHARACTERS = { fewest: 60, most: 320 };
const FEWEST_CONTENT_WORDS = 6;
const ENDED = new RegExp(`[.!?][${CLOSING}]*$`);
/** The most questions on a passage. */
const MOST_OF_A_PASSAGE = 2;
/** How often a term may be the right choice, and a wrong one, so that other questions do not reveal whether a choice is right. */
const MOST_OF_A_TERM = { right: 1, wrong: 3 };
/** How many wrong choices three are chosen from: of those that fit, the nearest in frequency, `each` of them commoner and as many rarer. */
const CANDIDATES = { fitting: 60, each: 6 };
/** How many words of a sentence are used to look for a term elsewhere. */
const TELLING_WORDS = 3;

/** At most `most` questions on passages of a collection, the same for the same passages in any order. */
export function clozeQuestions<Passage extends ClozePassage>(
  held: readonly Passage[],
  known: Collection,
  most: number,
): { question: Question; passage: Passage }[] {
  const used = { right: new Uses(), wrong: new Uses() };
  const ranks = Array.from({ length: CHOICES }, () => 0);
  const made: (Made & { passage: Passage })[] = [];
  for (const passage of [...held].sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))) {
    let ofPassage = 0;
    for (const candidate of candidatesOf(passage, known)) {
      if (ofPassage === MOST_OF_A_PASSAGE) break;
      if (used.right.of(candidate.term.text) >= MOST_OF_A_TERM.right) continue;
      const random = new Random(1, candidate.shown);
      const wrong = wrongChoices(candidate, passage, known, used.wrong, ranks, random);
      if (!wrong) continue;
      used.right.add(candidate.term.text);
      for (const choice of wrong) used.wrong.add(choice);
      const { text } = candidate.term;
      const question = {
        question: candidate.shown,
        choices: [text, ...wrong],
        made: "cloze" as const,
        right: text,
      };
      made.push({ rank: ofPassage++, order: random.bits(), question, passage });
    }
  }
  const chosen = made.sort((a, b) => a.rank - b.rank || a.order - b.order).slice(0, most);
  return chosen.map(({ question: { right, choices, ...question }, passage }, i) => ({
    question: placed(question, choices, right, i),
    passage,
  }));
}

interface Made {
  readonly rank: number;
  readonly order: number;
  readonly question: Omit<Question, "answer"> & { readonly right: string };
}

/** How often terms are choices, whatever their case. */
class Uses {
  readonly #counts = new Map<string, number>();

  of(text: string): number {
    return this.#counts.get(text.toLowerCase()) ?? 0;
  }

  add(text: string): void {
    this.#counts.set(text.toLowerCase(), this.of(text) + 1);
  }
}

/** Places the right choice: in every four questions, each time at another place. */
function placed(
  question: Omit<Question, "answer" | "choices">,
  choices: string[],
  right: string,
  index: number,
): Question {
  const wrong = choices.filter((choice) => choice !== right);
  const answer = new Random(1, `places ${Math.floor(index / CHOICES)}`).permutation(CHOICES)[
    index % CHOICES
  ]!;
  return { ...question, choices: [...wrong.slice(0, answer), right, ...wrong.slice(answer)], answer };
}

interface Candidate {
  readonly term: AskedTerm;
  /** The sentence with its gap, after the one before it if that does not give the term away. */
  readonly shown: string;
}

/** The terms of a passage that could be asked for, at most one per sentence, the most telling ones first. */
function candidatesOf({ document, text }: ClozePassage, known: Collection): Candidate[] {
  const german = known.isGerman(document);
  const found = proseOf(text).flatMap((paragraph) => {
    const sentences = sentencesOf(paragraph).map((sentence) => sentence.replace(/\s+/g, " ").trim());
    return sentences.flatMap((sentence, i) => {
      if (sentence.length < CHARACTERS.fewest || sentence.length > CHARACTERS.most) return [];
      if (!ENDED.test(sentence) || contentWords(sentence).length < FEWEST_CONTENT_WORDS) return [];
      const terms = termsOf(sentence, german).flatMap((term) => {
        const weight = known.weight(term, document);
        return weight === null || occurrences(sentence, term.text) > 1 ? [] : [{ term, weight }];
      });
      const [best] = terms.sort((a, b) => b.weight - a.weight || a.term.start - b.term.start);
      if (!best) return [];
      const shown = shownSentence(sentence, sentences[i - 1], best.term);
      const asked = german ? "Was gehört in die Lücke?" : "What belongs in the gap?";
      return shown === null ? [] : [{ ...best, shown: `${shown}\n${asked}` }];
    });
  });
  return found.sort((a, b) => b.weight - a.weight || (a.shown < b.shown ? -1 : 1));
}

/** The paragraphs of a passage; no headings, items of lists or rows of tables. */
function proseOf(text: string): string[] {
  return text
    .split("\n\n")
    .filter((part) => !/^(?:#|\s*[-*•] |\s*\d+[.)] )/.test(part) && !/^[^.!?]*: .*;/.test(part));
}

/** A sentence that begins with one of these is unclear without the one before it. */
const NEEDS_CONTEXT =
  /^(?:It|Its|They|Their|This|These|That|Those|He|She|Such|Both|However|Es|Sie|Er|Dies|Diese|Dieser|Dieses|Dadurch|Dabei|Solche|Beide)\b/;

function shownSentence(
  sentence: string,
  before: string | undefined,
  { text: term, start }: Pick<Term, "text" | "start">,
): string | null {
  const context =
    before !== undefined && before.length <= CHARACTERS.most && occurrences(before, term) === 0
      ? `${before} `
      : "";
  if (context === "" && NEEDS_CONTEXT.test(sentence)) return null;
  return `${context}${sentence.slice(0, start)}${GAP}${sentence.slice(start + term.length)}`;
}

function occurrences(text: string, term: string): number {
  return text.toLowerCase().split(term.toLowerCase()).length - 1;
}

/**
 * Three terms that could be in the gap but do not fit: none is in the document, or in any passage with a telling word of the sentence,
 * whereas the right one is in such a passage of another document. Null if it is not, or if there are too few.
 */
function wrongChoices(
  { term, shown }: Candidate,
  { document }: ClozePassage,
  known: Collection,
  used: Uses,
  ranks: number[],
  random: Random,
): string[] | null {
  const telling = known.rarest(contentWords(shown), TELLING_WORDS);
  if (!known.meets(term.text, telling, document)) return null;
  const terms = known.like(term);
  const fitting: string[] = [];
  for (const index of random.permutation(terms.length)) {
    const other = terms[index]!;
    if (
      used.of(other) >= MOST_OF_A_TERM.wrong ||
      isAlike(other, term.text) ||
      fitting.some((one) => isAlike(one, other))
    )
      continue;
    if (known.isIn(other, document) || known.meets(other, telling)) continue;
    fitting.push(other);
    if (fitting.length === CANDIDATES.fitting) break;
  }
  return balanced(fitting, term.text, known, ranks, random);
}

/** Whether two terms have a word in common, or its beginning: then both may fit. Numbers are alike if they are equal. */
function isAlike(a: string, b: string): boolean {
  const stems = (text: string) =>
    text
      .toLowerCase()
      .split(/[\s-]+/)
      .map((word) => (/\d/.test(word) ? word : word.slice(0, 5)));
  if (/^\d/.test(a)) return a === b;
  return (
    stems(a).some((stem) => stem.length > 3 && stems(b).includes(stem)) || a.toLowerCase() === b.toLowerCase()
  );
}

/**
 * Three of the candidates, chosen so that the right choice is no more often the longest or the commonest of the four than any other: by
 * frequency it has the rank that the fewest questions have so far, and by length a random one. Null if there are too few. Counts the rank
 * in `ranks`.
 */
function balanced(
  candidates: readonly string[],
  right: string,
  known: Collection,
  ranks: number[],
  random: Random,
): string[] | null {
  const own = known.documentsWith(right);
  const nearest = (isCommoner: boolean) =>
    candidates
      .map((text) => ({ text, distance: Math.abs(Math.log(known.documentsWith(text) / own)) }))
      .filter(({ text }) => known.documentsWith(text) > own === isCommoner)
      .sort((a, b) => a.distance - b.distance)
      .slice(0, CANDIDATES.each)
      .map(({ text }) => text);
  const [commoner, rarer] = [nearest(true), nearest(false)];
  const feasible = [0, 1, 2, 3].filter(
    (rank) => rank <= commoner.length && CHOICES - 1 - rank <= rarer.length,
  );
  const [rank] = feasible.sort((a, b) => ranks[a]! - ranks[b]! || b - a);
  if (rank === undefined) return null;
  ranks[rank]!++;
  const longer = random.integer(CHOICES);
  const longerThanRight = (choice: readonly string[]) =>
    choice.reduce((sum, { length }) => sum + Math.sign(length - right.length) / 2 + 0.5, 0);
  let best: { cost: number; choice: string[] } = { cost: Infinity, choice: [] };
  for (const some of subsets(commoner, rank)) {
    for (const others of subsets(rarer, CHOICES - 1 - rank)) {
      const choice = [...some, ...others];
      const cost = Math.abs(longerThanRight(choice) - longer);
      if (cost < best.cost) best = { cost, choice };
    }
  }
  return best.choice;
}

/** All subsets of a size, in order. */
function subsets(list: readonly string[], size: number): string[][] {
  if (size === 0) return [[]];
  return list.flatMap((first, i) => subsets(list.slice(i + 1), size - 1).map((rest) => [first, ...rest]));
}
