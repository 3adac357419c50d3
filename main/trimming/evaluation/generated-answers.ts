/** Answers that a chat model generates to test rows, and how good they are. */
import { bootstrapMean } from "../../../native-models/evaluation/bootstrap.ts";
import { isExactMatch } from "../../../native-models/evaluation/exact-match.ts";
import { repetition, rougeL } from "../../../native-models/evaluation/generated-text.ts";
import { accuracyOf, mean, sum } from "../../../native-models/evaluation/statistics.ts";
import type { Decoder } from "../../../native-models/inference/decoder.ts";
import { generate } from "../../../native-models/inference/generate.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import type { Generated } from "../../../preload/contract/runs/measures.ts";
import type { Accuracy } from "../../../preload/contract/runs/run.ts";
import type { AnsweredRow } from "../schedule/operations.ts";
import type { AskedRow } from "./asked-rows.ts";

export const GREEDY = { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, seed: 0, stop: [] } as const;

/** Answers each row greedily; null for a row that does not fit in the model's context. `onTokens`: called for each row. */
export async function answerRows(
  decoder: Decoder,
  tokenizer: Tokenizer,
  rows: readonly AskedRow[],
  onTokens: (read: number, written: number) => Promise<void>,
): Promise<(AnsweredRow | null)[]> {
  const answered: (AnsweredRow | null)[] = [];
  for (const row of rows) {
    const fits = row.prompt.length + row.maxTokens < decoder.description.contextLength;
    answered.push(fits ? await answerRow(decoder, tokenizer, row) : null);
    await onTokens(row.prompt.length, row.maxTokens);
  }
  return answered;
}

async function answerRow(decoder: Decoder, tokenizer: Tokenizer, row: AskedRow): Promise<AnsweredRow> {
  const { index, prompt, reference, referenceTokens, isWhole, isExact, decimalSign, maxTokens } = row;
  let answer = "";
  const options = { ...GREEDY, maxTokens, endIds: tokenizer.eosIds };
  const { reason, tokens } = await generate(decoder, tokenizer, prompt, options, (text) => (answer += text));
  const figures = {
    exact: isExact ? isExactMatch(answer, reference, decimalSign) : null,
    rougeL: rougeL(answer, reference),
    repetition: repetition(tokenizer.encode(answer)),
    referenceRepetition: repetition(tokenizer.encode(reference)),
    tokens,
    referenceTokens,
    stopped: isWhole ? reason === "end" : null,
  };
  return { index, text: answer, ...figures, matches: matches(figures) };
}

/** The share of short answers that match exactly; null if there are none. */
export function exactMatchOf(rows: readonly (AnsweredRow | null)[]): Accuracy | null {
  return accuracyOf(rows.flatMap((row) => row?.exact ?? []));
}

/** An answer matches if it has at least this much in common with the row's own, or is the same. */
const LEAST_OVERLAP = 2 / 3;
/** Its share of repeated 4-grams may exceed that of the row's own answer by this much. */
const MOST_REPETITION = 0.2;

/** Whether an answer matches the row's own, ends by itself, and does not repeat. */
const matches = ({
  exact,
  rougeL,
  stopped,
  repetition,
  referenceRepetition,
}: Omit<AnsweredRow, "index" | "text" | "matches">): boolean =>
  (exact === true || rougeL >= LEAST_OVERLAP) &&
  stopped !== false &&
  repetition <= referenceRepetition + MOST_REPETITION;

/** The measures of generated answers; null without any. */
export function generatedOf(answered: readonly (AnsweredRow | null)[]): Generated | null {
  const rows = answered.filter((row) => row !== null);
  if (rows.length === 0) return null;
  const tokens = (of: (row: AnsweredRow) => number) => sum(rows.map(of));
  return {
    rougeL: bootstrapMean(rows.map((row) => row.rougeL))!,
    repetition: bootstrapMean(rows.map((row) => row.repetition))!,
    referenceRepetition: mean(rows.map((row) => row.referenceRepetition)),
    length:
      tokens((row) => row.tokens) /
      Math.max(
        1,
        tokens((row) => row.referenceTokens),
      ),
    stops: accuracyOf(rows.flatMap(({ stopped }) => stopped ?? [])),
    matches: accuracyOf(rows.map((row) => row.matches)),
  };
}
