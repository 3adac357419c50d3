/** Runs over each other: what was measured of each, and whether it may be compared. */
import { z } from "zod";
import { call } from "../call.ts";
import { UnitKind, WeightStorage } from "../plan.ts";
import { Accuracy, Comparison, Subject } from "../run.ts";

/** A model of a run with all its figures; what was not measured is null. */
export const ComparedModel = z.object({
  run: z.string(),
  /** Of the run; of an original the model's own. */
  name: z.string(),
  subject: Subject,
  unit: UnitKind,
  /** Units of the whole model, and which of them are left. */
  total: z.number(),
  kept: z.array(z.number()),
  /** How its weights were kept while it was measured. */
  storage: WeightStorage,
  accuracy: Accuracy.nullable(),
  perplexity: z.number().nullable(),
  bitsPerByte: z.number().nullable(),
  offDomainAccuracy: Accuracy.nullable(),
  offDomainPerplexity: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
  sizeBytes: z.number().nullable(),
  /** About, while it answers. */
  chatMemoryBytes: z.number().nullable(),
  /** Against the fine-tuned whole model of its run, on the same questions. */
  versusTuned: Comparison.nullable(),
});
export type ComparedModel = z.infer<typeof ComparedModel>;

export const ComparedDepth = z.object({
  units: z.number(),
  healed: z.boolean(),
  accuracy: Accuracy.nullable(),
  perplexity: z.number().nullable(),
});
export type ComparedDepth = z.infer<typeof ComparedDepth>;

export const ComparedRun = z.object({
  id: z.string(),
  name: z.string(),
  unit: UnitKind,
  total: z.number(),
  /** Null if it is not known any more. */
  data: z.object({ name: z.string(), hash: z.string(), questions: z.number() }).nullable(),
  /** From the whole tuned model to the shallowest. */
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
  /** Each original once, then each run's fine-tuned and trimmed model. */
  models: z.array(ComparedModel),
  /** Whether all were tested on the same data. */
  comparable: z.boolean(),
  /** Of the trimmed models; empty where they are not comparable. */
  pairs: z.array(ComparedPair),
  /** What answering always the same gives on the test questions, where all have the same. */
  guessing: z.number().nullable(),
});
export type Compared = z.infer<typeof Compared>;

/** A chart of a report: lines of points with their intervals. */
export const ReportChart = z.object({
  title: z.string(),
  /** The chart in a sentence. */
  label: z.string(),
  xName: z.string(),
  xTexts: z.array(z.object({ at: z.number(), text: z.string() })),
  yTexts: z.array(z.object({ at: z.number(), text: z.string() })),
  /** From the highest x at the left. */
  reversed: z.boolean(),
  lines: z.array(
    z.object({
      name: z.string(),
      series: z.enum(["original", "tuned", "trimmed", "b", "c", "d"]),
      points: z.array(
        z.object({ x: z.number(), y: z.number(), low: z.number().nullable(), high: z.number().nullable() }),
      ),
    }),
  ),
});
export type ReportChart = z.infer<typeof ReportChart>;

/** A page to print or pass on, in the words of the window. */
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

const Runs = z.object({ runs: z.array(z.string()).min(1).max(12) });

export const compare = {
  get: call(Runs, Compared),
  /** All figures as a table for a spreadsheet, through the save dialog; null if the person cancelled. */
  saveCsv: call(Runs, z.string().nullable()),
  /** One file with everything in it, through the save dialog; null if the person cancelled. */
  saveReport: call(Report, z.string().nullable()),
};
