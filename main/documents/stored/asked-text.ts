/** A test row as the person asked it. */
import type { Example, Question } from "../../../preload/contract/data/data.ts";

/** What a chat template adds around a question: its markers, and roles alone on a line. */
const TEMPLATE = /<[|｜][^<>]*[|｜]>|<\/?s>|<(?:start|end)_of_turn>|<bos>|\[\/?INST\]/g;
const ROLES = /^(?:user|assistant|model|system)$/gim;
/** A prompt that people do not write themselves ends so. */
const CUE = /\s*\bAnswer:\s*$/;
/** A list shows the start of longer ones. */
const LONGEST = 4000;

/** The question, or the prompt without what a chat template adds; only the start of a long one. */
export function askedText(row: Pick<Example, "prompt" | "special"> | Pick<Question, "question">): string {
  if ("question" in row) return row.question.slice(0, LONGEST).trim();
  const { prompt, special = false } = row;
  const plain = special
    ? prompt
        .replace(TEMPLATE, "\n")
        .replace(ROLES, "")
        .replace(/\n{2,}/g, "\n")
    : prompt;
  return plain.replace(CUE, "").trim().slice(0, LONGEST).trim();
}
