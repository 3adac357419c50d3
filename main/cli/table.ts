/** Tables of figures, aligned for a terminal of any width. */
import { accuracyText, bytesText } from "../../preload/contract/figures.ts";
import type { TrimPlan } from "../../preload/contract/plan.ts";
import { recommendation, SIGNIFICANCE } from "../../preload/contract/recommended.ts";
import type { Comparison, DepthMetrics, ModelMetrics, TrimOutcome } from "../../preload/contract/run.ts";

/** Rows of texts in columns, the first left-aligned, the others right-aligned for figures; empty columns are left out. */
export function tableText(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  others: "left" | "right" = "right",
): string[] {
  const columns = header
    .map((_, index) => index)
    .filter((index) => index === 0 || rows.some((row) => row[index] !== ""));
  const lines = [header, ...rows].map((row) => columns.map((index) => row[index]!));
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

/** The result of a run: the original model, fine-tuned, and at each depth; the trimmed one last. */
export function outcomeTable({ units, metrics }: TrimOutcome): string[] {
  const { base, tuned, control, trimmed, depths } = metrics;
  const what = units.kind === "block" ? "blocks" : "sub-layers";
  const row = (name: string, count: number, model: ModelMetrics, versusTuned: string) => [
    name,
    String(count),
    model.accuracy ? accuracyText(model.accuracy) : "",
    model.perplexity === null ? "" : model.perplexity.toFixed(2),
    model.tokensPerSecond === null ? "" : model.tokensPerSecond.toFixed(0),
    model.sizeBytes === null ? "" : bytesText(model.sizeBytes),
    versusTuned,
    offDomainText(model),
  ];
  const depthRow = (name: string, depth: DepthMetrics) =>
    row(name, depth.units, depth, depth.versusTuned ? probabilityText(depth.versusTuned.p) : "");
  const others = depths.filter(({ name }) => name !== trimmed.name);
  return tableText(
    ["", what, "right (95%)", "perplexity", "tokens/s", "size", "p vs tuned", "off domain"],
    [
      row("original", units.total, base, ""),
      row("fine-tuned", units.total, tuned, ""),
      ...(control ? [row("fine-tuned on as many rows", units.total, control, "")] : []),
      ...others.map((depth) => depthRow(depth.name, depth)),
      depthRow("trimmed", trimmed),
    ],
  );
}

/** The summary of the figures in one to three sentences. Test: exact McNemar. */
export function verdict({ units, metrics: { tuned, control, trimmed } }: TrimOutcome): string {
  const what = units.kind === "block" ? "blocks" : "sub-layers";
  const cut = `${units.kept} of ${units.total} ${what} left`;
  const faster =
    tuned.tokensPerSecond !== null && trimmed.tokensPerSecond !== null
      ? `, ${(trimmed.tokensPerSecond / tuned.tokensPerSecond).toFixed(1)} times as fast as before`
      : "";
  const sentences = [
    lossSentence(trimmed, tuned, trimmed.versusTuned, "the fine-tuned model at full depth"),
    control
      ? lossSentence(trimmed, control, trimmed.versusControl, "the whole model trained on as many rows")
      : "",
  ];
  return [`${cut}${faster}.`, ...sentences].filter(Boolean).join(" ");
}

/** How a depth differs from another model, which `named` names. */
function lossSentence(
  { accuracy }: DepthMetrics,
  { accuracy: other }: ModelMetrics,
  versus: Comparison | null | undefined,
  named: string,
): string {
  if (!accuracy || !other || !versus) return "";
  const questions = `on these ${accuracy.n} questions`;
  const p = `p = ${probabilityText(versus.p)}`.replace("= <", "< ");
  if (versus.p >= SIGNIFICANCE) return `No clear difference from ${named} ${questions} (${p}).`;
  const points = Math.abs(100 * (accuracy.value - other.value)).toFixed(1);
  const direction = accuracy.value < other.value ? "fewer" : "more";
  return `It answers ${points} in 100 ${direction} correctly than ${named} ${questions} (${p}).`;
}

/** Which depth is recommended, and by which questions. Empty without questions. */
export function recommendedSentence(
  { units, metrics }: Pick<TrimOutcome, "units" | "metrics">,
  plan: Pick<TrimPlan, "accuracyFloor">,
): string {
  const found = recommendation({ metrics }, plan);
  if (!found) return "";
  const what = units.kind === "block" ? "block" : "sub-layer";
  const depth = metrics.depths.find(({ name }) => name === found.name);
  const recommended = depth
    ? `Recommended: ${depth.units} ${what}${depth.units === 1 ? "" : "s"}${depth.healed ? ", healed" : `, as after ${depth.name}`}`
    : "Recommended: the fine-tuned model at full depth";
  const chosen =
    found.by === "validation"
      ? `chosen by ${found.questions} validation questions; the test questions only measure`
      : `chosen by the ${found.questions} test questions themselves, since this run has no validation figures, so its figures look slightly too good`;
  return `${recommended} (${chosen}).`;
}

function probabilityText(p: number): string {
  return p < 0.001 ? "<0.001" : p.toFixed(3);
}

function offDomainText({ offDomain }: ModelMetrics): string {
  if (!offDomain) return "";
  if (offDomain.accuracy) return accuracyText(offDomain.accuracy);
  return offDomain.perplexity === null ? "" : `perplexity ${offDomain.perplexity.toFixed(2)}`;
}
