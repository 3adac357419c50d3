/** From log-likelihoods to an evaluation: pure aggregation, so that every way of running a model is scored alike. */
import type { Estimate } from "./bootstrap.ts";
import { calibrationError, choiceProbabilities } from "./calibration.ts";
import { accuracyOf, bitsPerByteOf, mean, perplexityOf, sum } from "./statistics.ts";
import type { Accuracy } from "./statistics.ts";

/** A question put to a model. One entry for each choice: the log-likelihood summed over its tokens, and its bytes. */
export interface QuestionScore {
  readonly logLikelihoods: readonly number[];
  readonly choiceBytes: readonly number[];
  /** 0-based index of the right choice. */
  readonly answer: number;
}

/** A completion under a model: its NLL in nats summed over its tokens, and its number of tokens and UTF-8 bytes. */
export interface ExampleScore {
  readonly nll: number;
  readonly tokens: number;
  readonly bytes: number;
  /** Whether a generated answer matched; absent if none was generated. */
  readonly exactMatch?: boolean | undefined;
}

/** One model measured on one split; null for measures that the split does not support. */
export interface Evaluation {
  /** acc: argmax of the summed log-likelihood (lm-evaluation-harness). */
  accuracy: Accuracy | null;
  /** acc_norm: argmax of the log-likelihood per byte of the choice. */
  accuracyNorm: Accuracy | null;
  /** NLL of the right choice, mean over questions. */
  answerNll: number | null;
  /** exp(mean NLL per token) of completions. */
  perplexity: number | null;
  bitsPerByte: number | null;
  exactMatch: Accuracy | null;
  /** Per question, in order: whether it was answered right. For McNemar's test between two models. */
  correct: boolean[];
  /** Per question, in order: the index of the likeliest choice. */
  chosen: number[];
  /** Per question, then per completion, in order: the NLL of the right answer, or of the completion, in nats, to 1e-4. */
  nlls: number[];
  /** Per completion, in order: its number of tokens. With their NLLs, for a paired bootstrap of perplexities. */
  textTokens: number[];
  /** The expected calibration error of the choices' probabilities. */
  calibration: Estimate | null;
}

const NLL_DECIMALS = 1e4;

/** Aggregates the scores of one split. Throws RangeError if they are not finite, as for a diverged model. */
export function evaluationOf(
  questions: readonly QuestionScore[],
  examples: readonly ExampleScore[],
): Evaluation {
  const chosen = questions.map(({ logLikelihoods }) => argmax(logLikelihoods));
  const correct = questions.map(({ answer }, i) => chosen[i] === answer);
  const correctNorm = questions.map(
    ({ logLikelihoods, choiceBytes, answer }) =>
      argmax(logLikelihoods.map((value, i) => value / choiceBytes[i]!)) === answer,
  );
  const matches = examples.flatMap(({ exactMatch }) => (exactMatch === undefined ? [] : [exactMatch]));
  const nll = sum(examples.map((example) => finite(example.nll)));
  const tokens = sum(examples.map((example) => example.tokens));
  const bytes = sum(examples.map((example) => example.bytes));
  return {
    accuracy: accuracyOf(correct),
    accuracyNorm: accuracyOf(correctNorm),
    answerNll: questions.length === 0 ? null : mean(questions.map(answerNll)),
    perplexity: tokens === 0 ? null : perplexityOf(nll, tokens),
    bitsPerByte: bytes === 0 ? null : bitsPerByteOf(nll, bytes),
    exactMatch: accuracyOf(matches),
    correct,
    chosen,
    nlls: [...questions.map(answerNll), ...examples.map((example) => example.nll)].map(
      (value) => Math.round(value * NLL_DECIMALS) / NLL_DECIMALS,
    ),
    textTokens: examples.map((example) => example.tokens),
    calibration: calibrationError(
      questions.map(({ logLikelihoods }, i) => ({
        probability: Math.max(...choiceProbabilities(logLikelihoods)),
        correct: correct[i]!,
      })),
    ),
  };
}

const answerNll = ({ logLikelihoods, answer }: QuestionScore) => -logLikelihoods[answer]!;

/** The index of the largest value, the first of equals. */
function argmax(values: readonly number[]): number {
  let best = 0;
  values.forEach((value, index) => {
    if (finite(value) > values[best]!) best = index;
  });
  return best;
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`a log-likelihood is ${value}`);
  return value;
}
