/** A comparison as a page to share. */
import type { Compared, Report, ReportChart } from "../../preload/contract/calls/compare.ts";
import { dateText } from "../messages/figures.ts";
import { t } from "../messages/index.svelte.ts";
import { language } from "../messages/language.svelte.ts";
import { linesOf, sharesUnits } from "./comparison.ts";
import type { Axis, Measure } from "./comparison.ts";
import { ticksOf } from "./ticks.ts";
import { aboutOf, axisName, axisText, figuresOf, measureText, nameOf, sayingsOf } from "./words.ts";

export function reportOf(compared: Compared, now = new Date()): Report {
  const measures = (["accuracy", "perplexity"] as const).filter((measure) =>
    linesOf(compared, measure, "depth", nameOf).some(({ points }) => points.length > 0),
  );
  const charts = measures.flatMap((measure) =>
    (["depth", "speed", "memory"] as const).map((axis) => chartOf(compared, measure, axis)),
  );
  return {
    language: language.now,
    title: t.compare.reportTitle(compared.runs.map(({ name }) => name)),
    about: `${aboutOf(compared)} ${dateText(now)}.`,
    findings: sayingsOf(compared).map(({ text }) => text),
    charts: charts.filter(({ lines }) => lines.length > 0),
    table: {
      caption: t.compare.tableTitle,
      head: [t.compare.model, ...t.compare.columns],
      rows: compared.models.map((model) => [nameOf(model), ...figuresOf(model)]),
    },
    notes: [t.compare.method, t.compare.chosenByValidation],
  };
}

function chartOf(compared: Compared, measure: Measure, axis: Axis): ReportChart {
  const lines = linesOf(compared, measure, axis, nameOf).filter(({ points }) => points.length > 0);
  const points = lines.flatMap((line) => line.points);
  const ticks = (values: readonly number[], text: (value: number, step?: number) => string, least = 0) => {
    const { at, step } = ticksOf(Math.min(...values), Math.max(...values), least);
    return at.map((value) => ({ at: value, text: text(value, step) }));
  };
  const title = t.compare.chartTitle(t.compare.measures[measure], t.compare.axes[axis]);
  return {
    title,
    label: `${title}. ${t.compare.figuresBelow}`,
    xName: axisName(compared, axis),
    xTexts: ticks(
      points.map(({ x }) => x),
      (value, step) => axisText(compared, axis, value, step),
      axis === "depth" && sharesUnits(compared) ? 1 : 0,
    ),
    yTexts: ticks(
      points.flatMap(({ y, interval }) => [y, ...(interval ?? [])]),
      (value, step) => measureText(measure, value, step),
    ),
    reversed: axis === "depth",
    lines: lines.map(({ name, series, points: own }) => ({
      name,
      series,
      points: own.map(({ x, y, interval }) => ({
        x,
        y,
        low: interval?.[0] ?? null,
        high: interval?.[1] ?? null,
      })),
    })),
  };
}
