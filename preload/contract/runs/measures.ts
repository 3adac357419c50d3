/** Measures with their intervals, of one model and of two models on the same rows. */
import { z } from "zod";
import { PRECISIONS } from "../../../native-models/inference/precision.ts";
import { MadeQuestions } from "../data/data.ts";

/** A share with its 95% Wilson interval and the number of questions. `made`: who wrote the questions, if no person did. */
export const Accuracy = z.object({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  n: z.number(),
  made: MadeQuestions.optional(),
  /** How many of the questions that a model wrote a person has checked. */
  checked: z.number().optional(),
});
export type Accuracy = z.infer<typeof Accuracy>;

/** A figure with its 95% bootstrap interval and the number of rows. */
export const Estimate = z.object({ value: z.number(), low: z.number(), high: z.number(), n: z.number() });
export type Estimate = z.infer<typeof Estimate>;

/** Exact McNemar test of two models on the same questions: how many questions only the first, or only the second, got right. */
export const Comparison = z.object({ onlyFirst: z.number(), onlySecond: z.number(), p: z.number() });
export type Comparison = z.infer<typeof Comparison>;

/** Measures of answers that a chat model generated greedily to some test rows, compared with the rows' own answers. */
export const Generated = z.object({
  /** ROUGE-L, F1. */
  rougeL: Estimate,
  /** The share of token 4-grams that repeat an earlier one of the same answer. `referenceRepetition`: the same for the rows' own answers. */
  repetition: Estimate,
  referenceRepetition: z.number(),
  /** The mean length, in tokens, divided by that of the rows' own answers. */
  length: z.number(),
  /** The share of answers that ended by themselves before they were much longer than the row's own answer; null if none could. */
  stops: Accuracy.nullable(),
  /** The share of answers that match the row's own, end, and do not repeat. */
  matches: Accuracy.nullable().optional(),
});
export type Generated = z.infer<typeof Generated>;

/** What rounding a model's weights for chat costs, measured on the same test rows with the chat model and with the trained model. */
export const Rounding = z.object({
  precision: z.enum(PRECISIONS),
  /** Whether the chat model has a stored prompt; the trained one never has. */
  prompted: z.boolean().optional(),
  /** On the questions. `versus`: the chat model first. */
  choices: z
    .object({ trained: Accuracy, chat: Accuracy, versus: Comparison, answerNll: Estimate.nullable() })
    .nullable(),
  /** On the texts: the difference in nats per token; its exponential is the ratio of perplexities. */
  texts: Estimate.nullable(),
});
export type Rounding = z.infer<typeof Rounding>;

/** Differences between two models on the same rows, the first minus the second, by paired bootstrap; null without such rows. */
export const TextComparison = z.object({
  /** Nats per token of the held-out texts; its exponential is the ratio of perplexities. */
  nll: Estimate.nullable(),
  /** Of generated answers, as in `Generated`. */
  rougeL: Estimate.nullable(),
  repetition: Estimate.nullable(),
  stops: Estimate.nullable(),
});
export type TextComparison = z.infer<typeof TextComparison>;
