/** Writes questions from a few passages, and asks each question again: two rounds of prompts, each of which reads a passage once. */
import { z } from "zod";
import { parsedJson } from "../../../native-models/formats/parsed-json.ts";
import type { AnswerShape } from "../../../preload/contract/chat/chat.ts";
import type { Message } from "../../../preload/contract/data/data.ts";
import { isReused } from "../../../preload/contract/questions/written-questions.ts";
import type {
  QuestionKind,
  StoredPassage,
  ThrownReason,
} from "../../../preload/contract/questions/written-questions.ts";
import { askedSentences, asksForYes, usableSentences } from "./asked-sentences.ts";
import type { AskedSentence } from "./asked-sentences.ts";
import { refusalOf, verdictOf } from "./checks.ts";
import type { Checks } from "./checks.ts";
import type { Draft } from "./draft.ts";
import { wholeAmount } from "./amounts.ts";
import { opposite } from "./opposites.ts";
import { tellingWords } from "./overlap.ts";
import type { PromptWords } from "./prompt-words.ts";
import { aboutPassage, CHARACTERS, shapeOf, wordsFor } from "./prompts.ts";

export interface ModelPrompt {
  readonly messages: readonly Message[];
  readonly shape?: AnswerShape;
}

/** A model's answer; `isCutOff`: it reached its maximum length. Null: the prompt could not be answered. */
export type ModelAnswer = { readonly text: string; readonly isCutOff: boolean } | null;

/** Answers many prompts, in their order, with at most `maxTokens` each. */
export type AskModel = (prompts: readonly ModelPrompt[], maxTokens: number) => Promise<ModelAnswer[]>;

export interface PassageToWriteFrom extends StoredPassage {
  readonly id: number;
}

export interface KeptQuestion extends Draft {
  readonly passageId: number;
  readonly doubt: number;
  readonly checks: Checks;
}

/** A question that was kept earlier, and that another passage may not answer. */
export type KnownQuestion = Pick<Draft, "kind" | "question" | "answer"> &
  Pick<StoredPassage, "document" | "split"> & { readonly passageId: number };

export interface WrittenFromPassages {
  readonly kept: KeptQuestion[];
  readonly thrown: Partial<Record<ThrownReason, number>>;
}

const TOKENS = { question: 200, answer: 60 };

interface Candidate {
  readonly passage: PassageToWriteFrom;
  readonly draft: Draft;
  /** What it was written about; undefined for "not in the text". */
  readonly sentence?: AskedSentence;
}

export interface WritingChoices {
  readonly kinds: readonly QuestionKind[];
  /** Questions that were kept earlier, some of which are reused for "not in the text". */
  readonly known: readonly KnownQuestion[];
  /** Whether prompts begin with an example. */
  readonly examples?: boolean;
}

/** Questions that their passages support, and how many others were thrown away; deterministic for the same answers of the model. */
export async function writeFromPassages(
  passages: readonly PassageToWriteFrom[],
  ask: AskModel,
  { kinds, known, examples = true }: WritingChoices,
): Promise<WrittenFromPassages> {
  const thrown: Partial<Record<ThrownReason, number>> = {};
  const throwAway = (reason: ThrownReason) => (thrown[reason] = (thrown[reason] ?? 0) + 1);

  const asked = passages.flatMap((passage) =>
    askedSentences(passage.passage, kinds).map((sentence) => ({ passage, sentence })),
  );
  const written = await ask(
    asked.map(({ passage: { passage }, sentence }) => ({
      messages: aboutPassage(passage, wordsFor(passage).write(sentence), examples),
      shape: shapeOf(sentence, wordsFor(passage)),
    })),
    TOKENS.question,
  );
  const drafts = asked.flatMap(({ passage, sentence }, i): Candidate[] => {
    const draft = draftOf(written[i]!, sentence, wordsFor(passage.passage));
    if (typeof draft === "string") throwAway(draft);
    return typeof draft === "string" ? [] : [{ passage, draft, sentence }];
  });
  const candidates = [...drafts, ...(kinds.includes("not-in-text") ? absent(passages, known) : [])].filter(
    ({ passage, draft }) => {
      const reason = refusalOf(draft, passage.passage, wordsFor(passage.passage));
      if (reason) throwAway(reason);
      return reason === null;
    },
  );

  const byPassage = passages.flatMap(({ id }) => candidates.filter(({ passage }) => passage.id === id));
  const prompts = byPassage.map((candidate) => checkingPrompts(candidate, examples));
  const answers = (await ask(prompts.flat(), TOKENS.answer)).map(textOf);
  const kept: KeptQuestion[] = [];
  let at = 0;
  for (const [i, { passage, draft, sentence }] of byPassage.entries()) {
    const [first = null, second = null, fromMemory = null] = answers.slice(at, (at += prompts[i]!.length));
    const words = wordsFor(passage.passage);
    const verdict = verdictOf(draft, { first, second, fromMemory }, words);
    if (!verdict.kept) throwAway(verdict.reason);
    else {
      const { doubt, checks } = verdict;
      kept.push({ ...finished(draft, sentence, passage.passage), passageId: passage.id, doubt, checks });
    }
  }
  return { kept, thrown };
}

