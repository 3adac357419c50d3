/** Tables of figures, aligned for a terminal of any width. */
import { unitName } from "../../preload/contract/plans/plan.ts";
import { isShort } from "../../preload/contract/runs/run.ts";
import type { Comparison, DepthMetrics, ModelMetrics, TrimOutcome } from "../../preload/contract/runs/run.ts";
import {
  accuracyText,
  bytesText,
  countText,
  counted,
  speedDigits,
} from "../../preload/contract/words/figures.ts";
import { probabilityText } from "./verdict.ts";

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

function offDomainText({ offDomain }: ModelMetrics): string {
  if (!offDomain) return "";
  if (offDomain.accuracy) return accuracyText(offDomain.accuracy);
  return offDomain.perplexity === null ? "" : `perplexity ${offDomain.perplexity.toFixed(2)}`;
}
