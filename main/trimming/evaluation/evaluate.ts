/** Evaluation: multiple choice by log-likelihood, and perplexity of held-out completions. */
import type { ChoiceStyle, Example, Question } from "../../../native-models/evaluation/choices.ts";
import { evaluationOf } from "../../../native-models/evaluation/score.ts";
import type { ExampleScore, QuestionScore } from "../../../native-models/evaluation/score.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { groupRows, PASS_TOKENS } from "../../../native-models/training/batch.ts";
import type { Batch, Batcher, TokenRow } from "../../../native-models/training/batch.ts";
import type { WeightStorage } from "../../../preload/contract/plans/plan.ts";
import type { Evaluation } from "../../../preload/contract/runs/run.ts";
import { exampleRows, questionRows, tokensIn } from "../rows/rows.ts";
import type { Encoder, ExampleRow, QuestionRows } from "../rows/rows.ts";
import { mostWithin } from "../rows/spread.ts";

/** A split as rows, created once and scored for each model. */
export interface ScoredRows {
  readonly rows: readonly TokenRow[];
  /** The evaluation, from the NLLs of each row's labels; `storage`: the weights' when they were measured. */
  evaluation(nll: readonly Float32Array[], storage: WeightStorage): Evaluation;
  /** Some questions and texts, spread evenly over all, within limits. */
  part(limits: PartLimits): ScoredPart;
  /** The same questions and texts with their rows changed; labels stay. */
  mapped(change: (row: TokenRow) => TokenRow): ScoredRows;
}

/** Some questions and texts of a split: their indices among its questions and texts, and their rows. */
export interface ScoredPart {
  readonly questions: readonly number[];
  readonly texts: readonly number[];
  readonly rows: ScoredRows;
}

interface PartLimits {
  readonly questions: number;
  readonly texts: number;
  /** For the questions together, and again for the texts. */
  readonly tokens: number;
  /** Only questions whose rows have at most this many tokens; absent: all. */
  readonly longest?: number;
  /** Tokens that are read before each row in addition. */
  readonly extra?: number;
}

/** The most questions and texts of a split: an evaluation has figures of each, and must fit into a message to main. */
const MOST_MEASURED = 40_000;

/** The rows that evaluating a split needs. Throws `bad-choice` if they are too many, before hours are spent on them. */
export function evaluationRows(
  encoder: Encoder,
  split: { readonly questions: readonly Question[]; readonly examples: readonly Example[] },
  style: ChoiceStyle,
  maxTokens: number,
): ScoredRows {
  const questions = split.questions.map((question) => questionRows(encoder, question, style, maxTokens));
  const texts = split.examples.flatMap((example) => exampleRows(encoder, example, maxTokens));
  const count = questions.length + texts.length;
  if (count > MOST_MEASURED) refuseChoice({ code: "too-many-measured", rows: count, most: MOST_MEASURED });
  return new SplitRows(questions, texts);
}

class SplitRows implements ScoredRows {
  readonly rows: readonly TokenRow[];
  readonly #questions: readonly QuestionRows[];
  readonly #texts: readonly ExampleRow[];

  constructor(questions: readonly QuestionRows[], texts: readonly ExampleRow[]) {
    this.#questions = questions;
    this.#texts = texts;
    this.rows = [...questions.flatMap(({ rows }) => rows), ...texts.map(({ row }) => row)];
  }

  evaluation(nll: readonly Float32Array[], storage: WeightStorage): Evaluation {
    const scores = choiceLogLikelihoods(this.#questions, nll);
    const questions = this.#questions.map(({ choiceBytes, answer }, index): QuestionScore => {
      return { logLikelihoods: scores[index]!, choiceBytes, answer };
    });
    const ofTexts = nll.slice(nll.length - this.#texts.length);
    const examples = this.#texts.map(({ bytes }, index): ExampleScore => {
      const labels = ofTexts[index]!;
      return { nll: total(labels), tokens: labels.length, bytes };
    });
    const evaluation = marked(evaluationOf(questions, examples), this.#questions);
    return storage === "f32" ? evaluation : { ...evaluation, storage };
  }

  mapped(change: (row: TokenRow) => TokenRow): ScoredRows {
    return new SplitRows(
      this.#questions.map((question) => ({ ...question, rows: question.rows.map(change) })),
      this.#texts.map((text) => ({ ...text, row: change(text.row) })),
    );
  }

  part({ questions: most, texts: mostTexts, tokens, longest = Infinity, extra = 0 }: PartLimits): ScoredPart {
    const some = (count: number, limit: number, rowsOf: (index: number) => readonly TokenRow[]) => {
      const short = [...Array(count).keys()].filter((index) =>
        rowsOf(index).every(({ ids }) => ids.length <= longest),
      );
      const read = (index: number) => tokensIn(rowsOf(index)) + extra * rowsOf(index).length;
      return mostWithin(short, limit, [{ most: tokens, of: read }]);
    };
    const questions = some(this.#questions.length, most, (index) => this.#questions[index]!.rows);
    const texts = some(this.#texts.length, mostTexts, (index) => [this.#texts[index]!.row]);
    const rows = new SplitRows(
      questions.map((index) => this.#questions[index]!),
      texts.map((index) => this.#texts[index]!),
    );
    return { questions, texts, rows };
  }
}

/** The log-likelihood of each choice of each question, in nats; `nll`: of the labels of their rows, in order. */
export function choiceLogLikelihoods(
  questions: readonly QuestionRows[],
  nll: readonly Float32Array[],
): number[][] {
  let next = 0;
  return questions.map(({ rows, choices }) => {
    const own = nll.slice(next, (next += rows.length));
    return choices.map(({ row, first, end }) => -total(own[row]!.subarray(first, end)));
  });
}

/** The evaluation with its accuracies marked if they are over made questions. */
function marked(evaluation: Evaluation, questions: readonly QuestionRows[]): Evaluation {
  const made = questions.find((question) => question.made)?.made;
  if (!made) return evaluation;
  const checked = questions.filter((question) => question.checked).length;
  const mark = { made, ...(made === "written" && { checked }) };
  const { accuracy, accuracyNorm } = evaluation;
  return {
    ...evaluation,
    accuracy: accuracy && { ...accuracy, ...mark },
    accuracyNorm: accuracyNorm && { ...accuracyNorm, ...mark },
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
