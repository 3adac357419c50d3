/** What a trainer reports about a run: one report of each kind, and its result. */
import type {
  DepthMetrics,
  DepthResult,
  ModelMetrics,
  RunEvent,
  TrimOutcome,
} from "../../../../preload/contract/runs/run.ts";

const accuracy = { value: 0.5, low: 0.4, high: 0.6, n: 300 };

const evaluation = {
  accuracy,
  accuracyNorm: null,
  answerNll: 0.25,
  perplexity: 3.5,
  bitsPerByte: null,
  exactMatch: null,
};

const depth: DepthResult = {
  units: 4,
  keptIndices: [0, 1, 2, 3],
  healed: true,
  evaluation: { ...evaluation, correct: [true, false] },
  tokensPerSecond: 120,
  sizeBytes: 2_500_000,
};

export const runReports: readonly RunEvent[] = [
  { event: "phase", phase: "tune", round: 1 },
  { event: "progress", phase: "tune", done: 1, total: 10, fraction: 0.1, secondsLeft: 90, testing: 2 },
  {
    event: "step",
    step: 1,
    loss: 2.5,
    distillationLoss: 0.5,
    learningRate: 1e-4,
    gradientNorm: 1.5,
    tokensPerSecond: 420,
    tokens: 1024,
  },
  { event: "validation", step: 1, epoch: 0.5, loss: 2.5, accuracy },
  {
    event: "scores",
    round: 1,
    scorer: "nll-halving",
    rows: 50,
    scores: [
      { unit: 0, score: 1.5, accuracy: 0.5 },
      { unit: 1, score: 2.5, accuracy: null },
    ],
  },
  { event: "dropped", round: 1, units: [1], kept: [0, 2, 3] },
  { event: "evaluation", subject: "trimmed", split: "test", depth },
  { event: "log", said: "earlier-trainer" },
  { event: "damaged", what: "save" },
];

const metrics: ModelMetrics = { ...evaluation, tokensPerSecond: 120, sizeBytes: 2_500_000, offDomain: null };
const trimmed: DepthMetrics = {
  ...metrics,
  name: "healed",
  units: 4,
  keptIndices: [0, 1, 2, 3],
  healed: true,
  versusTuned: { onlyFirst: 3, onlySecond: 5, p: 0.7 },
};

export const trimOutcome: TrimOutcome = {
  output: "/models/trimmed",
  units: { kind: "block", total: 8, kept: 4, keptIndices: [0, 1, 2, 3] },
  metrics: { base: metrics, tuned: metrics, trimmed, depths: [trimmed], methods: {} },
  seconds: 60,
  peakMemoryBytes: 900_000_000,
};

/** What methods that helped gave. */
export const methodOutcomes = {
  rewriting: {
    result: { asked: 200, kept: 120, same: 30, empty: 0, unfinished: 10, repetitive: 5, different: 35 },
    chat: null,
  },
  "mixed-bits": {
    result: {
      raised: [
        { block: 0, half: "attention", end: "in" },
        { block: 1, half: "mlp", end: "out" },
        { block: 4, half: "mlp", end: "out" },
      ],
      of: 16,
      moreBytes: 2_500_000,
    },
    chat: {
      validation: { without: 0.5, with: 0.49 },
      choices: {
        without: { value: 0.8, low: 0.7, high: 0.9, n: 100 },
        with: { value: 0.81, low: 0.71, high: 0.9, n: 100 },
        versus: { onlyFirst: 2, onlySecond: 1, p: 1 },
        answerNll: null,
      },
      texts: null,
    },
  },
  "recovery-prompt": {
    result: { vectors: 32 },
    chat: {
      validation: { without: 0.5, with: 0.4 },
      choices: {
        without: { value: 0.8, low: 0.7, high: 0.9, n: 100 },
        with: { value: 0.85, low: 0.76, high: 0.92, n: 100 },
        versus: { onlyFirst: 7, onlySecond: 2, p: 0.18 },
        answerNll: null,
      },
      texts: null,
    },
  },
} satisfies TrimOutcome["metrics"]["methods"];
