/** A study's figures in the repository: a file for each tuned model and for each arm. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { PRECISIONS } from "../../../native-models/inference/precision.ts";
import { Device } from "../../../preload/contract/plans/device.ts";
import { WeightStorage } from "../../../preload/contract/plans/plan.ts";
import { Accuracy, Generated } from "../../../preload/contract/runs/measures.ts";
import { Evaluation, Subject } from "../../../preload/contract/runs/run.ts";
import { pretty } from "../bench/harness/landed.ts";
import { Written } from "./sets.ts";
import { Spent } from "./spent.ts";

export const RESULTS = fileURLToPath(new URL("../results/study/", import.meta.url));

/** Right and wrong answers as "1101": one character per question. */
const Marks = z.string().regex(/^[01]*$/);
export const marksOf = (correct: readonly boolean[]): string =>
  correct.map((right) => (right ? "1" : "0")).join("");
export const correctOf = (marks: string): boolean[] => [...marks].map((mark) => mark === "1");

/** An evaluation; without per-row outcomes where only its means are needed. */
export const Measured = Evaluation.omit({ correct: true, nlls: true, textTokens: true }).extend({
  correct: Marks.nullable(),
  nlls: z.array(z.number()).nullable(),
  textTokens: z.array(z.number()).nullable(),
});
export type Measured = z.infer<typeof Measured>;

/** A model as it will run: measurements of its chat model on some test rows. */
export const InChat = z.object({
  precision: z.enum(PRECISIONS),
  tokensPerSecond: z.number(),
  sizeBytes: z.number(),
  /** On some of the test questions and texts. */
  accuracy: Accuracy.nullable(),
  perplexity: z.number().nullable(),
  /** Of answers generated for some of the test rows. */
  exactMatch: Accuracy.nullable(),
  generated: Generated.nullable(),
  /** Per-row outcomes, for comparison with other models; null in results of earlier versions. */
  rows: z
    .object({
      /** The indices of these questions among the test questions, and which were answered correctly. */
      questions: z.array(z.number()),
      correct: Marks,
      /** Of the generated answers; null for a row without a short answer, or one that did not fit the context. */
      exact: z.array(z.boolean().nullable()),
      rougeL: z.array(z.number().nullable()),
    })
    .nullable()
    .default(null),
});
export type InChat = z.infer<typeof InChat>;

export const StudyModel = z.object({
  name: z.string(),
  subject: Subject,
  units: z.number(),
  keptIndices: z.array(z.number()),
  healed: z.boolean(),
  test: Measured,
  valid: Measured.nullable(),
  /** Null where it was not measured, as in results of earlier versions. */
  chat: InChat.nullable().default(null),
});
export type StudyModel = z.infer<typeof StudyModel>;

/** What a result measures. */
export const About = z.object({
  set: z.string(),
  model: z.string(),
  seed: z.number(),
});
export type About = z.infer<typeof About>;

const Origin = z.object({
  command: z.string(),
  /** The version of the program that measured, by its commit. */
  commit: z.string(),
  date: z.string(),
  machine: z.string(),
  threads: z.number(),
});

/** The device that trained; results of earlier versions used the processor. */
const UsedDevice = Device.default("cpu");

/** What determines how good a tuned model is, besides its data; results with different tunings are not compared. */
export const Tuning = z.object({ schedule: z.enum(["cosine", "cosine-to-half"]), base: WeightStorage });
export type Tuning = z.infer<typeof Tuning>;

/** A tuned model, shared by all arms of its set, model and seed. */
export const TunedResult = About.extend({
  kind: z.literal("tuned"),
  origin: Origin,
  /** Results of earlier versions have a cosine to zero. */
  tuning: Tuning.default({ schedule: "cosine", base: "f32" }),
  data: z.object({
    hash: z.string(),
    trainingRows: z.number(),
    validRows: z.number(),
    testRows: z.number(),
    /** 0-based lines of train.jsonl that validate instead. */
    validLines: z.array(z.number()),
    /** The key of each test question in the pool: the shortened SHA-256 of its text. Equal texts count once. */
    questions: z.array(z.string()),
    /** The task of each, null where it has none; null without any, and in results of earlier versions. */
    tasks: z.array(z.string().nullable()).nullable().default(null),
    /** The key in the pool of each validation question; null in results of earlier versions. */
    validQuestions: z.array(z.string()).nullable().default(null),
    /** The best constant answer, by task where tasks are named; null without questions. */
    bestConstant: z.number().nullable(),
    /** From what a set of made-questions.ts was made; null for others. */
    written: Written.nullable().default(null),
  }),
  device: UsedDevice,
  spent: Spent,
  models: z.array(StudyModel),
});
export type TunedResult = z.infer<typeof TunedResult>;

export const ArmResult = About.extend({
  kind: z.literal("arm"),
  arm: z.string(),
  /** Share of the blocks that stay. */
  keep: z.number(),
  origin: Origin,
  /** Training rows after tuning, repetitions counted. */
  rowsAfterTuning: z.number(),
  device: UsedDevice,
  /** Without the time of the tuned model that it began with, if any. */
  spent: Spent,
  unit: z.enum(["block", "sublayer"]),
  /** Units in the order in which they were dropped, by round. */
  drops: z.array(z.array(z.number())),
  models: z.array(StudyModel),
});
export type ArmResult = z.infer<typeof ArmResult>;

/** An arm's exported model, scored here and by lm-evaluation-harness on the test questions. */
export const CheckResult = About.extend({
  kind: z.literal("check"),
  arm: z.string(),
  keep: z.number(),
  origin: Origin,
  /** Packages and their versions. */
  versions: z.record(z.string(), z.string()),
  here: Marks,
  there: Marks,
  /** The largest difference of a choice's log-likelihood, in nats. */
  largestDifference: z.number(),
});
export type CheckResult = z.infer<typeof CheckResult>;

/** An arm's last model, measured on the test rows of another set. */
const ElsewhereResult = About.extend({
  kind: z.literal("elsewhere"),
  arm: z.string(),
  keep: z.number(),
  /** The other set. */
  asked: z.string(),
  origin: Origin,
  test: Measured,
});

export const StudyResult = z.discriminatedUnion("kind", [
  TunedResult,
  ArmResult,
  CheckResult,
  ElsewhereResult,
]);
export type StudyResult = z.infer<typeof StudyResult>;

/** The name of a result's file. */
export function fileOf(
  result: Pick<StudyResult, "set" | "model" | "seed"> & {
    kind?: StudyResult["kind"];
    arm?: string;
    keep?: number;
    asked?: string;
  },
) {
  const { kind, set, model, seed, arm, keep, asked } = result;
  const more = kind === "check" ? "-check" : kind === "elsewhere" ? `-on-${asked}` : "";
  const what = arm === undefined ? "tuned" : `${arm}-${Math.round(100 * keep!)}${more}`;
  return `${set}-${model}-s${seed}-${what}.json`;
}

/** Writes a result, formatted as the repository's files are. */
export async function writeResult(folder: string, result: StudyResult): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, fileOf(result));
  writeFileSync(path, await pretty(JSON.stringify(StudyResult.parse(result)), path));
}

export function hasResult(folder: string, result: Parameters<typeof fileOf>[0]): boolean {
  return existsSync(join(folder, fileOf(result)));
}

/** All results in a folder, by name. */
export function readResults(folder: string): StudyResult[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => StudyResult.parse(JSON.parse(readFileSync(join(folder, name), "utf8"))));
}
