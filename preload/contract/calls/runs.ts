/** Runs: starting, watching, stopping and resuming them. */
import { z } from "zod";
import { Failure } from "../failures/failure.ts";
import { call, notification, stream } from "../call.ts";
import { DatasetReport } from "../data/data.ts";
import { ModelReport } from "../plans/model.ts";
import { PlanRequest } from "../plans/plan-request.ts";
import { Programs, TrimPlan } from "../plans/plan.ts";
import { KeptProbe } from "../plans/probe.ts";
import { Recited, RecitedByDepth } from "../results/recited.ts";
import { Exported, ExportFormat, ExportMix } from "../runs/exporting.ts";
import { LiveJob } from "../runs/live-job.ts";
import {
  WatchedAnswers,
  Accuracy,
  DepthResult,
  Phase,
  RunEvent,
  RunState,
  Subject,
  TrimOutcome,
} from "../runs/run.ts";
import { Schedule } from "../runs/schedule.ts";
import { Sources } from "./data.ts";

/** A run in a list. */
export const RunSummary = z.object({
  id: z.string(),
  name: z.string(),
  state: RunState,
  /** `asked`: by the person; `interrupted`: the program ended during the run. */
  pauseReason: z.enum(["asked", "interrupted"]).nullable(),
  phase: Phase.nullable(),
  round: z.number().nullable(),
  fraction: z.number(),
  secondsLeft: z.number().nullable(),
  seed: z.number(),
  output: z.string().nullable(),
  failure: Failure.nullable(),
  note: z.string(),
  tags: z.array(z.string()),
  activeSeconds: z.number(),
  peakMemoryBytes: z.number().nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  /** When it was last started; `activeSeconds` counts the time before that. */
  resumedAt: z.string().nullable(),
  updatedAt: z.string(),
  finishedAt: z.string().nullable(),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** One round: scored, dropped and kept units; null for what has not happened yet. */
export const Round = z.object({
  round: z.number(),
  scorer: z.string().nullable(),
  scoredRows: z.number().nullable(),
  dropped: z.array(z.number()).nullable(),
  kept: z.array(z.number()).nullable(),
  scores: z.array(z.object({ unit: z.number(), score: z.number(), accuracy: z.number().nullable() })),
});
export type Round = z.infer<typeof Round>;

const StepMetrics = z.object({
  step: z.number(),
  loss: z.number(),
  distillationLoss: z.number().nullable(),
  learningRate: z.number(),
  gradientNorm: z.number(),
  tokensPerSecond: z.number(),
  tokens: z.number(),
});

const Validation = z.object({
  step: z.number(),
  epoch: z.number(),
  loss: z.number(),
  accuracy: Accuracy.nullable(),
});

export const RunEvaluation = z.object({
  subject: Subject,
  split: z.enum(["valid", "test", "off-domain"]),
  createdAt: z.string(),
  depth: DepthResult,
});
export type RunEvaluation = z.infer<typeof RunEvaluation>;

/** All data of a run except its log. */
export const RunDetail = z.object({
  run: RunSummary,
  /** The run's own folder: journal, saves, depths. */
  folder: z.string(),
  plan: TrimPlan,
  /** What the run does with this model, stage by stage; null if neither the model's report nor an outcome gives its depth. */
  schedule: Schedule.nullable(),
  model: z.object({ path: z.string(), name: z.string(), report: ModelReport }).nullable(),
  dataset: z.object({ name: z.string(), folder: z.string(), report: DatasetReport }).nullable(),
  /** The run that this one improves, if any and if it still exists. `improvedBy`: the runs that improve this one, newest first. */
  improves: z.object({ id: z.string(), name: z.string() }).nullable(),
  improvedBy: z.array(z.object({ id: z.string(), name: z.string() })),
  /** The same for the run that this one repeats on everything. */
  repeats: z.object({ id: z.string(), name: z.string() }).nullable(),
  repeatedBy: z.array(z.object({ id: z.string(), name: z.string() })),
  rounds: z.array(Round),
  metrics: z.array(StepMetrics),
  validations: z.array(Validation),
  evaluations: z.array(RunEvaluation),
  /** The same few held-out questions, answered after each round. */
  watched: z.array(WatchedAnswers),
  /** Null until it is done. */
  outcome: TrimOutcome.nullable(),
  /** Estimated memory during chat for each depth, by name, at 4,096 tokens. */
  chatMemoryBytes: z.record(z.string(), z.number()),
  /** By depth and program: why the program cannot load the depth, with the nearest depth that it can load; null if unknown. */
  notLoadable: z.record(z.string(), z.partialRecord(z.enum(Programs), Failure)).nullable(),
});
export type RunDetail = z.infer<typeof RunDetail>;

export const RunRequest = z.object({
  model: z.object({ path: z.string(), name: z.string() }),
  sources: Sources,
  ...PlanRequest.shape,
  /** What a probe of this plan measured; required by a time limit and by a goal in tokens per second. */
  probe: KeptProbe.nullable().default(null),
  name: z.string().min(1).optional(),
  /** Whether it may start on battery power. */
  onBattery: z.boolean().default(false),
});
export type RunRequest = z.infer<typeof RunRequest>;

const RunId = z.object({ id: z.string() });

/** A request to repeat a finished run on all of its rows. */
export const EverythingRequest = z.object({ run: z.string(), name: z.string().min(1).max(200).optional() });

/** A depth by its name in the run's outcome, or "tuned": the fine-tuned model at full depth. */
const RunDepth = RunId.extend({ depth: z.string() });

/** `ten`: ten of all, the wrong ones first. `lost`: the fine-tuned model answers it right and this depth does not; `won`: the reverse. */
export const ANSWER_FILTERS = ["ten", "wrong", "lost", "won", "all"] as const;
const AnswerFilter = z.enum(ANSWER_FILTERS);
export type AnswerFilter = z.infer<typeof AnswerFilter>;

/** What a model answered, and whether that is the person's answer; `text`: null if it was not stored. */
const Said = z.object({ text: z.string().nullable(), right: z.boolean() });
export type Said = z.infer<typeof Said>;

/** A test question with the person's answer, and what the original, the fine-tuned and this model answered; null: it was not asked. */
export const AnsweredQuestion = z.object({
  /** Counted from 1, in the order of the test data. */
  number: z.number(),
  question: z.string(),
  expected: z.string(),
  task: z.string().optional(),
  base: Said.nullable(),
  tuned: Said.nullable(),
  depth: Said.nullable(),
});
export type AnsweredQuestion = z.infer<typeof AnsweredQuestion>;

export const Answers = z.object({
  counts: z.record(AnswerFilter, z.number()),
  questions: z.array(AnsweredQuestion),
});
export type Answers = z.infer<typeof Answers>;

export const runs = {
  /** Reads the data, makes the plan and queues the run. Fails if the plan does not fit this computer. */
  start: call(RunRequest, RunId),
  /** Repeats a finished run on all of its rows. Fails if the plan does not fit this computer. */
  learnEverything: call(EverythingRequest.extend({ onBattery: z.boolean().default(false) }), RunId),
  /** Writes the run of a plan into a new folder in `folder`, for another computer, without a time limit; nothing is started. Pieces report the share done. */
  writeElsewhere: stream(
    RunRequest.omit({ onBattery: true, limit: true }).extend({ folder: z.string() }),
    z.object({ fraction: z.number() }),
    z.object({ folder: z.string() }),
  ),
  /** Whether a path is such a folder. */
  isElsewhere: call(z.object({ path: z.string() }), z.boolean()),
  /** How far the job of such a folder is; `before`: the answer to the last look, or null. */
  watchElsewhere: call(z.object({ path: z.string(), before: LiveJob.nullable() }), LiveJob),
  /** Checks such a folder with its result, and queues the run that it becomes, which is then finished. */
  importElsewhere: stream(
    z.object({ path: z.string(), continues: z.boolean() }),
    z.object({ fraction: z.number() }),
    RunId,
  ),
  /** Newest first. */
  list: call(z.void(), z.array(RunSummary)),
  get: call(RunId, RunDetail),
  log: call(RunId, z.array(z.object({ createdAt: z.string(), event: RunEvent }))),
  /** Saves, and frees memory and processor until it is resumed. */
  pause: call(RunId, z.void()),
  /** Queues it again; `onBattery`: also on battery power. */
  resume: call(RunId.extend({ onBattery: z.boolean().default(false) }), z.void()),
  /** Ends it early: no further rounds; the model is healed, measured and stored as if this depth had been chosen. */
  finishEarly: call(RunId, z.void()),
  /** Ends it for good; its saved depths are kept. */
  cancel: call(RunId, z.void()),
  /** The active run and whether it was asked to end early, the queued runs, and whether they wait for mains power. */
  queue: call(
    z.void(),
    z.object({
      running: z.string().nullable(),
      finishing: z.boolean(),
      waiting: z.array(z.string()),
      waitsForPower: z.boolean(),
    }),
  ),
  /** The test questions with the models' answers, in pages of at most 200 from `offset`. */
  answers: call(
    RunDepth.extend({
      filter: AnswerFilter,
      offset: z.number().int().nonnegative(),
      limit: z.number().int().min(1).max(200),
    }),
    Answers,
  ),
  /** Exports a depth in `format` to a new folder inside `folder`; for LM Studio, to the subfolder of `folder` in which it looks for models. */
  export: stream(
    RunDepth.extend({ folder: z.string(), format: ExportFormat, mix: ExportMix.optional() }),
    z.object({ fraction: z.number() }),
    Exported,
  ),
  /** Writes a depth as a model on this computer, for chat and for new runs; returns immediately if it already is one. */
  useDepth: stream(
    RunDepth,
    z.object({ fraction: z.number() }),
    z.object({ path: z.string(), name: z.string() }),
  ),
  /** How much of its training text each measured depth recites. */
  recited: call(RunId, RecitedByDepth),
  /** Measures how much of its training text a depth recites. */
  recite: stream(RunDepth, z.object({ done: z.number(), of: z.number() }), Recited),
  /**
   * Sent after an event was stored or a state changed (then `event` is null). Frequent events (steps, progress) are throttled: only
   * the newest is sent, four times a second.
   */
  changed: notification(z.object({ run: RunSummary, event: RunEvent.nullable() })),
};
