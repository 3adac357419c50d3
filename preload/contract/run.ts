/** The events of a run: its state, its figures, its end. Engines report these; main stores them, then passes them on. */
import { z } from "zod";
import { Accuracy, Comparison, Estimate, Generated, Rounding, TextComparison } from "./measures.ts";
import { WeightStorage } from "./plan.ts";

export { Accuracy, Comparison } from "./measures.ts";

export const RunState = z.enum(["queued", "running", "paused", "done", "failed", "cancelled"]);
export type RunState = z.infer<typeof RunState>;

/** The units being counted, as stored in the database. */
const Count = z.number().int();

/** One model measured on one held-out split. Optional: not in results of earlier versions. */
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
  /** Per question, in order: whether it was answered right. For McNemar's test between two models. */
  correct: z.array(z.boolean()).optional(),
  /** Per question, then per completion, in order: the NLL of the right answer, or of the completion, in nats. For paired tests. */
  nlls: z.array(z.number()).optional(),
  /** Per completion, in order: its number of tokens. */
  textTokens: z.array(z.number()).optional(),
  /** The expected calibration error of the choices' probabilities. */
  calibration: Estimate.nullable().optional(),
  /** The weight type used for measuring, if not f32: a smaller type changes the result slightly. */
  storage: WeightStorage.optional(),
});
export type Evaluation = z.infer<typeof Evaluation>;

/** One depth of a run: the remaining units, and the model's quality, speed and size. */
export const DepthResult = z.object({
  units: Count,
  keptIndices: z.array(Count),
  healed: z.boolean(),
  evaluation: Evaluation,
  tokensPerSecond: z.number().nullable(),
  /** Than the original, which it was timed in turn with; null or missing where each was timed alone. */
  timesAsFast: Estimate.nullable().optional(),
  sizeBytes: Count.nullable(),
  /** By its chat model; null or missing where it was not asked. */
  generated: Generated.nullable().optional(),
  rounding: Rounding.nullable().optional(),
});
export type DepthResult = z.infer<typeof DepthResult>;

export const Phase = z.enum([
  "prepare",
  "tune",
  "rewrite",
  "score",
  "drop",
  "train",
  "heal",
  "evaluate",
  "export",
]);
export type Phase = z.infer<typeof Phase>;

/** The model that a figure is about; `control`: the tuned whole model, trained on as many rows as the trimmed one, or on fewer (`ControlRows`). */
export const Subject = z.enum(["base", "tuned", "trimmed", "control"]);
export type Subject = z.infer<typeof Subject>;

/** Parts of a run on disk that can be found damaged and be repaired. */
export const Damaged = z.enum(["journal", "save", "teacher", "answers"]);
export type Damaged = z.infer<typeof Damaged>;

export const RunEvent = z.discriminatedUnion("event", [
  z.object({ event: z.literal("phase"), phase: Phase, round: Count.optional() }),
  /**
   * `done` of `total` in this phase; `fraction` of the whole run; seconds left for the whole run, null if unknown; `testing`: the
   * unit being scored.
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
    event: z.literal("evaluation"),
    subject: Subject,
    split: z.enum(["valid", "test", "off-domain"]),
    depth: DepthResult,
  }),
  z.object({ event: z.literal("log"), message: z.string() }),
  /** A saved file of the run is damaged; the previous one is used, and the teacher is written again. */
  z.object({ event: z.literal("damaged"), what: Damaged }),
]);
export type RunEvent = z.infer<typeof RunEvent>;

/** What the validation rows say of a model, by which a depth is chosen; against the tuned whole model, where that is another. */
export const Judged = z.object({
  accuracy: Accuracy.nullable(),
  answerNll: z.number().nullable(),
  perplexity: z.number().nullable(),
  versusTuned: Comparison.nullable(),
  /** Of the validation texts, in nats per token. */
  textsVersusTuned: Estimate.nullable().optional(),
});
export type Judged = z.infer<typeof Judged>;

/** A model's figures in a table. Optional: not in results of earlier versions. */
export const ModelMetrics = z.object({
  accuracy: Accuracy.nullable(),
  accuracyNorm: Accuracy.nullable(),
  answerNll: z.number().nullable(),
  perplexity: z.number().nullable(),
  bitsPerByte: z.number().nullable(),
  exactMatch: Accuracy.nullable(),
  /** Decoding with the chat weights; null if not measured. */
  tokensPerSecond: z.number().nullable(),
  /** Than the original, which it was timed in turn with; missing where each was timed alone. */
  timesAsFast: Estimate.optional(),
  /** Of the chat weights on disk. */
  sizeBytes: Count.nullable(),
  offDomain: z
    .object({
      accuracy: Accuracy.nullable(),
      perplexity: z.number().nullable(),
      /** Against the original model: of the questions, and of the texts in nats per token. */
      versusBase: z
        .object({ choices: Comparison.nullable(), texts: Estimate.nullable() })
        .nullable()
        .optional(),
    })
    .nullable(),
  /** The expected calibration error of the choices' probabilities; null without questions. */
  calibration: Estimate.nullable().optional(),
  /** Null if there was nothing to answer. */
  generated: Generated.nullable().optional(),
  /** Null where only the trained model was measured. */
  rounding: Rounding.nullable().optional(),
  /** Missing where the test questions choose, as in runs of earlier versions. */
  validation: Judged.optional(),
});
export type ModelMetrics = z.infer<typeof ModelMetrics>;

/** The rows that the control was trained on after tuning, of those that the trimmed model was: fewer where a run within a time was late. */
export const ControlRows = z.object({ rows: Count, of: Count });
export type ControlRows = z.infer<typeof ControlRows>;

