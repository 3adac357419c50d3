/** Tables of figures, aligned for a terminal of any width. */
import { unitsKept } from "../engine/schedule/planned-run.ts";
import { unitsIn } from "../engine/schedule/units.ts";
import {
  accuracyText,
  bytesText,
  countText,
  counted,
  madeText,
  enteredPercentText,
  signedText,
  speedDigits,
} from "../../preload/contract/figures.ts";
import type { DatasetReport } from "../../preload/contract/data.ts";
import type { Estimate } from "../../preload/contract/measures.ts";
import type { ModelReport } from "../../preload/contract/model.ts";
import { NOTHING_IS_CUT } from "../../preload/contract/idle-words.ts";
import { idleChoices, unitName } from "../../preload/contract/plan.ts";
import type { TrimPlan } from "../../preload/contract/plan.ts";
import { speedRatio } from "../../preload/contract/speed.ts";
import { cutsTexts, recommendation, tooFewRows } from "../../preload/contract/recommended.ts";
import type { Choice, Recommendation } from "../../preload/contract/recommended.ts";
import { isShort } from "../../preload/contract/run.ts";
import type { Comparison, DepthMetrics, ModelMetrics, TrimOutcome } from "../../preload/contract/run.ts";
import { differenceOf, LARGEST_UNSEEN_LOSS, verdictOf } from "../../preload/contract/versus.ts";
import type { Verdict } from "../../preload/contract/versus.ts";

/**
 * Rows of texts in columns, each on one line: the first is left-aligned, the others right-aligned for figures. Empty columns are left
 * out.
 */
export function tableText(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  others: "left" | "right" = "right",
): string[] {
  const columns = header
    .map((_, index) => index)
    .filter((index) => index === 0 || rows.some((row) => row[index] !== ""));
  const lines = [header, ...rows].map((row) => columns.map((index) => row[index]!.replace(/\p{Cc}+/gu, " ")));
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) =>
    line
      .map((text, column) => {
        const width = widths[column]!;
        return column === 0 || others === "left" ? text.padEnd(width) : text.padStart(width);
      })
      .join("   ")
      .trimEnd(),
  );
}

/** A model in a run's tables: its name, its units, its figures. */
export interface TableRow {
  readonly name: string;
  readonly units: number;
  readonly model: ModelMetrics;
  readonly versusTuned?: Comparison | null;
}

/** The original model, the fine-tuned one, and each depth, the trimmed model last. For an improvement: before and after. */
export function modelsOf({ units: { total }, metrics }: Pick<TrimOutcome, "units" | "metrics">): TableRow[] {
  const { base, tuned, control, trimmed, depths } = metrics;
  const row = (name: string, depth: DepthMetrics): TableRow => ({ ...depth, name, model: depth });
  if (metrics.improvement) return [{ name: "before", units: total, model: tuned }, row("improved", trimmed)];
  return [
    { name: "original", units: total, model: base },
    { name: "fine-tuned", units: total, model: tuned },
    ...(control ? [{ name: controlName(control), units: total, model: control }] : []),
    ...depths.filter(({ name }) => name !== trimmed.name).map((depth) => row(depth.name, depth)),
    row("trimmed", trimmed),
  ];
}

const controlName = ({ trained }: NonNullable<TrimOutcome["metrics"]["control"]>): string =>
  isShort(trained)
    ? `fine-tuned on ${countText(trained.rows)} of ${counted(trained.of, "row")}`
    : "fine-tuned on as many rows";

/** The result of a run, one model per row. */
export function outcomeTable(outcome: TrimOutcome): string[] {
  const what = `${unitName[outcome.units.kind]}s`;
  return tableText(
    [
      "",
      what,
      "right (95%)",
      "perplexity",
      "tokens/s",
      "size",
      outcome.metrics.improvement ? "p vs before" : "p vs tuned",
      "off domain",
    ],
    modelsOf(outcome).map(({ name, units, model, versusTuned }) => [
      name,
      String(units),
      model.accuracy ? accuracyText(model.accuracy) : "",
      model.perplexity === null ? "" : model.perplexity.toFixed(2),
      model.tokensPerSecond === null ? "" : model.tokensPerSecond.toFixed(speedDigits(model.tokensPerSecond)),
      model.sizeBytes === null ? "" : bytesText(model.sizeBytes),
      versusTuned ? probabilityText(versusTuned.p) : "",
      offDomainText(model),
    ]),
  );
}

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
  } satisfies Record<Verdict, string>;
  return `${said[verdictOf(difference)]} ${questions}: ${pointsText(difference)}, ${chanceText(versus.p)}.`;
}

type Recommending = Pick<TrimPlan, "accuracyFloor" | "scoreIntervals" | "result">;

