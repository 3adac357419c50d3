import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeOutcome } from "../../../../main/home/run-folder.ts";
import type { Services } from "../../../../main/services/open.ts";
import { accuracyOf, mcNemar } from "../../../../native-models/evaluation/statistics.ts";
import type { DatasetReport } from "../../../../preload/contract/data/data.ts";
import { configOfSizes } from "../../../../native-models/architectures/registry.ts";
import type { ModelReport } from "../../../../preload/contract/plans/model.ts";
import type { Improvement } from "../../../../preload/contract/plans/plan.ts";
import type { Accuracy, Estimate } from "../../../../preload/contract/runs/measures.ts";
import type { DepthMetrics, DepthResult, TrimOutcome } from "../../../../preload/contract/runs/run.ts";
import { planWithSeed } from "../plan.ts";

/** A model's results: which of `questions` test questions it got right, by its own rule. */
export interface Measured {
  units: number;
  right: (question: number) => boolean;
  tokensPerSecond: number;
  /** Than the original; missing where it was timed alone. */
  timesAsFast?: Estimate;
}

export interface FinishedRun {
  name: string;
  base: Measured;
  tuned: Measured;
  /** From deep to shallow. */
  depths: readonly Measured[];
  /** The place among them of the run's result; absent: the last. */
  result?: number;
  /** A depth that was measured, but is none of the result's. */
  rejected?: Pick<Measured, "units" | "right">;
  questions?: number;
  /** Who made its questions, and how many a person checked; absent: a person asked them. */
  asked?: Pick<Accuracy, "made" | "checked">;
  /** The hash of its data; runs with the same were tested on the same questions. */
  dataHash?: string;
  /** Of an improvement: what it learnt, and from which run. */
  improvement?: Improvement;
  /** How many tokens of the model's 512 were kept. */
  tokens?: number;
  /** How its result differs from others on the same rows, beside its questions from the fine-tuned model's. */
  differences?: Pick<DepthMetrics, "versusControl" | "textsVersusControl" | "textsVersusTuned">;
}

const report = (hash: string, questions: number): DatasetReport => ({
  hash,
  rowsHash: hash,
  splits: {
    train: { examples: 400, questions: 0, conversations: 0, files: ["train.jsonl"] },
    valid: null,
    test: { examples: 0, questions, conversations: 0, files: ["test.jsonl"] },
    offDomain: null,
  },
  choiceStyle: "letters",
  choiceStyleRows: { letters: 400, plain: 0 },
  testBaselines: { chance: 0.25, bestConstant: 0.28 },
  duplicates: { withinTrain: 0, trainInValid: 0, trainInTest: 0, trainInOffDomain: 0, validInTest: 0 },
  notes: [],
});

const sizes = {
  layers: 8,
  hiddenSize: 64,
  intermediateSize: 192,
  heads: 4,
  kvHeads: 2,
  headDim: 16,
  vocabularySize: 512,
  maxPositions: 512,
  tiedEmbedding: true,
};
const modelReport: ModelReport = {
  path: "/models/small.gguf",
  format: "gguf",
  modelType: "llama",
  config: configOfSizes(sizes).json,
  blockKinds: { block: 8 },
  ...sizes,
  parameters: 400_000,
  sizeBytes: 5_000_000,
  storage: { Q8_0: 57 },
  licence: null,
  hasChatTemplate: false,
  notices: [],
  leftOut: [],
};