/** Whether a control had too few rows to be compared with. Of earlier versions it is not known. */
export const isShort = (trained: ControlRows | null | undefined): trained is ControlRows =>
  trained ? trained.rows < trained.of : false;

/** A depth that the run reached; each can be exported. */
export const DepthMetrics = ModelMetrics.extend({
  name: z.string(),
  units: Count,
  keptIndices: z.array(Count),
  healed: z.boolean(),
  /** Compared with the tuned model at full depth; null without multiple choice. */
  versusTuned: Comparison.nullable(),
  /** Compared with the whole model trained on at least as many rows; only of healed depths, the last and the run's model, and only where the run has it. */
  versusControl: Comparison.nullable().optional(),
  /** The same of texts, in nats per token; null without. Not in results of earlier versions. */
  textsVersusControl: Estimate.nullable().optional(),
  /** The same of texts and generated answers. */
  textsVersusTuned: TextComparison.optional(),
});
export type DepthMetrics = z.infer<typeof DepthMetrics>;

/** Of some corrections, how many a model answers right: before the improvement, and after. */
const Answered = z.object({ of: Count, before: Count, after: Count });

/** What an improvement did with its corrections; what it won and lost beside them is `versusTuned` of its result. */
export const ImprovementOutcome = z.object({
  corrections: Count,
  /** Rows of the run's training data that were repeated between them. */
  rehearsed: Count,
  /** Corrections that the chat model answers as written; of the short ones, 64 at most. */
  written: Answered,
  /** Corrections whose right answer is likelier than the one that was corrected. */
  likelier: Answered,
});
export type ImprovementOutcome = z.infer<typeof ImprovementOutcome>;

/**
 * The mean NLL of validation rows in chat, in nats, without something that is to make chat better, and with it; null where they could
 * not be scored.
 */
export const ChatValidation = z.object({ without: z.number().nullable(), with: z.number().nullable() });
export type ChatValidation = z.infer<typeof ChatValidation>;

/** Whether that is kept: only if validation rows get better by it. */
export const isBetterInChat = ({ without, with: after }: ChatValidation): boolean =>
  without !== null && after !== null && after < without;

/** What something changes in the chat model of the run's model, on the questions and texts that it was scored on. */
export const ChangeInChat = z.object({
  validation: ChatValidation,
  /** Null without questions, or if it is left out. */
  choices: z
    .object({ without: Accuracy, with: Accuracy, versus: Comparison, answerNll: Estimate.nullable() })
    .nullable(),
  /** In nats per token of texts, with it less without it; null without texts, or if it is left out. */
  texts: Estimate.nullable(),
});
export type ChangeInChat = z.infer<typeof ChangeInChat>;

/** What a recovery prompt changes. */
export const RecoveryOutcome = ChangeInChat.extend({ vectors: Count });
export type RecoveryOutcome = z.infer<typeof RecoveryOutcome>;

/** The projections into a half of a block, or out of it; `block`: of the model before the cut. */
export const RaisedPart = z.object({
  block: Count,
  half: z.enum(["attention", "mlp"]),
  end: z.enum(["in", "out"]),
});
export type RaisedPart = z.infer<typeof RaisedPart>;

/** The projections that keep 8 bits where the others have 4, and what that changes. */
export const MixedOutcome = ChangeInChat.extend({
  raised: z.array(RaisedPart),
  /** How many were tried. */
  of: Count,
  /** What they take beyond 4 bits. */
  moreBytes: Count,
  /** Of the chat model with them; null if they are left out. */
  sizeBytes: Count.nullable(),
  tokensPerSecond: z.number().nullable(),
});
export type MixedOutcome = z.infer<typeof MixedOutcome>;

/** What became of the answers that the tuned model wrote anew, each counted once. */
export const Rewritten = z.object({
  /** Training rows whose answers it wrote anew: free text, and of these the share of the plan. */
  asked: Count,
  /** Rows that it taught with what it wrote. */
  kept: Count,
  /** Rows whose own answer it wrote. */
  same: Count,
  /** The others kept their own answers, because what it wrote was empty, did not end, repeats itself or says something else. */
  empty: Count,
  unfinished: Count,
  repetitive: Count,
  different: Count,
});
export type Rewritten = z.infer<typeof Rewritten>;

/** The result of a finished trim, or of an improvement, which has one depth. */
export const TrimOutcome = z.object({
  /** The trimmed model, a folder in the Hugging Face layout with the chat model. */
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
    /** The tuned whole model trained on as many rows as the trimmed one, or on fewer, if the plan asked for it. */
    control: ModelMetrics.extend({ trained: ControlRows.optional() }).optional(),
    /** Of a plan that has answers rewritten. */
    rewritten: Rewritten.optional(),
    /** Of a plan with mixed bits. */
    mixed: MixedOutcome.optional(),
    /** Of a plan with a recovery prompt, beside the same chat model without it. */
    recovery: RecoveryOutcome.optional(),
    /** Of an improvement, whose `base` and `tuned` are the model before. */
    improvement: ImprovementOutcome.optional(),
  }),
  /** How many of the model's tokens were kept, if its vocabulary was trimmed. */
  tokens: z.object({ kept: Count, total: Count }).optional(),
  /** Of the engine's process in the run's last session; all of them together are the run's `activeSeconds`. */
  seconds: z.number(),
  peakMemoryBytes: Count,
});
export type TrimOutcome = z.infer<typeof TrimOutcome>;

/** The last line of `coppice trim --json`. */
export const TrimDone = TrimOutcome.extend({ event: z.literal("done"), runId: z.string() });
export type TrimDone = z.infer<typeof TrimDone>;
