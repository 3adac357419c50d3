/** Whether a model is of use: what its measured figures support, by thresholds that are absolute, and no better than that. */
import type { DepthMetrics, ModelMetrics, TrimOutcome } from "../runs/run.ts";
import type { Verdict } from "../runs/verdicts.ts";
import { changeOf, differenceOf } from "./versus.ts";
import { LEAST_ROWS, writingOf } from "./writing.ts";

const LEVELS = ["no-use", "not-yet", "with-care", "ready"] as const;
type Level = (typeof LEVELS)[number];

/** Why a verdict is not better. */
export type Reason =
  | "guesses"
  | "may-guess"
  | "few-right"
  | "some-wrong"
  | "no-match"
  | "few-match"
  | "some-differ"
  | "runs-on"
  | "repeats"
  | "prompt-better"
  | "prompt-as-good"
  | "worse-than-whole"
  | "writes-worse"
  | "unlikelier"
  | "unchecked"
  | "few-questions"
  | "no-questions";

/** What to do next. */
export type Advice =
  | "fewer-cuts"
  | "larger-model"
  | "more-rows"
  | "more-questions"
  | "own-questions"
  | "check-answers"
  | "check-questions"
  | "read-answers";

export interface Judged {
  readonly verdict: Verdict;
  /** The strongest first. */
  readonly reasons: readonly Reason[];
  readonly advice: readonly Advice[];
}

/** With fewer test questions, only what is certainly bad is judged. */
export const ENOUGH_QUESTIONS = 30;
/** The shares of right answers, or of written answers that match, end and do not repeat. */
const READY = 0.8;
const WITH_CARE = 0.5;
const ANY_USE = 0.25;
/** Of choices, the shares of the way from guessing to all right: two in three right is little where one in two is guessed. */
const BEYOND_GUESSING = { ready: 1 / 2, withCare: 1 / 4 };
/** The share of written answers that end by themselves. */
const ENDING = 0.5;
/** Repeated 4-grams, compared with the person's own answers. */
const REPEATING = 0.2;
/** With fewer training rows, more of them help most. */
export const ENOUGH_ROWS = 300;

/** A reason, and the best level that it allows. */
interface Finding {
  readonly most: Level;
  readonly reason: Reason;
}

type Measured = Pick<TrimOutcome, "metrics">;

/** The verdict on a depth of a run, by its name in the outcome ("tuned": the fine-tuned model at full depth); by default the run's model. */
export function verdictOf({ metrics }: Measured, name: string = metrics.trimmed.name): Judged {
  const isWhole = name === "tuned";
  const depth = metrics.depths.find((known) => known.name === name) ?? metrics.trimmed;
  const judged = isWhole ? metrics.tuned : depth;
  const findings = [
    ...(isWhole ? [] : besideWhole(depth)),
    ...byChoices(judged, metrics),
    ...byAnswers(judged),
    ...byTexts(judged, metrics),
    ...byPrompt(judged),
  ].sort((a, b) => LEVELS.indexOf(a.most) - LEVELS.indexOf(b.most));
  const level = levelOf(findings);
  const questions = judged.accuracy?.n ?? judged.generated?.rougeL.n ?? 0;
  const isFew = questions < ENOUGH_QUESTIONS && isUsable(level);
  const few: Reason[] = isFew ? [questions === 0 ? "no-questions" : "few-questions"] : [];
  const verdict = isFew ? "too-few" : level;
  const reasons = [...few, ...findings.map(({ reason }) => reason)];
  const whole = isWhole || metrics.improvement ? null : verdictOf({ metrics }, "tuned").verdict;
  return { verdict, reasons, advice: adviceFor(verdict, reasons, { metrics, whole }) };
}

const isUsable = (verdict: Verdict): boolean => verdict === "ready" || verdict === "with-care";

/** Whether a model may be recommended: nothing shows that it is of no use. */
export const mayBeRecommended = (verdict: Verdict): boolean => isUsable(verdict) || verdict === "too-few";

const levelOf = (findings: readonly Finding[]): Level => findings[0]?.most ?? "ready";

/** With too few questions, the end of an interval that is kinder to the model. */
const boundOf = ({ low, high, n }: { low: number; high: number; n: number }) =>
  n < ENOUGH_QUESTIONS ? high : low;

function byChoices({ accuracy }: ModelMetrics, { guessing }: Measured["metrics"]): Finding[] {
  if (!accuracy) return [];
  const floor = guessing ? Math.max(guessing.chance, guessing.bestConstant) : 0;
  const bound = boundOf(accuracy);
  const above = (share: number) => floor + share * (1 - floor);
  const right = shareFindings(bound, ["few-right", "some-wrong"], {
    ready: Math.max(READY, above(BEYOND_GUESSING.ready)),
    withCare: Math.max(WITH_CARE, above(BEYOND_GUESSING.withCare)),
  });
  const made: Finding[] =
    accuracy.made && (accuracy.checked ?? 0) < accuracy.n / 2
      ? [{ most: "with-care", reason: "unchecked" }]
      : [];
  const isGuess =
    accuracy.n < ENOUGH_QUESTIONS ? bound <= floor : accuracy.value < above(BEYOND_GUESSING.withCare);
  if (isGuess) return [{ most: "no-use", reason: "guesses" }, ...right, ...made];
  return [...(bound > floor ? [] : [{ most: "not-yet", reason: "may-guess" } as const]), ...right, ...made];
}

