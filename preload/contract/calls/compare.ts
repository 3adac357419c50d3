/** Compared runs: the measurements of each, and whether they are comparable. */
import { z } from "zod";
import { call } from "../call.ts";
import { UnitKind, WeightStorage } from "../plans/plan.ts";
import { Series } from "../results/series.ts";
import { VERDICTS } from "../runs/verdicts.ts";
import { Estimate, Generated, Rounding } from "../runs/measures.ts";
import { Accuracy, Comparison, ControlRows, Subject } from "../runs/run.ts";

/** A model of a run with all its figures; missing measurements are null. */
export const ComparedModel = z.object({
  run: z.string(),
  /** The run's name; for an original, the model's. */
  name: z.string(),
  subject: Subject,
  /** Of an improvement, whose `tuned` is the model before. */
  ofImprovement: z.boolean(),
  unit: UnitKind,
  /** Units of the full model, and those remaining. */
  total: z.number(),
  kept: z.array(z.number()),
  /** The weight type used for measuring. */
  storage: WeightStorage,
  accuracy: Accuracy.nullable(),
  perplexity: z.number().nullable(),
  bitsPerByte: z.number().nullable(),
  offDomainAccuracy: Accuracy.nullable(),
  offDomainPerplexity: z.number().nullable(),
  calibration: Estimate.nullable(),
  generated: Generated.nullable(),
  rounding: Rounding.nullable(),
  tokensPerSecond: z.number().nullable(),
  /** How many times as fast as the original; null where each model was timed separately. */
  timesAsFast: Estimate.nullable(),
  sizeBytes: z.number().nullable(),
  /** Estimated memory use during chat. */
  chatMemoryBytes: z.number().nullable(),
  /** Compared with the fine-tuned model at full depth of its run (of an improvement, the model before), on the same questions. */
  versusTuned: Comparison.nullable(),
  /** The same for texts, in nats per token. */
  textsVersusTuned: Estimate.nullable(),
  /** Compared with its run's control, if there is one that was trained on as many rows. */
  versusControl: Comparison.nullable(),
  textsVersusControl: Estimate.nullable(),
  /** On the model of a finished run; null for others. */
  verdict: z.enum(VERDICTS).nullable(),
  /** For a control; null if unknown. */
  trained: ControlRows.nullable(),
});
export type ComparedModel = z.infer<typeof ComparedModel>;

const ComparedDepth = z.object({
  units: z.number(),
  healed: z.boolean(),
  accuracy: Accuracy.nullable(),
  perplexity: z.number().nullable(),
});

export const ComparedRun = z.object({
  id: z.string(),
  name: z.string(),
  unit: UnitKind,
  total: z.number(),
  /** Null if no longer known. */
  data: z.object({ name: z.string(), hash: z.string(), questions: z.number() }).nullable(),
  /** From the tuned model at full depth to the shallowest. */
  depths: z.array(ComparedDepth),
});
export type ComparedRun = z.infer<typeof ComparedRun>;

/** Two runs' results on the same questions: McNemar's test. */
export const ComparedPair = Comparison.extend({
  first: z.string(),
  second: z.string(),
  questions: z.number(),
});
export type ComparedPair = z.infer<typeof ComparedPair>;

export const Compared = z.object({
  runs: z.array(ComparedRun),
  /** Each original once, then each run's fine-tuned model (of an improvement, the model before), its control if it has one, and its result. */
  models: z.array(ComparedModel),
  /** Whether all were tested on the same data. */
  comparable: z.boolean(),
  /** Of the trimmed models; empty if they are not comparable. */
  pairs: z.array(ComparedPair),
  /** Accuracy of always giving the same answer on the test questions, if all share them. */
  guessing: z.number().nullable(),
});
export type Compared = z.infer<typeof Compared>;

/** A chart of a report: lines of points with their intervals. */
export const ReportChart = z.object({
  title: z.string(),
  /** The chart summarised in a sentence. */
  label: z.string(),
  xName: z.string(),
  xTexts: z.array(z.object({ at: z.number(), text: z.string() })),
  yTexts: z.array(z.object({ at: z.number(), text: z.string() })),
  /** The highest x is at the left. */
  reversed: z.boolean(),
  lines: z.array(
    z.object({
      name: z.string(),
      series: Series,
      points: z.array(
        z.object({ x: z.number(), y: z.number(), low: z.number().nullable(), high: z.number().nullable() }),
      ),
    }),
  ),
});
export type ReportChart = z.infer<typeof ReportChart>;

/** A page to print or share, in the window's language. */
export const Report = z.object({
  language: z.string(),
  title: z.string(),
  about: z.string(),
  findings: z.array(z.string()),
  charts: z.array(ReportChart),
  table: z.object({ caption: z.string(), head: z.array(z.string()), rows: z.array(z.array(z.string())) }),
  notes: z.array(z.string()),
});
export type Report = z.infer<typeof Report>;

/** The most runs that can be compared: each needs its own colour. */
export const MOST_COMPARED = 4;

const Runs = z.object({ runs: z.array(z.string()).min(1).max(MOST_COMPARED) });

export const compare = {
  get: call(Runs, Compared),
  /** Saves all figures as a table for a spreadsheet, through the save dialog; null if the person cancelled. */
  saveCsv: call(Runs, z.string().nullable()),
  /** Saves one self-contained file, through the save dialog; null if the person cancelled. */
  saveReport: call(Report, z.string().nullable()),
};
