/** Whether a question or its answer is in the held-out parts of a dataset, so that it must not be trained on. */
import { listedChoices } from "../../../native-models/evaluation/choices.ts";
import { isLetterOfWord, wordsIn } from "../../../native-models/evaluation/words.ts";
import type { Conversation } from "../../../preload/contract/data/data.ts";
import { DatasetReport } from "../../../preload/contract/data/data.ts";
import type { HeldOutSplit } from "../../../preload/contract/chat/correction.ts";
import type { MaskedKind } from "../../../preload/contract/data/personal.ts";
import { lastTurn, learntTurns } from "../records/conversation.ts";
import type { AnsweredTurn } from "../records/conversation.ts";
import { nearDuplicates } from "../passages/near-duplicates.ts";
import { maskRows, withoutMaskNumbers } from "../personal/masks.ts";
import type { Row } from "../row.ts";
import { readReport } from "./split-files.ts";
import { storedRows } from "./stored-rows.ts";

const HELD_OUT: readonly HeldOutSplit[] = ["test", "valid", "offDomain"];

/**
 * A question with at least this many words counts as the same as a longer prompt that contains it, such as after a passage; of the person's
 * prompt, the question has to be the end of a sentence, since "What is the fee?" is not "What is the fee for a boat?".
 */
const FEWEST_WORDS_WITHIN = 4;

/** A sentence with at least this many words was copied if a text has it too; shorter ones may be anybody's. */
const FEWEST_COPIED_WORDS = 8;

/** The words of a text without a question, which measure how well the model knows it. */
interface HeldOutText {
  readonly split: HeldOutSplit;
  readonly words: string;
}

interface HeldOutPrompt {
  readonly split: HeldOutSplit;
  readonly text: string;
  readonly words: string;
}

/**
 * For each conversation, the part of a dataset that has its last question, or nearly the same, or a longer prompt that contains it, or a
 * question that it contains, or a text with a sentence of its last answer; null if none does. If personal data was masked in the dataset,
 * that of the conversations may be anybody's. Throws `not-found`, `unreadable`, `bad-data`.
 */
export function heldOutSplits(
  conversations: readonly Conversation[],
  dataset: string,
): (HeldOutSplit | null)[] {
  const { masked = [] } = readReport(dataset, DatasetReport.pick({ masked: true }));
  const compared = masked.length > 0 ? withoutMaskNumbers : (text: string) => text;
  const held: HeldOutPrompt[] = [];
  const texts: HeldOutText[] = [];
  for (const split of HELD_OUT) {
    for (const row of storedRows(dataset, split)) {
      for (const text of promptsOf(row).map(compared))
        if (text !== "") held.push({ split, text, words: wordsOf(text) });
      if (row.kind === "example" && row.example.prompt.trim() === "")
        texts.push({ split, words: wordsOf(compared(row.example.completion)) });
    }
  }
  const byEnd = new Map<string, HeldOutPrompt[]>();
  for (const one of held) {
    const end = endOf(one.words);
    if (end === null) continue;
    if (!byEnd.has(end)) byEnd.set(end, []);
    byEnd.get(end)!.push(one);
  }
  const contained = (question: string) => {
    for (const words of upToSentences(question))
      for (const one of byEnd.get(endOf(words) ?? "") ?? []) if (words.endsWith(one.words)) return one;
    return undefined;
  };
  const copied = (answer: string) => {
    const sentences = sentencesIn(answer).filter((words) => countOf(words) >= FEWEST_COPIED_WORDS);
    return texts.find(({ words }) => sentences.some((sentence) => words.includes(sentence)));
  };
  const turns = asMasked(conversations, masked).map(lastTurn);
  const asked = turns.map((turn) => compared(questionOf(turn)));
  const first = nearDuplicates([...held.map(({ text }) => text), ...asked]);
  return asked.map((question, index) => {
    const words = wordsOf(question);
    const near = held[first[held.length + index]!];
    const found =
      words === ""
        ? undefined
        : (near ?? held.find((one) => isWithin(words, one.words)) ?? contained(question));
    return (found ?? copied(compared(turns[index]!.answer)))?.split ?? null;
  });
}

/** The conversations with masks for the kinds of personal data that a dataset has masks for. */
function asMasked(
  conversations: readonly Conversation[],
  masked: readonly MaskedKind[],
): readonly Conversation[] {
  if (masked.length === 0) return conversations;
  const rows = conversations.map((conversation) => ({
    line: 1,
    kind: "conversation" as const,
    conversation,
  }));
  const { maskedRows } = maskRows(
    rows,
    masked.map(({ kind }) => kind),
  );
  return rows
    .map((row) => (maskedRows.get(row) as typeof row | undefined) ?? row)
    .map(({ conversation }) => conversation);
}

/** What a row asks; empty for a text. */
function promptsOf(row: Row): string[] {
  switch (row.kind) {
    case "question":
      return [row.question.question];
    case "example":
      return [listedChoices(row.example.prompt).question];
    case "conversation":
      return learntTurns(row.conversation).map(questionOf);
  }
}

/** The last message of the person before the answer, without listed choices. */
function questionOf({ before }: AnsweredTurn): string {
  const asked = before.findLast(({ role }) => role === "user");
  return asked ? listedChoices(asked.content).question : "";
}

/** The words of a text in lower case, each surrounded by spaces. */
function wordsOf(text: string): string {
  const words = wordsIn(text);
  return words.length === 0 ? "" : ` ${words.join(" ")} `;
}

/** The last words of a text, by which texts that may end in it are found; null if it is too short to be found within others. */
function endOf(words: string): string | null {
  if (countOf(words) < FEWEST_WORDS_WITHIN) return null;
  return words.trim().split(" ").slice(-FEWEST_WORDS_WITHIN).join(" ");
}

/** The words of a text up to the end of each of its sentences and lines. */
function* upToSentences(text: string): Generator<string> {
  let words = "";
  for (const sentence of sentencesIn(text)) {
    words = `${words.trimEnd()}${sentence}`;
    yield words;
  }
}

/** The words of each sentence and line; dots within numbers and abbreviations end one, too. */
function sentencesIn(text: string): string[] {
  return text
    .split(/[.?!。？！\n]+/)
    .map(wordsOf)
    .filter(Boolean);
}

/** How many words these are; of a script without spaces, two letters are one. */
const countOf = (words: string): number =>
  words
    .trim()
    .split(" ")
    .reduce((count, word) => count + (isLetterOfWord(word) ? 1 / 2 : 1), 0);

function isWithin(words: string, others: string): boolean {
  if (words === others) return true;
  return countOf(words) >= FEWEST_WORDS_WITHIN && others.includes(words);
}