/** A checked draft as it is kept. What is to be answered no was checked with the answer yes, before its amount is replaced. */
function finished(draft: Draft, asked: AskedSentence | undefined, passage: string): Draft {
  const words = wordsFor(passage);
  if (draft.kind === "not-in-text") return { ...draft, answer: words.notInText };
  const isTurned = asked?.kind === "yes-no" && asked.amount !== null && !asked.isYes;
  return isTurned ? opposite(draft, asked.amount, passage, words) : draft;
}

const Text = z.string().transform((text) => text.replace(/\s+/g, " ").trim());
const Written = z.object({ question: Text, answer: Text.optional() });

/** The draft of an answered prompt. The answer of a yes-no question gives the sentence as the reason: "Yes. The seller pays." */
function draftOf(
  answered: ModelAnswer,
  asked: AskedSentence,
  { yes, no }: PromptWords,
): Draft | ThrownReason {
  if (answered?.isCutOff) return "cut-off";
  const written = answered && Written.safeParse(parsedJson(answered.text)).data;
  if (!written) return "unusable";
  const { kind, evidence } = asked;
  const given =
    kind === "yes-no"
      ? `${asksForYes(asked) ? yes : no}. ${evidence}`
      : kind === "fact"
        ? asked.answer
        : null;
  // At the schema's limit, a question is closed in the middle of a word.
  if (written.question.length > CHARACTERS.question.most) return "cut-off";
  // The same for an answer, from which a trailing space was trimmed.
  if (given === null && (written.answer ?? "").length >= CHARACTERS.answer - 1) return "cut-off";
  const chosen = written.answer ?? "";
  const answer = given ?? (kind === "fact" ? wholeAmount(chosen, evidence) : chosen);
  return { kind, question: written.question, answer, evidence };
}

/** An answer's first line; null if there is none. */
function textOf(answered: ModelAnswer): string | null {
  return answered?.text.trim().split("\n", 1)[0]!.trim() || null;
}

/** Content words that a passage must share with a question from another passage to be on its topic; the same document counts as one. */
const FEWEST_IN_COMMON = 2;

/**
 * For each passage, the nearest known question of its split that was written from another passage. Each question is used at most once, or
 * a model would learn which questions have no answer.
 */
function absent(passages: readonly PassageToWriteFrom[], known: readonly KnownQuestion[]): Candidate[] {
  const used = new Set(known.flatMap(({ kind, question }) => (kind === "not-in-text" ? [question] : [])));
  return passages.flatMap((passage): Candidate[] => {
    const own = tellingWords(passage.passage);
    const nearness = ({ question, document }: KnownQuestion) =>
      [...tellingWords(question)].filter((word) => own.has(word)).length +
      Number(document === passage.document);
    const [nearest] = known
      .filter(
        ({ kind, split, passageId, question }) =>
          isReused(kind) && split === passage.split && passageId !== passage.id && !used.has(question),
      )
      .map((question) => ({ question, nearness: nearness(question) }))
      .sort((a, b) => b.nearness - a.nearness);
    if (!nearest || nearest.nearness < FEWEST_IN_COMMON) return [];
    const { question, answer } = nearest.question;
    used.add(question);
    return [{ passage, draft: { kind: "not-in-text", question, answer, evidence: "" } }];
  });
}

/** The prompts that check a draft: two with the passage, and one without it if the answer could be known from memory. */
function checkingPrompts({ passage: { passage }, draft }: Candidate, examples: boolean): ModelPrompt[] {
  const words = wordsFor(passage);
  const { kind, question } = draft;
  const about = (task: string, choices?: readonly string[]): ModelPrompt => ({
    messages: aboutPassage(passage, task, examples),
    ...(choices && { shape: { kind: "choices", choices: [...choices] } }),
  });
  const found = about(words.find(question), [...new Set(usableSentences(passage))]);
  switch (kind) {
    case "not-in-text":
      return [about(words.answer(question)), about(words.isAnswered(question), [words.yes, words.no])];
    case "yes-no":
      return [about(words.answer(question), [words.yes, words.no, words.notInText]), found];
    default:
      return [
        about(words.answer(question)),
        found,
        { messages: [{ role: "user", content: words.fromMemory(question) }] },
      ];
  }
}
