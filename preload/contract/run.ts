/** What a run tells: its state, its figures, its end. Engines report these; main writes them down, then passes them on. */
import { z } from "zod";
import { WeightStorage } from "./plan.ts";

export const RunState = z.enum(["queued", "running", "paused", "done", "failed", "cancelled"]);
export type RunState = z.infer<typeof RunState>;

/** What is counted; the database keeps it as such. */
const Count = z.number().int();

/** A share with its 95% Wilson interval and the number of questions. */
export const Accuracy = z.object({ value: z.number(), low: z.number(), high: z.number(), n: z.number() });
export type Accuracy = z.infer<typeof Accuracy>;

/** One model measured on one held-out split. */
export const Evaluation = z.object({
  /** Null without multiple-choice questions. `accuracy` is acc: argmax of the summed log-likelihood. */
  accuracy: Accuracy.nullable(),
  accuracyNorm: Accuracy.nullable(),
  /** NLL of the right choice, mean over questions. */
  answerNll: z.number().nullable(),
  /** exp(mean NLL per token) of completions; null without examples. */
  perplexity: z.number().nullable(),
  bitsPerByte: z.number().nullable(),
  exactMatch: Accuracy.nullable(),
  /** Per question, in order: was it answered right. For McNemar's test between two models. */
  correct: z.array(z.boolean()).optional(),
  /** How the weights were kept meanwhile, where not as f32: a smaller type changes the result a little. */
  storage: WeightStorage.optional(),
});
export type Evaluation = z.infer<typeof Evaluation>;

/** One depth of a run: what remains of the model, and how good and fast and big it is. */
export const DepthResult = z.object({
  units: Count,
  keptIndices: z.array(Count),
  checkpoint: z.string().nullable(),
  healed: z.boolean(),
  evaluation: Evaluation,
  tokensPerSecond: z.number().nullable(),
  sizeBytes: Count.nullable(),
});
export type DepthResult = z.infer<typeof DepthResult>;

export const Phase = z.enum([
  "prepare",
  "measure",
  "tune",
  "score",
  "drop",
  "train",
  "heal",
  "evaluate",
  "export",
]);
export type Phase = z.infer<typeof Phase>;

/** Which model a figure is about. */
export const Subject = z.enum(["base", "tuned", "trimmed"]);
export type Subject = z.infer<typeof Subject>;

/** What of a run on disk can turn out to be damaged and mended. */
export const Damaged = z.enum(["journal", "save", "teacher"]);
export type Damaged = z.infer<typeof Damaged>;

export const RunEvent = z.discriminatedUnion("event", [
  z.object({ event: z.literal("phase"), phase: Phase, round: Count.optional() }),
  /**
   * `done` of `total` in this phase; `fraction` of the whole run; seconds left for the whole run, null if unknown yet;
   * `testing`: the unit that is scored now.
   */
  z.object({
    event: z.literal("progress"),
    phase: Phase,
    done: z.number(),
    total: z.number(),
    fraction: z.number(),
    secondsLeft: z.number().nullable(),
    testing: z.number().nullish(),
  }),
  z.object({
    event: z.literal("step"),
    step: Count,
    loss: z.number(),
    distillationLoss: z.number().nullable(),
    learningRate: z.number(),
    gradientNorm: z.number(),
    tokensPerSecond: z.number(),
    tokens: Count,
  }),
  z.object({
    event: z.literal("validation"),
    step: Count,
    epoch: z.number(),
    loss: z.number(),
    accuracy: Accuracy.nullable(),
  }),
  z.object({
    event: z.literal("scores"),
    round: Count,
    scorer: z.string(),
    rows: Count,
    scores: z.array(z.object({ unit: Count, score: z.number(), accuracy: z.number().nullable() })),
  }),
  z.object({
    event: z.literal("dropped"),
    round: Count,
    units: z.array(Count),
    kept: z.array(Count),
  }),
  z.object({
    event: z.literal("checkpoint"),
    checkpoint: z.string(),
    round: Count,
    kept: z.array(Count),
  }),
  z.object({
    event: z.literal("evaluation"),
    subject: Subject,
    split: z.enum(["valid", "test", "off-domain"]),
    depth: DepthResult,
  }),
  z.object({ event: z.literal("log"), message: z.string() }),
  /** Something that the run had written down is damaged; what was before it is used, and the teacher is written again. */
  z.object({ event: z.literal("damaged"), what: Damaged }),
  /** A decision that a clock or free memory made; resume replays it. */
  z.object({ event: z.literal("decision"), name: z.string(), value: z.unknown() }),
]);
export type RunEvent = z.infer<typeof RunEvent>;

/** A model's figures, as a table shows them. */
export const ModelMetrics = z.object({
  accuracy: Accuracy.nullable(),
  accuracyNorm: Accuracy.nullable(),
  answerNll: z.number().nullable(),
  perplexity: z.number().nullable(),
  bitsPerByte: z.number().nullable(),
  exactMatch: Accuracy.nullable(),
  /** Decoding with the weights that chat uses; null where it was not measured. */
  tokensPerSecond: z.number().nullable(),
  /** Of those weights on disk. */
  sizeBytes: Count.nullable(),
  offDomain: z.object({ accuracy: Accuracy.nullable(), perplexity: z.number().nullable() }).nullable(),
});
export type ModelMetrics = z.infer<typeof ModelMetrics>;

/** Exact McNemar test of two models on the same questions: how many only the one or the other got right. */
export const Comparison = z.object({ onlyFirst: z.number(), onlySecond: z.number(), p: z.number() });

/** A depth that the run reached; any of them can be exported. */
export const DepthMetrics = ModelMetrics.extend({
  name: z.string(),
  units: Count,
  keptIndices: z.array(Count),
  healed: z.boolean(),
  /** Against the tuned whole model; null without multiple choice. */
  versusTuned: Comparison.nullable(),
});
export type DepthMetrics = z.infer<typeof DepthMetrics>;

/** What a finished trim gives. */
export const TrimOutcome = z.object({
  /** The trimmed model, a folder in the Hugging Face layout with the chat model beside. */
  output: z.string(),
  units: z.object({
    kind: z.enum(["block", "sublayer"]),
    total: Count,
    kept: Count,
    keptIndices: z.array(Count),
  }),
  metrics: z.object({
    base: ModelMetrics,
    tuned: ModelMetrics,
    trimmed: DepthMetrics,
    depths: z.array(DepthMetrics),
  }),
  /** Of the engine's process in all sessions of the run; peak of the last one. */
  seconds: z.number(),
  peakMemoryBytes: Count,
});
export type TrimOutcome = z.infer<typeof TrimOutcome>;

/** The last line of `coppice trim --json`. */
export const TrimDone = TrimOutcome.extend({ event: z.literal("done"), runId: z.string() });
export type TrimDone = z.infer<typeof TrimDone>;