/** Which depth is recommended and by which rows; if none is, which depth the run's model is. Empty without rows to choose by. */
export function recommendedSentence(
  { units, metrics }: Pick<TrimOutcome, "units" | "metrics">,
  plan: Recommending,
): string {
  const found = recommendation({ metrics }, plan);
  const { trimmed } = metrics;
  const isLargest = plan.result === "recommended" && !found?.name;
  const largest = `The run's model is the largest depth${trimmed.healed ? " that was healed" : ""}, ${counted(trimmed.units, unitName[units.kind])}.`;
  return [found ? foundSentence(found, { units, metrics }, plan) : "", isLargest ? largest : ""]
    .filter(Boolean)
    .join(" ");
}

function foundSentence(
  { name, by, kind, rows, needed }: Recommendation,
  { units, metrics }: Pick<TrimOutcome, "units" | "metrics">,
  plan: Recommending,
): string {
  const one = `${by} ${rowName[kind]}`;
  if (needed !== null)
    return `No depth is recommended: ${counted(rows, one)} ${rows === 1 ? "is" : "are"} too few to ${shownText(kind, plan)}. It takes about ${countText(needed)}.`;
  const depth = metrics.depths.find((known) => known.name === name);
  const recommended = depth
    ? `Recommended: ${counted(depth.units, unitName[units.kind])}${depth.healed ? ", healed" : `, as after ${depth.name}`}`
    : "Recommended: the fine-tuned model at full depth";
  const chosen =
    by === "validation"
      ? `chosen by ${counted(rows, one)}; the test ${rowName[kind]}s only measure`
      : `chosen by the ${counted(rows, one)} themselves, since this run has no validation figures, so its figures look slightly too good`;
  return `${recommended} (${chosen}).`;
}

const rowName = { questions: "question", texts: "text" } as const satisfies Record<Choice["kind"], string>;

/** What the rows have to show for a depth to be recommended. */
function shownText(kind: Choice["kind"], { accuracyFloor }: Pick<TrimPlan, "accuracyFloor">): string {
  if (kind === "texts") return "rule out that they became clearly less likely";
  return accuracyFloor === undefined
    ? `rule out a loss of ${100 * LARGEST_UNSEEN_LOSS} points in 100`
    : `show ${enteredPercentText(accuracyFloor)} of the fine-tuned accuracy`;
}

/** Why a run that is to result in the recommended depth will, or may, recommend none. Empty if its rows suffice. */
export function fewRowsSentence(
  plan: Recommending,
  { splits: { valid } }: Pick<DatasetReport, "splits">,
): string {
  const few = plan.result === "recommended" ? tooFewRows(valid, plan) : null;
  if (!few) return "";
  const { kind, rows, least, usual } = few;
  const more =
    usual > least ? `, or about ${countText(usual)} for a chance of 80% if one answer in five changes` : "";
  return `${rows < least ? "No depth" : "Perhaps no depth"} will be recommended: to ${shownText(kind, plan)} takes at least ${least} validation ${kind}${more}. There ${rows === 1 ? "is" : "are"} ${rows}; add more with --valid.`;
}

/** What a plan asks for, but its run will not do, in a sentence each. */
export function idleSentences(plan: TrimPlan, model: Pick<ModelReport, "layers" | "sections">): string[] {
  const total = unitsIn(model, plan.trim.unit);
  const sentences = {
    base: `All weights are trained, so none are frozen and stored as ${plan.base.storage}.`,
    ...NOTHING_IS_CUT,
  };
  return idleChoices(plan, unitsKept(plan, total) < total).map((choice) => sentences[choice]);
}

/** A warning of what a cut costs if the rows are texts without choices. Empty if nothing is cut, or if rows choose the depth. */
export function textsSentence(
  plan: Pick<TrimPlan, "trim" | "result">,
  model: Pick<ModelReport, "layers" | "sections">,
  { splits }: Pick<DatasetReport, "splits">,
): string {
  const total = unitsIn(model, plan.trim.unit);
  if (!cutsTexts(splits, { kept: unitsKept(plan, total), total }, plan)) return "";
  return "Your rows are texts without choices. A small model that we measured wrote much worse with half of its blocks (perplexity 23 instead of 7), and worse with 80% of them (11), while choosing between given answers suffered little: --keep more of them, or try several depths with --smallest-without-loss.";
}

/** "-1.0 points (-3.0 to +1.0)", from a difference between shares. */
export const pointsText = ({ value, low, high }: Pick<Estimate, "value" | "low" | "high">): string =>
  `${signedText(value)} points (${signedText(low)} to ${signedText(high)})`;

/** "p = 0.042", or "p < 0.001". */
export function chanceText(p: number): string {
  return `p = ${probabilityText(p)}`.replace("= <", "< ");
}

function probabilityText(p: number): string {
  return p < 0.001 ? "<0.001" : p.toFixed(3);
}

function offDomainText({ offDomain }: ModelMetrics): string {
  if (!offDomain) return "";
  if (offDomain.accuracy) return accuracyText(offDomain.accuracy);
  return offDomain.perplexity === null ? "" : `perplexity ${offDomain.perplexity.toFixed(2)}`;
}