/** A finished run: reported, measured, with files in its folders. Returns its id. */
export async function finishedRun(
  { home, models, datasets, runs, evaluations }: Services,
  {
    name,
    base,
    tuned,
    depths,
    result = depths.length - 1,
    rejected,
    questions = 300,
    asked = {},
    dataHash = "5f0c",
    improvement,
    tokens,
    differences,
  }: FinishedRun,
): Promise<string> {
  const dataFolder = join(home.datasets, dataHash);
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(join(dataFolder, "train.json"), "x".repeat(4000));
  const model = models.remember({
    path: "/models/small.gguf",
    name: "small",
    format: "gguf",
    architecture: "llama",
    summary: { ...modelReport, layers: base.units },
    sizeBytes: 5_000_000,
    sha256: null,
  });
  const dataset = datasets.remember({
    folder: dataFolder,
    name: `clauses ${dataHash}`,
    report: report(dataHash, questions),
  });
  const plan = {
    ...planWithSeed(7),
    data: { path: dataFolder },
    ...(improvement && { improvement }),
    ...(tokens !== undefined && { vocabulary: { tokens } }),
  };
  const { id } = runs.create(plan, { name, modelId: model.id, datasetId: dataset.id });
  runs.start(id);
  const last = depths.at(-1)!;
  const chosen = depths[result]!;
  const tell = (subject: "base" | "tuned" | "trimmed", measured: Measured) =>
    runs.record(id, {
      event: "evaluation",
      subject,
      split: "test",
      depth: depthOf(measured, questions, asked, subject === "trimmed" && measured === last),
    });
  tell("base", base);
  tell("tuned", tuned);
  for (const [round, depth] of depths.entries()) {
    const { keptIndices } = depthOf(depth, questions, asked, false);
    runs.record(id, { event: "dropped", round: round + 1, units: [], kept: keptIndices });
    tell("trimmed", depth);
  }
  if (rejected) tell("trimmed", { ...rejected, tokensPerSecond: 0 });

  const metrics = (measured: Measured): DepthMetrics => {
    const { evaluation, units, keptIndices } = depthOf(measured, questions, asked, false);
    return {
      ...evaluation,
      name: measured === last ? "healed" : `round ${depths.indexOf(measured) + 1}`,
      units,
      keptIndices,
      healed: measured === last,
      tokensPerSecond: measured.tokensPerSecond,
      ...(measured.timesAsFast && { timesAsFast: measured.timesAsFast }),
      sizeBytes: measured.units * 4_000_000,
      offDomain: null,
      versusTuned: mcNemar(answersOf(measured, questions), answersOf(tuned, questions)),
      ...writtenBy(measured.units / base.units),
      ...(measured === last && differences),
    };
  };
  const output = join(home.models, id);
  const outcome: TrimOutcome = {
    output,
    units: { kind: "block", total: base.units, kept: chosen.units, keptIndices: metrics(chosen).keptIndices },
    metrics: {
      methods: {},
      base: metrics(base),
      tuned: metrics(tuned),
      trimmed: metrics(chosen),
      depths: depths.map(metrics),
    },
    seconds: 60,
    peakMemoryBytes: 900_000_000,
  };
  for (const folder of [join(home.runs, id, "objects"), output]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(home.runs, id, "journal.json"), "{}");
  writeFileSync(join(home.runs, id, "objects", "ab12"), "w".repeat(10_000));
  writeFileSync(join(output, "model.safetensors"), "m".repeat(20_000));
  await writeOutcome(join(home.runs, id), outcome);
  evaluations.addChatFigures(id, outcome.metrics);
  runs.finish(id, outcome);
  return id;
}

/** What a model with this share of its blocks writes: worse, the fewer there are. */
function writtenBy(share: number): Pick<DepthMetrics, "generated" | "rounding" | "textsVersusTuned"> {
  const around = (value: number, half: number) => ({ value, low: value - half, high: value + half, n: 48 });
  const right = (count: number) => accuracyOf(Array.from({ length: 200 }, (_, index) => index < count))!;
  return {
    generated: {
      rougeL: around(0.2 + 0.4 * share, 0.06),
      repetition: around(0.3 * (1 - share) + 0.02, 0.02),
      referenceRepetition: 0.014,
      length: 1.8 - 0.7 * share,
      stops: right(Math.round(190 * share)),
    },
    rounding: {
      precision: "int8",
      choices: {
        trained: right(176),
        chat: right(175),
        versus: { onlyFirst: 1, onlySecond: 2, p: 1 },
        answerNll: around(0.003, 0.002),
      },
      texts: null,
    },
    textsVersusTuned: {
      nll: null,
      rougeL: around(-0.4 * (1 - share), 0.05),
      repetition: around(0.3 * (1 - share), 0.02),
      stops: around(-0.9 * (1 - share), 0.1),
    },
  };
}

function answersOf({ right }: Measured, questions: number): boolean[] {
  return Array.from({ length: questions }, (_, question) => right(question));
}

function depthOf(
  measured: Measured,
  questions: number,
  asked: NonNullable<FinishedRun["asked"]>,
  healed: boolean,
): DepthResult {
  const correct = answersOf(measured, questions);
  return {
    units: measured.units,
    keptIndices: Array.from({ length: measured.units }, (_, unit) => unit),
    healed,
    evaluation: {
      accuracy: { ...accuracyOf(correct)!, ...asked },
      accuracyNorm: null,
      answerNll: 0.4,
      perplexity: 9 + 60 / measured.units,
      bitsPerByte: null,
      exactMatch: null,
      correct,
    },
    tokensPerSecond: null,
    sizeBytes: null,
  };
}
