/** The events of a run: its state, its figures and its outcome. Engines send them; main stores them, then passes them on. */
import { z } from "zod";
import { said } from "../../../native-models/codes.ts";
import { WeightStorage } from "../plans/plan.ts";
import type { RunLog } from "./log-line.ts";
import { Guessing } from "../data/data.ts";
import { VERDICTS } from "./verdicts.ts";
import { Accuracy, Comparison, Estimate, Generated, Rounding, TextComparison } from "./measures.ts";

export { Accuracy, Comparison } from "./measures.ts";

export const RunState = z.enum(["queued", "running", "paused", "done", "failed", "cancelled"]);
export type RunState = z.infer<typeof RunState>;

/** An integer, as the database stores counts and indices. */
const Count = z.number().int();

/** One model measured on one held-out split. */
export const Evaluation = z.object({
  /** Null without multiple-choice questions. `accuracy` is acc: argmax of the summed log-likelihood. */
  accuracy: Accuracy.nullable(),
  accuracyNorm: Accuracy.nullable(),
  /** The NLL of the right choice, averaged over questions. */
  answerNll: z.number().nullable(),
  /** exp(mean NLL per token) of completions; null without examples. */
  perplexity: z.number().nullable(),
  bitsPerByte: z.number().nullable(),
  exactMatch: Accuracy.nullable(),
  /** Per question, in order: whether it was answered right. For McNemar's test between two models. */
  correct: z.array(z.boolean()).optional(),
  /** Per question, in order: the index of the choice that it answered with. */
  chosen: z.array(z.number()).optional(),
  /** In nats, for paired tests: the NLL of each question's right answer, then of each completion, in order. */
  nlls: z.array(z.number()).optional(),
  /** The number of tokens of each completion, in order. */
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
  /** How many times as fast as the original, with both timed in turn; null or missing if each was timed separately. */
  timesAsFast: Estimate.nullable().optional(),
  sizeBytes: Count.nullable(),
  /** Answers of its chat model; null or missing if it was not asked. */
  generated: Generated.nullable().optional(),
  rounding: Rounding.nullable().optional(),
});
export type DepthResult = z.infer<typeof DepthResult>;

export const CorePhase = z.enum(["prepare", "tune", "score", "drop", "train", "heal", "evaluate", "export"]);
export type CorePhase = z.infer<typeof CorePhase>;

/** A phase of a run; while a method is at work, `method` and its id. */
export const Phase = z.union([CorePhase, z.templateLiteral(["method ", z.string()])]);
export type Phase = z.infer<typeof Phase>;

/** The model that a figure is about; `control`: the tuned whole model, trained on as many rows as the trimmed one, or on fewer (`ControlRows`). */
export const Subject = z.enum(["base", "tuned", "trimmed", "control"]);
export type Subject = z.infer<typeof Subject>;

/** Parts of a run on disk whose damage is detected and repaired. */
export const Damaged = z.enum(["journal", "save", "teacher", "method"]);
export type Damaged = z.infer<typeof Damaged>;

/**
 * The mean NLL of validation rows in chat, in nats, without and with something that should improve chat;
 * null if they could not be scored.
 */
export const ChatValidation = z.object({ without: z.number().nullable(), with: z.number().nullable() });
export type ChatValidation = z.infer<typeof ChatValidation>;

/** Whether it is kept: only if it lowers the NLL of the validation rows. */
export const isBetterInChat = ({ without, with: after }: ChatValidation): boolean =>
  without !== null && after !== null && after < without;

/** What a method changes in the chat model of the run's model, on the questions and texts that it was scored on. */
export const ChangeInChat = z.object({
  validation: ChatValidation,
  /** Null without questions, or if the change is not kept. */
  choices: z
    .object({ without: Accuracy, with: Accuracy, versus: Comparison, answerNll: Estimate.nullable() })
    .nullable(),
  /** On texts, in nats per token: with the change minus without it; null without texts, or if the change is not kept. */
  texts: Estimate.nullable(),
});
export type ChangeInChat = z.infer<typeof ChangeInChat>;

/**
 * What a method of a run gave: its own result, in the form that its declaration has (preload/methods/), and what it changed in chat; null if
 * it found nothing that could be better, or changes no chat model.
 */
export const MethodOutcome = z.object({ result: z.unknown(), chat: ChangeInChat.nullable() });
export type MethodOutcome = z.infer<typeof MethodOutcome>;

/** A held-out question that is answered after each round; `right`: null if only a person can tell. */
export const WatchedAnswer = z.object({
  question: z.string(),
  expected: z.string(),
  answer: z.string(),
  right: z.boolean().nullable(),
});
export type WatchedAnswer = z.infer<typeof WatchedAnswer>;

/** These questions answered by the model as it is at `name`: "base", "tuned", "round 1" …, "healed". */
export const WatchedAnswers = z.object({
  event: z.literal("answers"),
  name: z.string(),
  round: Count.optional(),
  units: Count,
  answers: z.array(WatchedAnswer),
});
export type WatchedAnswers = z.infer<typeof WatchedAnswers>;

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
  WatchedAnswers,
  z.object({ event: z.literal("log"), said: said<RunLog>() }),
  z.object({ event: z.literal("method"), id: z.string(), outcome: MethodOutcome }),
  /** A saved file of the run is damaged; the previous one is used, and the teacher is written again. */
  z.object({ event: z.literal("damaged"), what: Damaged }),
]);
export type RunEvent = z.infer<typeof RunEvent>;

