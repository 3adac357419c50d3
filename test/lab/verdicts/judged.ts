/** Runs whose outcome is known, with the verdict that a person gave who read answers, or figures where none are stored. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { accuracyOf, mcNemar } from "../../../native-models/evaluation/statistics.ts";
import type { Verdict } from "../../../preload/contract/runs/verdicts.ts";
import { verdictOf } from "../../../preload/contract/results/verdict.ts";
import { DepthMetrics, ModelMetrics } from "../../../preload/contract/runs/run.ts";
import type { TrimOutcome } from "../../../preload/contract/runs/run.ts";
import { ArmResult, correctOf, RESULTS, TunedResult } from "../study/results.ts";
import type { StudyModel } from "../study/results.ts";

/** Outcomes of runs that were made for this table, without their depths. */
const OUTCOMES = fileURLToPath(new URL("../results/verdicts/", import.meta.url));

/** Published results of the study: the file of the tuned model, and that of the arm, if it is not the tuned model itself or the base. */
interface Published {
  readonly of: string;
  readonly arm?: string;
  readonly model?: "base" | "tuned";
  readonly person: Verdict;
}

const PUBLISHED: readonly Published[] = [
  { of: "clauses-smollm2-135m-s1", model: "base", person: "no-use" },
  { of: "clauses-smollm2-135m-s1", model: "tuned", person: "ready" },
  { of: "clauses-smollm2-135m-s1", arm: "coppice-50", person: "ready" },
  { of: "clauses-smollm2-135m-s1", arm: "coppice-30", person: "ready" },
  { of: "clauses-smollm2-135m-s1", arm: "influence-once-30", person: "with-care" },
  { of: "clauses-gemma-3-270m-s1", model: "base", person: "no-use" },
  { of: "clauses-gemma-3-270m-s1", arm: "coppice-50", person: "ready" },
  { of: "legalbench-smollm2-135m-s1", arm: "coppice-50", person: "with-care" },
  { of: "pubmedqa-smollm2-135m-s1", model: "tuned", person: "not-yet" },
  { of: "medquad-smollm2-135m-s1", model: "tuned", person: "not-yet" },
  { of: "medquad-smollm2-135m-s1", arm: "coppice-50", person: "no-use" },
  { of: "medquad-smollm2-135m-s1", arm: "coppice-80", person: "not-yet" },
  { of: "sample-sample-s1", model: "base", person: "no-use" },
  { of: "sample-sample-s1", arm: "coppice-50", person: "with-care" },
];

const Made = z.object({
  about: z.string(),
  person: z.enum(["ready", "with-care", "too-few", "not-yet", "no-use"]),
  base: ModelMetrics,
  tuned: ModelMetrics,
  trimmed: DepthMetrics,
  guessing: z.object({ chance: z.number(), bestConstant: z.number() }).nullable(),
  trainingRows: z.number(),
});

export interface JudgedRun {
  readonly name: string;
  readonly person: Verdict;
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly accuracy: number | null;
  readonly matches: number | null;
  readonly questions: number;
}

export function judgedRuns(): JudgedRun[] {
  return [...PUBLISHED.map(published), ...made()];
}

function made(): JudgedRun[] {
  return readdirSync(OUTCOMES).map((file) => {
    const { about, person, trimmed, ...rest } = Made.parse(
      JSON.parse(readFileSync(join(OUTCOMES, file), "utf8")),
    );
    return row(about, person, { ...rest, trimmed, depths: [trimmed], methods: {} });
  });
}

function published({ of, arm, model, person }: Published): JudgedRun {
  const whole = TunedResult.parse(read(`${of}-tuned`));
  const [base, tuned] = (["base", "tuned"] as const).map((name) =>
    whole.models.find((one) => one.name === name)!,
  );
  const judged =
    model === undefined ? ArmResult.parse(read(`${of}-${arm}`)).models.at(-1)! : { base, tuned }[model]!;
  const { bestConstant, trainingRows } = whole.data;
  const versus = model === undefined && judged.test.correct ? versusOf(judged, tuned!) : null;
  const { units, keptIndices, healed } = judged;
  const depth = { ...figures(judged), name: "judged", units, keptIndices, healed, versusTuned: versus };
  const metrics = {
    base: figures(base!),
    tuned: figures(tuned!),
    trimmed: depth,
    depths: [depth],
    methods: {},
  };
  const guessing = bestConstant === null ? null : { chance: 0, bestConstant };
  return row(`${of} ${arm ?? model}`, person, { ...metrics, guessing, trainingRows });
}

function row(name: string, person: Verdict, metrics: TrimOutcome["metrics"]): JudgedRun {
  const { verdict, reasons } = verdictOf({ metrics });
  const { accuracy, generated } = metrics.trimmed;
  return {
    name,
    person,
    verdict,
    reasons,
    accuracy: accuracy?.value ?? null,
    matches: generated?.matches?.value ?? null,
    questions: accuracy?.n ?? generated?.rougeL.n ?? 0,
  };
}

const read = (name: string): unknown => JSON.parse(readFileSync(join(RESULTS, `${name}.json`), "utf8"));

const versusOf = (one: StudyModel, other: StudyModel) =>
  mcNemar(correctOf(one.test.correct!), correctOf(other.test.correct ?? ""));

/** Its figures as a run has them. That an answer ends and does not repeat was not stored by row, so a match only needs the overlap. */
function figures({ test, chat }: StudyModel): ModelMetrics {
  const { accuracy, accuracyNorm, answerNll, perplexity, bitsPerByte } = test;
  const overlaps = chat?.rows?.rougeL.filter((value) => value !== null) ?? [];
  const matches = accuracyOf(overlaps.map((value) => value >= 2 / 3));
  const generated = chat?.generated && { ...chat.generated, matches };
  const unmeasured = { exactMatch: null, tokensPerSecond: null, sizeBytes: null, offDomain: null };
  return { ...unmeasured, accuracy, accuracyNorm, answerNll, perplexity, bitsPerByte, generated };
}
