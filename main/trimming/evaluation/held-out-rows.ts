/** The validation rows, used by tuning and scoring; never the test rows. */
import { Random } from "../../../native-models/random.ts";
import type { Batch, Batcher, TokenRow } from "../../../native-models/training/batch.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { Splits } from "../../documents/stored/split-files.ts";
import { exampleRows, questionRows } from "../rows/rows.ts";
import type { Encoder, QuestionRows } from "../rows/rows.ts";
import { likeLengths } from "./evaluate.ts";

/** A held-out row: a question whose choices share one row, or only a right answer. */
export interface CalibrationRow {
  readonly row: TokenRow;
  /** Index of the right choice among the labels, if all choices are scored; null: all labels are the answer. */
  readonly answer: number | null;
  /** The question with all its choices; absent: a text or a completion. */
  readonly question?: QuestionRows;
}

/** Validation and calibration rows: the answers to held-out questions; without questions, held-out completions. */
export function heldOutRows(encoder: Encoder, { valid, style }: Splits, maxTokens: number): CalibrationRow[] {
  if (valid.questions.length > 0) {
    return valid.questions.map((question) =>
      calibrationRow(questionRows(encoder, question, style, maxTokens)),
    );
  }
  return valid.examples.flatMap((example) =>
    exampleRows(encoder, example, maxTokens).map(({ row }) => ({ row, answer: null })),
  );
}

/** A question as one row: with all its choices if they are single tokens, otherwise only the right choice. */
function calibrationRow(question: QuestionRows): CalibrationRow {
  if (question.rows.length === 1) return { row: question.rows[0]!, answer: question.answer, question };
  return { row: question.rows[question.choices[question.answer]!.row]!, answer: null, question };
}

/** The rows with all choices of their questions. */
export const choiceRows = (rows: readonly CalibrationRow[]): TokenRow[] =>
  rows.flatMap(({ row, question }) => question?.rows ?? [row]);

/** The validation rows used for scoring, drawn with the plan's seed. */
export function calibrationRows(
  rows: readonly CalibrationRow[],
  { seed, trim }: Pick<TrimPlan, "seed" | "trim">,
): CalibrationRow[] {
  const order = new Random(seed, "calibration").permutation(rows.length);
  return [...order.subarray(0, trim.calibrationRows)].map((index) => rows[index]!);
}

/** The row with the right answer as its only label. */
export function onlyAnswer({ row, answer }: CalibrationRow): CalibrationRow {
  if (answer === null) return { row, answer };
  const { alternatives = [], ids, promptLength } = row;
  const id = answer === 0 ? ids.at(-1)! : alternatives[answer - 1]!;
  return { row: { ids: [...ids.slice(0, -1), id], promptLength }, answer: null };
}

/** Rows of similar length together: batches, and the places of their rows. */
export function* batchesOf(
  rows: readonly CalibrationRow[],
  batcher: Batcher,
): Generator<{ batch: Batch; group: readonly number[] }> {
  const tokenRows: TokenRow[] = rows.map(({ row }) => row);
  for (const group of likeLengths(tokenRows))
    yield { group, batch: batcher.batch(group.map((index) => tokenRows[index]!)) };
}
