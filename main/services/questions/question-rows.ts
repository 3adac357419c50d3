/** Written questions as rows: conversations to learn from, questions with choices to measure by. */
import { Random } from "../../../native-models/random.ts";
import type { Question } from "../../../preload/contract/data/data.ts";
import type {
  PassageChoice,
  WrittenQuestion,
} from "../../../preload/contract/questions/written-questions.ts";
import { figuresIn } from "./amounts.ts";
import { OtherAnswers } from "./other-answers.ts";
import { containment } from "./overlap.ts";
import { saysNotInText, wordsFor } from "./prompts.ts";

/** A row of a data set, with the reader's own field names (main/documents/stored/stored-rows.ts). */
export type QuestionRecord = Readonly<Record<string, unknown>>;

const MOST_CHOICES = 4;
const FEWEST_CHOICES = 2;
/** An answer that shares more of its words with another may mean the same. */
const MOST_IN_COMMON = 0.34;

/** Training rows, each a conversation. What is not in the text can only be asked with the passage. */
export function trainingRecords(
  questions: readonly WrittenQuestion[],
  passages: PassageChoice,
): QuestionRecord[] {
  return usable(questions, passages).map((question) => ({
    messages: [
      { role: "user", content: askedText(question, passages) },
      { role: "assistant", content: question.answer },
    ],
    made: "written",
    document: question.document,
    place: question.place,
  }));
}

/**
 * Rows for validation or test: questions with choices, of which the wrong ones are answers of the same kind and language from the
 * collection, first from the same document (the questions are part of it). Questions without enough other answers are left out.
 */
export function measuringRecords(
  questions: readonly WrittenQuestion[],
  collection: readonly WrittenQuestion[],
  passages: PassageChoice,
): QuestionRecord[] {
  const others = new OtherAnswers(collection.filter(({ answer }) => !saysNotInText(answer)));
  return usable(questions, passages).flatMap((question) => {
    const { right, wrong } = choicesOf(question, others, passages);
    if (right === null || wrong.length + 1 < FEWEST_CHOICES) return [];
    const order = new Random(1, question.question).permutation(wrong.length + 1);
    const choices = [...order].map((index) => [right, ...wrong][index]!);
    const asked: Question = {
      question: askedText(question, passages),
      choices,
      answer: choices.indexOf(right),
      task: question.kind,
      made: "written",
      checked: question.state !== "unseen",
    };
    return [{ ...asked, document: question.document, place: question.place }];
  });
}

/** The questions that can be asked with or without their passages, as chosen. A person may have edited an answer, whatever its kind. */
export function usable(questions: readonly WrittenQuestion[], passages: PassageChoice): WrittenQuestion[] {
  return questions.filter(({ answer }) => passages === "with" || !saysNotInText(answer));
}

function askedText({ passage, question }: WrittenQuestion, passages: PassageChoice): string {
  return passages === "with" ? `${passage}\n\n${question}` : question;
}

/**
 * The right choice, null if the answer cannot be one, and at most three wrong ones. With a passage, one of the choices is that the text
 * does not say.
 */
function choicesOf(
  question: WrittenQuestion,
  others: OtherAnswers,
  passages: PassageChoice,
): { right: string | null; wrong: string[] } {
  const { notInText, yes, no } = wordsFor(question.passage);
  const isAbsent = saysNotInText(question.answer);
  const absent = passages === "with" && !isAbsent ? [notInText] : [];
  if (question.kind === "yes-no") {
    if (isAbsent) return { right: notInText, wrong: [yes, no] };
    const [first] = /^\p{L}+/u.exec(question.answer) ?? [];
    const right = [yes, no].find((word) => word.toLowerCase() === first?.toLowerCase()) ?? null;
    return { right, wrong: [right === yes ? no : yes, ...absent] };
  }
  const right = isAbsent ? notInText : question.answer;
  const wrong: string[] = [];
  for (const answer of [...absent, ...others.likeliestFirst(question)]) {
    if (wrong.length === MOST_CHOICES - 1) break;
    if (![right, ...wrong].some((other) => mayMeanTheSame(answer, other))) wrong.push(answer);
  }
  return { right, wrong };
}

/** Whether two answers may mean the same: not if their numbers differ, whatever words they share. */
function mayMeanTheSame(a: string, b: string): boolean {
  const [own, others] = [figuresIn(a), figuresIn(b)];
  if (own.length > 0 && others.length > 0 && !own.some((number) => others.includes(number))) return false;
  return containment(a, b) > MOST_IN_COMMON;
}
