/** What a run's result says, in sentences: what was lost, how much faster it is, which depth is recommended. */
import { wholeDepth } from "../home/run-folder.ts";
import { accuracyFloor, unitName } from "../../preload/contract/plans/plan.ts";
import type { TrimPlan } from "../../preload/contract/plans/plan.ts";
import { recommendation } from "../../preload/contract/results/recommended.ts";
import type { Choice, Recommendation } from "../../preload/contract/results/recommended.ts";
import { mayBeRecommended, verdictOf } from "../../preload/contract/results/verdict.ts";
import { speedRatio } from "../../preload/contract/results/speed.ts";
import { differenceOf, LARGEST_UNSEEN_LOSS, changeOf } from "../../preload/contract/results/versus.ts";
import type { Change } from "../../preload/contract/results/versus.ts";
import type { Estimate } from "../../preload/contract/runs/measures.ts";
import type { Comparison, DepthMetrics, ModelMetrics, TrimOutcome } from "../../preload/contract/runs/run.ts";
import {
  counted,
  countText,
  enteredPercentText,
  madeText,
  signedText,
} from "../../preload/contract/words/figures.ts";

/** How many times as fast as the original the result answers, according to `speedRatio`. */
export function resultSpeedRatio({
  units: { kind, total, kept },
  tokens,
  metrics,
}: Pick<TrimOutcome, "units" | "tokens" | "metrics">): ReturnType<typeof speedRatio> {
  const most = kind === "block" ? total / kept : Infinity;
  return speedRatio(metrics, metrics.trimmed, most, { fewerTokens: tokens !== undefined });
}

/** The summary of the figures in one to three sentences. Test: exact McNemar. */
export function verdict(outcome: TrimOutcome): string {
  const { units, tokens, metrics } = outcome;
  const { tuned, control, trimmed } = metrics;
  const what = `${unitName[units.kind]}s`;
  const words = tokens ? ` and ${countText(tokens.kept)} of ${countText(tokens.total)} tokens` : "";
  const cut = `${units.kept} of ${units.total} ${what}${words} left`;
  const ratio = resultSpeedRatio(outcome);
  const faster = typeof ratio === "number" ? `, ${ratio.toFixed(1)} times as fast as before` : "";
  const sentences = [
    lossSentence(trimmed, tuned, trimmed.versusTuned, "the fine-tuned model at full depth"),
    control
      ? lossSentence(trimmed, control, trimmed.versusControl, "the whole model trained on as many rows")
      : "",
  ];
  const unsure = ratio === "unsure" ? SPEED_UNSURE : "";
  return [`${cut}${faster}.`, unsure, ...sentences].filter(Boolean).join(" ");
}

const SPEED_UNSURE =
  "Its speed is unknown, because the measured speeds contradict each other. The computer was probably busy with other work.";

/** How a depth differs from the model that `named` names, claiming no more than the interval supports. */
function lossSentence(
  { accuracy }: DepthMetrics,
  { accuracy: other }: ModelMetrics,
  versus: Comparison | null | undefined,
  named: string,
): string {
  if (!accuracy || !other || !versus) return "";
  const { n, made } = accuracy;
  const asked = made ? madeText(accuracy) : n === 1 ? "question" : "questions";
  const questions = `on ${n === 1 ? "this" : "these"} ${n} ${asked}`;
  const difference = differenceOf(versus, n);
  const said = {
    gain: `More accurate than ${named}`,
    loss: `Less accurate than ${named}`,
    noClearLoss: `No clear loss against ${named}`,
    undecided: `Too few questions to tell it from ${named}`,
  } satisfies Record<Change, string>;
  return `${said[changeOf(difference)]} ${questions}: ${pointsText(difference)}, ${chanceText(versus.p)}.`;
}

/** What of a plan decides which depth is recommended. */
export type Recommending = Pick<TrimPlan, "floor">;

/** Which depth is recommended and by which rows; if none is, which depth the run's model is. Empty without rows to choose by. */
export function recommendedSentence(
  { units, metrics }: Pick<TrimOutcome, "units" | "metrics">,
  plan: Recommending,
): string {
  const found = recommendation({ metrics }, plan);
  const { trimmed } = metrics;
  const isLargest = plan.floor !== undefined && !found?.name;
  const largest = `The run's model is the largest depth${trimmed.healed ? " that was healed" : ""}, ${counted(trimmed.units, unitName[units.kind])}.`;
  return [found ? foundSentence(found, { units, metrics }, plan) : "", isLargest ? largest : ""]
    .filter(Boolean)
    .join(" ");
}

function foundSentence(
  { name, kind, rows, needed }: Recommendation,
  { units, metrics }: Pick<TrimOutcome, "units" | "metrics">,
  plan: Recommending,
): string {
  const one = `validation ${rowName[kind]}`;
  if (needed !== null)
    return `No depth is recommended: ${counted(rows, one)} ${rows === 1 ? "is" : "are"} too few to ${shownText(kind, plan)}. It takes about ${countText(needed)}.`;
  const depth = metrics.depths.find((known) => known.name === name && name !== wholeDepth);
  if (!depth && !mayBeRecommended(verdictOf({ metrics }, wholeDepth).verdict)) return "";
  const recommended = depth
    ? `Recommended: ${counted(depth.units, unitName[units.kind])}${depth.healed ? ", healed" : `, as after ${depth.name}`}`
    : "Recommended: the fine-tuned model at full depth";
  return `${recommended} (chosen by ${counted(rows, one)}; the test ${rowName[kind]}s only measure).`;
}

const rowName = { questions: "question", texts: "text" } as const satisfies Record<Choice["kind"], string>;

/** What the rows have to show for a depth to be recommended. */
export function shownText(kind: Choice["kind"], plan: Recommending): string {
  if (kind === "texts") return "rule out that they became clearly less likely";
  const floor = accuracyFloor(plan);
  return floor === undefined
    ? `rule out a loss of ${100 * LARGEST_UNSEEN_LOSS} points in 100`
    : `show ${enteredPercentText(floor)} of the fine-tuned accuracy`;
}

/** "-1.0 points (-3.0 to +1.0)", from a difference between shares. */
export const pointsText = ({ value, low, high }: Pick<Estimate, "value" | "low" | "high">): string =>
  `${signedText(value)} points (${signedText(low)} to ${signedText(high)})`;

/** "p = 0.042", or "p < 0.001". */
export function chanceText(p: number): string {
  return `p = ${probabilityText(p)}`.replace("= <", "< ");
}

/** "0.042", or "<0.001". */
export function probabilityText(p: number): string {
  return p < 0.001 ? "<0.001" : p.toFixed(3);
}
