/** The pictures of docs/quality.md. */
import { chartOf } from "../../main/services/reports/chart.ts";
import { escaped } from "../../main/services/reports/escaped.ts";
import type { ReportChart } from "../../preload/contract/calls/compare.ts";
import { standalone } from "../bench/harness/curves.ts";

type Line = ReportChart["lines"][number];
export type Point = Line["points"][number];

/** The colours for recipes, in the order of their table. */
const SERIES: readonly Line["series"][] = ["trimmed", "control", "b", "c", "d", "tuned", "original"];

export interface Curve {
  readonly name: string;
  readonly points: readonly Point[];
}

/** The most curves in one picture: each has its own colour. */
export const MOST_CURVES = SERIES.length;

export interface SharesChart {
  readonly label: string;
  readonly xName: string;
  readonly xTexts: ReportChart["xTexts"];
  /** At most `MOST_CURVES`. */
  readonly curves: readonly Curve[];
}

/** Draws shares with their intervals. */
export function sharesChart({ label, xName, xTexts, curves }: SharesChart): string {
  const ys = curves.flatMap(({ points }) => points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]));
  const [least, most] = [Math.floor(10 * Math.min(...ys)), Math.ceil(10 * Math.max(...ys))];
  const yTexts = Array.from({ length: most - least + 1 }, (_, index) => {
    return { at: (least + index) / 10, text: `${10 * (least + index)}%` };
  });
  const lines = curves.map(({ name, points }, index) => {
    return { name, series: SERIES[index]!, points: [...points] };
  });
  return standalone(chartOf({ title: label, label, xName, xTexts, yTexts, reversed: false, lines }));
}

/** A run's map of drops: the round in which each unit was dropped, or null where it stayed. */
export interface DropMap {
  readonly name: string;
  readonly rounds: readonly (number | null)[];
}

const [CELL, ROW, NAMES] = [16, 22, 250];

/** One row per run and one cell per unit: the darker, the earlier the unit was dropped; kept units are green. */
export function dropsChart(label: string, maps: readonly DropMap[]): string {
  const units = Math.max(...maps.map(({ rounds }) => rounds.length));
  const last = Math.max(1, ...maps.flatMap(({ rounds }) => rounds.map((round) => round ?? 0)));
  const [width, height] = [NAMES + units * CELL + 8, (maps.length + 1) * ROW];
  const heads = Array.from({ length: units }, (_, unit) => {
    const x = NAMES + unit * CELL + CELL / 2;
    return unit % 5 === 0 ? `<text x="${x}" y="14" text-anchor="middle">${unit}</text>` : "";
  });
  const rows = maps.map(({ name, rounds }, row) => {
    const y = (row + 1) * ROW;
    const cells = rounds.map((round, unit) => {
      const fill = round === null ? "#2d6a48" : `hsl(24 45% ${35 + Math.round((50 * round) / last)}%)`;
      const told = round === null ? "kept" : `dropped in round ${round}`;
      const [x, side] = [NAMES + unit * CELL, CELL - 2];
      return `<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="${fill}"><title>${unit}: ${told}</title></rect>`;
    });
    return `<text x="${NAMES - 8}" y="${y + 12}" text-anchor="end">${escaped(name)}</text>${cells.join("")}`;
  });
  return standalone(
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">${heads.join("")}${rows.join("")}</svg>`,
  );
}
