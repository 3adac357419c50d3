/** Whether written comparisons compare: what is asked about, whose figures are given, and what is said of each of two things. */
import { figuresIn } from "./amounts.ts";
import { shareIn, tellingWords } from "./overlap.ts";
import type { Draft } from "./draft.ts";

/** The fewest words of the passage in the question of a comparison, not counting figures. */
const FEWEST_COMPARED = 2;

/** Questions that compare two things, and those of them that one figure answers, since they ask by how much. */
const COMPARES =
  /\b(?:compared (?:to|with)|in comparison|versus|vs|im Vergleich|verglichen|gegenüber)\b|\b(?:between|zwischen)\b.+\b(?:and|und)\b/iu;
const BY_HOW_MUCH = /\b(?:more|less|ratio|mehr|weniger|Verhältnis)\b|\p{L}{2,}er\b/iu;
const DIFFERENCE = /\b(?:differ|Unterschied)/iu;
/** The two things of which the difference is asked. */
const TWO_THINGS = /\b(?:between|zwischen) (.+?) (?:and|und) (.+)/iu;
/** A single amount, with at most two words: "$2.7 million". */
const AMOUNT = /^\P{L}*\p{N}\P{L}*(?:\p{L}+\P{L}*){0,2}$/u;
/** Who is said to have more. */
const MORE = /(?<!\p{L})(\p{L}{2,}er|more|less|mehr|weniger)(?= (?:than|als)(?!\p{L}))/giu;
/** Words of an answer that say whose figures it gives; abbreviated units do not match. */
const SAYS_WHOSE = /\p{L}{3,}/u;
/** Between what is said of one thing and of the other. */
const CONTRAST = /;|(?<!\p{L})(?:while|whereas|but|während|hingegen|dagegen|aber)(?!\p{L})/iu;

/** Whether a question and its answer do not compare what its sentence compares. */
export function comparesWrongly(draft: Draft, passage: string): boolean {
  if (draft.kind === "yes-no") return false;
  return (
    leavesOpenWhose(draft) ||
    ranksByItself(draft) ||
    (draft.kind === "comparison" && (!comparesWords(draft.question, passage) || tellsNoDifference(draft)))
  );
}

/** Whether a comparison asks about words of the passage: "What is the difference between 39% and 75%?" does not. */
function comparesWords(question: string, passage: string): boolean {
  const inPassage = tellingWords(passage);
  const words = [...tellingWords(question)].filter((word) => /^\p{L}/u.test(word) && inPassage.has(word));
  return words.length >= FEWEST_COMPARED;
}

/** Whether figures lack an owner: "28% v. 59%" is no difference and does not say whose they are; "66%" is half an answer about two rates. */
function leavesOpenWhose({ question, answer }: Draft): boolean {
  if (SAYS_WHOSE.test(answer)) return false;
  const figures = figuresIn(answer);
  if (figures.length > 1) return DIFFERENCE.test(question);
  return (
    figures.length === 1 &&
    COMPARES.test(question) &&
    !BY_HOW_MUCH.test(question) &&
    !DIFFERENCE.test(question)
  );
}

/** Whether an answer says that something is more than something else, of which its sentence says neither so nor by figures. */
function ranksByItself({ answer, evidence }: Draft): boolean {
  if (figuresIn(evidence).length > 1) return false;
  const said = evidence.toLowerCase();
  return [...answer.matchAll(MORE)].some(([, more]) => !said.includes(more!.toLowerCase()));
}

/** Whether an answer speaks of only one of the two things whose difference is asked, or says the same of both. */
function tellsNoDifference({ question, answer }: Draft): boolean {
  const [, one, other] = TWO_THINGS.exec(question) ?? [];
  if (one === undefined || other === undefined || !DIFFERENCE.test(question) || AMOUNT.test(answer))
    return false;
  if (isNotNamed(one, other, answer) || isNotNamed(other, one, answer)) return true;
  const [ofOne, ofOther, ...more] = answer.split(CONTRAST).map((said) => without(said, `${one} ${other}`));
  return ofOther !== undefined && more.length === 0 && ofOne === ofOther;
}

/** Whether an answer has none of the words that only the first of two things has. */
function isNotNamed(thing: string, other: string, answer: string): boolean {
  const own = without(thing, other);
  return own !== "" && shareIn(own, answer) === 0;
}

/** The telling words of a text that another text does not have, in alphabetical order. */
function without(text: string, other: string): string {
  const others = tellingWords(other);
  return [...tellingWords(text)]
    .filter((word) => !others.has(word))
    .sort()
    .join(" ");
}
