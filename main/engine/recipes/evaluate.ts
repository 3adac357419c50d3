/** Evaluation: multiple choice by log-likelihood, and perplexity of held-out completions. */
import { evaluationOf } from "../../../native-models/evaluation/score.ts";
import type { ExampleScore, QuestionScore } from "../../../native-models/evaluation/score.ts";
import type { ChoiceStyle, Example, Question } from "../../../native-models/evaluation/choices.ts";
import { groupRows, PASS_TOKENS } from "../../../native-models/training/batch.ts";
import type { Batch, Batcher, TokenRow } from "../../../native-models/training/batch.ts";
import type { WeightStorage } from "../../../preload/contract/plan.ts";
import type { Evaluation } from "../../../preload/contract/run.ts";
import { exampleRow, questionRows } from "./rows.ts";
import type { Encoder } from "./rows.ts";

/** A split as rows, created once and scored for each model. */
export interface ScoredRows {
  readonly rows: readonly TokenRow[];
  /** From the NLLs of each row's labels, and the weight storage, to the evaluation. */
  evaluation(nll: readonly Float32Array[], storage: WeightStorage): Evaluation;
}

/** The rows that evaluating a split needs. */
export function evaluationRows(
  encoder: Encoder,
  split: { readonly questions: readonly Question[]; readonly examples: readonly Example[] },
  style: ChoiceStyle,
  maxTokens: number,
): ScoredRows {
  const questions = split.questions.map((question) => questionRows(encoder, question, style, maxTokens));
  const examples = split.examples.flatMap((example) => {
    const row = exampleRow(encoder, example, maxTokens);
    return row ? [{ row, bytes: Buffer.byteLength(example.completion) }] : [];
  });
  const rows = [...questions.flatMap((question) => question.rows), ...examples.map(({ row }) => row)];
  return {
    rows,
    evaluation(nll, storage) {
      let next = 0;
      const questionScores = questions.map(({ rows: own, choices, choiceBytes, answer }): QuestionScore => {
        const first = next;
        next += own.length;
        const logLikelihoods = choices.map(
          ({ row, first: from, end }) => -total(nll[first + row]!.subarray(from, end)),
        );
        return { logLikelihoods, choiceBytes, answer };
      });
      const exampleScores = examples.map(({ bytes }): ExampleScore => {
        const labels = nll[next++]!;
        return { nll: total(labels), tokens: labels.length, bytes };
      });
      const evaluation = evaluationOf(questionScores, exampleScores);
      return storage === "f32" ? evaluation : { ...evaluation, storage };
    },
  };
}

/** The NLLs of the labels of each row, in row order; rows of similar length are scored together. */
export async function scoreRows(
  rows: readonly TokenRow[],
  batcher: Batcher,
  score: (batch: Batch) => Promise<Float32Array>,
  progress: (tokens: number) => Promise<void> = async () => {},
): Promise<Float32Array[]> {
  const results: Float32Array[] = new Array(rows.length);
  for (const group of likeLengths(rows)) {
    const batch = batcher.batch(group.map((index) => rows[index]!));
    const nll = await score(batch);
    group.forEach((index, i) => (results[index] = nll.slice(batch.labelStarts[i], batch.labelStarts[i + 1])));
    await progress(batch.tokens.length);
  }
  return results;
}

/** Indices of rows in groups of at most `PASS_TOKENS` tokens, shortest first. */
export function likeLengths(rows: readonly TokenRow[]): number[][] {
  const order = rows
    .map((_, index) => index)
    .sort((a, b) => rows[a]!.ids.length - rows[b]!.ids.length || a - b);
  let next = 0;
  return groupRows(
    order.map((index) => rows[index]!),
    PASS_TOKENS,
  ).map((group) => group.map(() => order[next++]!));
}

export function total(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}