function shareFindings(
  bound: number,
  [few, some]: readonly [Reason, Reason],
  { ready, withCare } = { ready: READY, withCare: WITH_CARE },
): Finding[] {
  if (bound < withCare) return [{ most: "not-yet", reason: few }];
  return bound < ready ? [{ most: "with-care", reason: some }] : [];
}

/** Written answers; beside multiple choice, which they do not decide, they only call for care. */
function byAnswers({ accuracy, generated }: ModelMetrics): Finding[] {
  if (!generated?.matches) return [];
  const { matches, stops, repetition, referenceRepetition } = generated;
  const none: Finding[] = matches.high < ANY_USE ? [{ most: "no-use", reason: "no-match" }] : [];
  const found: Finding[] = [
    ...(none.length > 0 ? none : shareFindings(boundOf(matches), ["few-match", "some-differ"])),
    ...(stops && boundOf(stops) < ENDING ? [{ most: "not-yet", reason: "runs-on" } as const] : []),
    ...(repetition.value > referenceRepetition + REPEATING
      ? [{ most: "not-yet", reason: "repeats" } as const]
      : []),
  ];
  if (!accuracy) return found;
  const differs = found.some(({ reason }) => reason !== "runs-on" && reason !== "repeats");
  return differs
    ? [{ most: "with-care", reason: "some-differ" }]
    : found.map(({ reason }) => ({ most: "with-care", reason }));
}

/** Without questions and answers, texts can only show that a model got worse. */
function byTexts(
  { accuracy, generated, perplexity }: ModelMetrics,
  { base }: Measured["metrics"],
): Finding[] {
  if (accuracy || generated || perplexity === null || base.perplexity === null) return [];
  return perplexity > base.perplexity ? [{ most: "not-yet", reason: "unlikelier" }] : [];
}

function byPrompt({ versusPrompted: versus }: ModelMetrics): Finding[] {
  if (!versus || versus.n < LEAST_ROWS || versus.low > 0) return [];
  return versus.high < 0
    ? [{ most: "not-yet", reason: "prompt-better" }]
    : [{ most: "with-care", reason: "prompt-as-good" }];
}

function besideWhole({ accuracy, versusTuned, textsVersusTuned }: DepthMetrics): Finding[] {
  const isLoss = accuracy && versusTuned && changeOf(differenceOf(versusTuned, accuracy.n)) === "loss";
  const writes = writingOf(textsVersusTuned)?.losses.some((loss) => loss !== "text") ?? false;
  return [
    ...(isLoss ? [{ most: "with-care", reason: "worse-than-whole" } as const] : []),
    ...(writes ? [{ most: "with-care", reason: "writes-worse" } as const] : []),
  ];
}

/** `whole`: the verdict on the fine-tuned model at full depth; null if the model is that. */
function adviceFor(
  verdict: Verdict,
  reasons: readonly Reason[],
  { metrics, whole }: Measured & { readonly whole: Verdict | null },
): Advice[] {
  const isCutTooFar =
    whole !== null && isUsable(whole) && (!isUsable(verdict) || reasons.includes("worse-than-whole"));
  const has = (reason: Reason) => reasons.includes(reason);
  const { trainingRows } = metrics;
  const fewRows = trainingRows !== undefined && trainingRows < ENOUGH_ROWS;
  switch (verdict) {
    case "ready":
      return [];
    case "with-care":
      return [
        "check-answers",
        ...(isCutTooFar ? (["fewer-cuts"] as const) : []),
        ...(has("unchecked") ? (["check-questions"] as const) : []),
      ];
    case "too-few":
      return has("no-questions") ? ["own-questions"] : ["read-answers", "more-questions"];
    case "not-yet":
    case "no-use":
      if (isCutTooFar) return ["fewer-cuts"];
      if (has("unlikelier")) return ["fewer-cuts", "own-questions"];
      return fewRows ? ["larger-model", "more-rows"] : ["larger-model"];
  }
}

/** Answers out of 100, or out of the test questions if there are fewer. */
interface Count {
  readonly count: number;
  readonly of: number;
}

/** How many answers are right, or match the person's own if they are written. */
export interface Headline {
  readonly kind: "right" | "match";
  readonly now: Count;
  /** Of the original model, or of the model before an improvement; null if it was not measured, or for another number of questions. */
  readonly before: Count | null;
}

/** Null without questions or answers to count. */
export function headlineOf({ metrics }: Measured, { accuracy, generated }: ModelMetrics): Headline | null {
  const { base } = metrics;
  const [kind, now, before] = accuracy
    ? (["right", accuracy, base.accuracy] as const)
    : (["match", generated?.matches, base.generated?.matches] as const);
  if (!now) return null;
  return { kind, now: countOf(now), before: before && before.n === now.n ? countOf(before) : null };
}

const countOf = ({ value, n }: { value: number; n: number }): Count => {
  const of = Math.min(100, n);
  return { count: Math.round(value * of), of };
};
