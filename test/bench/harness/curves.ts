/** Figures over what was varied, as pictures. */
import { chartOf } from "../../../main/services/reports/chart.ts";
import type { Column, Picture, Row } from "./benchmark.ts";
import { format } from "./figures.ts";

/** A row of a sweep: what was varied, and how far. */
export interface CurvePoint {
  readonly name: string;
  readonly sweep: string;
  readonly at: number;
}

/** A picture for each sweep and column that has at least two figures; what was varied is drawn by its logarithm. */
export function curves(
  points: readonly CurvePoint[],
  columns: readonly Column[],
  rows: readonly Row[],
): Picture[] {
  const sweeps = [...new Set(points.map(({ sweep }) => sweep))];
  return sweeps.flatMap((sweep) =>
    columns.flatMap((column) => {
      const drawn = points.flatMap(({ name, sweep: own, at }) => {
        const y = own === sweep ? rows.find((row) => row.name === name)?.figures[column.key] : null;
        return y === null || y === undefined ? [] : [{ at, x: Math.log2(at), y, low: null, high: null }];
      });
      return drawn.length < 2 ? [] : [curve(sweep, column, drawn)];
    }),
  );
}

type Drawn = { at: number; x: number; y: number; low: null; high: null };

function curve(sweep: string, { key, title, unit = "number" }: Column, points: readonly Drawn[]): Picture {
  const label = `${title} by ${sweep}`;
  const most = Math.max(...points.map(({ y }) => y));
  const svg = chartOf({
    title: label,
    label,
    xName: sweep,
    xTexts: points.map(({ at, x }) => ({ at: x, text: String(at) })),
    yTexts: [0, most / 2, most].map((at) => ({ at, text: format(at, unit) })),
    reversed: false,
    lines: [{ name: title, series: "trimmed", points: [...points] }],
  });
  return { name: `${sweep}-${key}`.replaceAll(" ", "-"), label, svg: alone(svg) };
}

/** As a file of its own, on paper. */
function alone(svg: string): string {
  const style = "<style>text{font:12px sans-serif;fill:#3c403a}</style>";
  return svg
    .replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" style="background:#fff" ')
    .replace(/^(<svg[^>]*>)/, `$1${style}`);
}
