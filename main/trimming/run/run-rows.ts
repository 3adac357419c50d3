/** All rows of a run, encoded once: for training, for choosing, and for results that are only reported. */
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { PlannedTokens } from "../../../preload/contract/plans/probe.ts";
import type { Splits } from "../../documents/stored/split-files.ts";
import { noTokens } from "../schedule/planned-run.ts";
import { askedRows, askedTokens, tokensOfAnswers } from "../evaluation/asked-rows.ts";
import type { AskedRow, AskedRows } from "../evaluation/asked-rows.ts";
import { evaluationRows } from "../evaluation/evaluate.ts";
import type { ScoredPart, ScoredRows } from "../evaluation/evaluate.ts";
import { calibrationRows, choiceRows, heldOutRows } from "../evaluation/held-out-rows.ts";
import type { CalibrationRow } from "../evaluation/held-out-rows.ts";
import { exampleIds, promptedAnswers, promptedQuestions } from "../evaluation/prompted-rows.ts";
import { watchedRows, watchedTokens } from "../evaluation/watched-answers.ts";
import type { WatchedRow } from "../evaluation/watched-answers.ts";
import { writingFor } from "../methods/index.ts";
import { tokensIn, trainingExamples } from "../rows/rows.ts";
import type { Encoder, TrainingExample } from "../rows/rows.ts";
import { correctionRows } from "./planned-data.ts";
import type { CorrectionRows, PlannedData } from "./planned-data.ts";

/** What rows are encoded for. */
export interface EncodedFor {
  readonly plan: TrimPlan;
  readonly encoder: Encoder;
  /** The tokenizers of the chat models; not needed by a recipe without chat models. */
  readonly product?: { readonly tokenizer: Tokenizer; readonly original?: { readonly tokenizer: Tokenizer } };
  /** Of the model. */
  readonly maxPositions: number;
}

export interface RunRows {
  readonly examples: readonly TrainingExample[];
  /** The examples' rows. */
  readonly training: readonly TokenRow[];
  /** Whether held-out rows have questions with choices. */
  readonly hasChoices: boolean;
  /** What the tuned model would read and write for the plan's methods. */
  readonly writing: PlannedTokens["writing"];
  readonly validation: readonly CalibrationRow[];
  /** The validation rows by which units are scored. */
  readonly calibration: readonly CalibrationRow[];
  /** The validation rows in the form by which a depth is chosen. */
  readonly choosing: ScoredRows;
  readonly test: ScoredRows;
  readonly offDomain: ScoredRows | null;
  /** Null except in an improvement. */
  readonly corrections: CorrectionRows | null;
  /** Null for a recipe without chat models. */
  readonly asked: AskedRows | null;
  /** The same in the tokens of the base's chat model, and with examples in the prompt. */
  readonly askedOfBase: AskedRows | null;
  /** Test questions with training rows as examples before them, for the untrained model; null if they do not fit, or in an improvement. */
  readonly prompted: ScoredPart | null;
  /** The held-out questions that are answered after each round. */
  readonly watched: readonly WatchedRow[];
}

export function runRows({ plan, encoder, product, maxPositions }: EncodedFor, data: PlannedData): RunRows {
  const { maxTokens } = plan;
  const evaluated = (split: Splits["test"]) => evaluationRows(encoder, split, data.style, maxTokens);
  const examples = trainingExamples(encoder, data.train, maxTokens);
  const hasChoices = data.valid.questions.length + data.test.questions.length > 0;
  const validation = heldOutRows(encoder, data, maxTokens);
  const test = evaluated(data.test);
  const askedIn = (tokenizer: Tokenizer) =>
    askedRows(tokenizer, data.test, data.style, test, data.corrections?.right);
  const asked = product ? askedIn(product.tokenizer) : null;
  const askedOfBase = product?.original ? askedIn(product.original.tokenizer) : asked;
  const shown = plan.improvement ? null : exampleIds(encoder, data.train.examples);
  return {
    examples,
    training: examples.map(({ row }) => row),
    hasChoices,
    writing: writingFor({ plan, encoder, examples, hasChoices, maxPositions }),
    validation,
    calibration: calibrationRows(validation, plan),
    choosing: evaluated(data.valid),
    test,
    offDomain: data.offDomain && evaluated(data.offDomain),
    corrections: data.corrections && correctionRows(encoder, data.corrections, maxTokens),
    asked,
    askedOfBase: askedOfBase && {
      ...askedOfBase,
      prompted: promptedOf(product?.original?.tokenizer ?? encoder, askedOfBase, data, plan),
    },
    prompted: shown && promptedQuestions(encoder, test, shown, maxPositions),
    watched: watchedRows(encoder, data.test, data.style, maxTokens),
  };
}

/** For the untrained model: the written answers with examples in the prompt; none for multiple choice, which is scored instead. */
function promptedOf(
  encoder: Encoder,
  { answered }: AskedRows,
  { train, test }: PlannedData,
  { improvement }: TrimPlan,
): AskedRow[] {
  const isWritten = test.examples.some(({ prompt }) => prompt.length > 0);
  const examples = isWritten && !improvement ? exampleIds(encoder, train.examples) : null;
  return examples ? promptedAnswers(encoder, answered, examples) : [];
}

/** The amount of data, so that a run's time can be estimated from the start. */
export function tokensOfRows(rows: RunRows): PlannedTokens {
  const { training, writing, validation, calibration, choosing, test, offDomain, corrections, asked } = rows;
  const { prompted, watched, askedOfBase } = rows;
  return {
    ...noTokens,
    trainingRows: training.length,
    training: tokensIn(training),
    validation: tokensIn(validation.map(({ row }) => row)),
    calibration: tokensIn(calibration.map(({ row }) => row)),
    calibrationRows: calibration.length,
    calibrationChoices: tokensIn(choiceRows(calibration)),
    choosing: tokensIn(choosing.rows),
    test: tokensIn([test, offDomain, corrections].flatMap((split) => split?.rows ?? [])),
    writing,
    prompted: tokensIn(prompted?.rows.rows ?? []),
    promptedAnswers: tokensOfAnswers(askedOfBase?.prompted ?? []),
    watched: watchedTokens(watched),
    ...(asked && askedTokens(asked)),
  };
}
