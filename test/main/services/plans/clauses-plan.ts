import { planTrim } from "../../../../main/trimming/plan/planning.ts";
import type { Probe } from "../../../../preload/contract/plans/probe.ts";

export const planOf = (recipe: "coppice" | "trimllm") =>
  planTrim(
    {
      model: { path: "m", layers: 30, maxPositions: 2048, hiddenSize: 576 },
      sha256: "",
      dataFolder: "/data",
    },
    { recipe },
  );
/** The default for a model of 30 blocks on 700 rows. */
export const plan = planOf("coppice");

/** A computer that trains the clauses for about 40 minutes. */
export const probe: Probe = {
  blocks: 30,
  deviceProblem: null,
  tokens: {
    trainingRows: 700,
    training: 62_000,
    validation: 10_000,
    calibration: 5_700,
    calibrationRows: 64,
    calibrationChoices: 5_700,
    choosing: 10_000,
    test: 27_000,
    answerPrompts: 0,
    answers: 0,
    scored: 0,
    prompted: 0,
    promptedAnswers: { read: 0, written: 0 },
    watched: 0,
    writing: {},
  },
  training: { fixed: 2e-4, perBlock: 1e-4 },
  forward: { fixed: 5e-5, perBlock: 3e-5 },
  scanFactor: 1,
  spread: 0.05,
  chat: [
    { blocks: 15, tokensPerSecond: 60, sizeBytes: 1e8, seconds: 4 },
    { blocks: 30, tokensPerSecond: 30, sizeBytes: 2e8, seconds: 6 },
  ],
  seconds: 20,
};