/** A model's figures on the validation rows, by which a depth is chosen, and compared with the tuned whole model (null for that one itself). */
const Judged = z.object({
  accuracy: Accuracy.nullable(),
  answerNll: z.number().nullable(),
  perplexity: z.number().nullable(),
  versusTuned: Comparison.nullable(),
  /** The difference on the validation texts, in nats per token. */
  textsVersusTuned: Estimate.nullable().optional(),
});

/** A model's figures in a table. */
export const ModelMetrics = z.object({
  accuracy: Accuracy.nullable(),
  accuracyNorm: Accuracy.nullable(),
  answerNll: z.number().nullable(),
  perplexity: z.number().nullable(),
  bitsPerByte: z.number().nullable(),
  exactMatch: Accuracy.nullable(),
  /** Decoding speed with the chat weights; null if not measured. */
  tokensPerSecond: z.number().nullable(),
  /** How many times as fast as the original, with both timed in turn; missing if each was timed separately. */
  timesAsFast: Estimate.optional(),
  /** Size of the chat weights on disk. */
  sizeBytes: Count.nullable(),
  offDomain: z
    .object({
      accuracy: Accuracy.nullable(),
      perplexity: z.number().nullable(),
      /** Compared with the original model: on the questions, and on the texts in nats per token. */
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
  /** Null if only the trained model was measured. */
  rounding: Rounding.nullable().optional(),
  /**
   * By how much its share of right answers, or without questions its ROUGE-L, exceeds that of the untrained model with examples in its
   * prompt, on the same rows; missing for that one itself and if it was not measured.
   */
  versusPrompted: Estimate.nullable().optional(),
  /** Missing for models among which no depth is chosen. */
  validation: Judged.optional(),
});
export type ModelMetrics = z.infer<typeof ModelMetrics>;

/** The control's training rows after tuning, and the trimmed model's (`of`). The control has fewer if a run with a time limit was late. */
export const ControlRows = z.object({ rows: Count, of: Count });
export type ControlRows = z.infer<typeof ControlRows>;

/** Whether a control had too few rows for a comparison. */
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
  /** Compared with the control, if the run has one with at least as many rows; only for healed depths, the last depth and the run's model. */
  versusControl: Comparison.nullable().optional(),
  /** The same for texts, in nats per token; null without texts. */
  textsVersusControl: Estimate.nullable().optional(),
  /** Texts and generated answers, compared with the tuned model at full depth. */
  textsVersusTuned: TextComparison.optional(),
});
export type DepthMetrics = z.infer<typeof DepthMetrics>;

/** How many of some corrections (`of`) the model answers right before the improvement and after it. */
const Answered = z.object({ of: Count, before: Count, after: Count });

/** What an improvement learnt of its corrections. What it won and lost on the test questions is `versusTuned` of its result. */
export const ImprovementOutcome = z.object({
  corrections: Count,
  /** Rows of the run's training data that were mixed in between them. */
  rehearsed: Count,
  /** Corrections that the chat model answers exactly as the person wrote; only short ones are asked, 64 at most. */
  written: Answered,
  /** Corrections whose right answer is likelier than the wrong one. */
  likelier: Answered,
});
export type ImprovementOutcome = z.infer<typeof ImprovementOutcome>;

/** The result of a finished trim, or of an improvement, which has one depth. */
export const TrimOutcome = z.object({
  /** The trimmed model, a folder in the Hugging Face layout with the chat model. */
  output: z.string(),
  units: z.object({
    kind: z.enum(["block", "sublayer"]),
    total: Count,
    /** Those of the whole model, if they are not 0 to total - 1: it lacked halves of blocks before, too. */
    indices: z.array(Count).optional(),
    kept: Count,
    keptIndices: z.array(Count),
  }),
  metrics: z.object({
    base: ModelMetrics,
    tuned: ModelMetrics,
    trimmed: DepthMetrics,
    depths: z.array(DepthMetrics),
    /** If the plan has a control: the tuned whole model trained on as many rows as the trimmed one, or on fewer. */
    control: ModelMetrics.extend({ trained: ControlRows }).optional(),
    /** The untrained model with three training rows as examples in its prompt, on some of the test rows; null or missing if they do not fit. */
    prompted: z
      .object({ accuracy: Accuracy.nullable(), generated: Generated.nullable() })
      .nullable()
      .optional(),
    /** The accuracy of guessing on the test questions; null without any. */
    guessing: Guessing.nullable().optional(),
    trainingRows: Count.optional(),
    /** Of the plan's methods, by id. */
    methods: z.record(z.string(), MethodOutcome),
    /** For an improvement; `base` and `tuned` are then the model before it. */
    improvement: ImprovementOutcome.optional(),
  }),
  /** How many of the model's tokens were kept, if its vocabulary was trimmed. */
  tokens: z.object({ kept: Count, total: Count }).optional(),
  /** Duration of the run's last session; that of all sessions is the run's `activeSeconds`. */
  seconds: z.number(),
  peakMemoryBytes: Count,
});
export type TrimOutcome = z.infer<typeof TrimOutcome>;

/** The last line of `coppice trim --json`. */
export const TrimDone = TrimOutcome.extend({
  event: z.literal("done"),
  runId: z.string(),
  verdict: z.enum(VERDICTS),
});
export type TrimDone = z.infer<typeof TrimDone>;
