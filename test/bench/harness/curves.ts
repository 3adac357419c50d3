/** Charts of figures over the varied size. */
import { chartOf } from "../../../main/services/reports/chart.ts";
import type { Column, Picture, Row, Unit } from "./benchmark.ts";

/** A row of a sweep: the varied size and its value. */
export interface CurvePoint {
  readonly name: string;
  readonly sweep: string;
  readonly at: number;
}

/** A chart for each sweep and column that has at least two figures; the varied size is on a logarithmic axis. */
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
  const ticks = roundNumbers(Math.max(...points.map(({ y }) => y)));
  const svg = chartOf({
    title: label,
    label,
    xName: sweep,
    xTexts: points.map(({ at, x }) => ({ at: x, text: String(at) })),
    yTexts: ticks.map((at) => ({ at, text: tick(at, unit) })),
    reversed: false,
    lines: [{ name: title, series: "trimmed", points: [...points] }],
  });
  return { name: `${sweep}-${key}`.replaceAll(" ", "-"), label, svg: standalone(svg) };
}

/** 0 and up to `MOST_TICKS` multiples of 1, 2 or 5 times a power of ten, none above `most`. */
export function roundNumbers(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(most / MOST_TICKS));
  const step = [1, 2, 5, 10].map((times) => times * power).find((wide) => most / wide < MOST_TICKS + 1)!;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
}

const MOST_TICKS = 4;

/** A round number, in short form. */
function tick(at: number, unit: Unit): string {
  return unit === "bytes" ? `${Number((at / 1e9).toPrecision(3))} GB` : String(Number(at.toPrecision(3)));
}

/** A chart as a file of its own, with a paper background. */
export function standalone(svg: string): string {
  const style = "<style>text{font:12px sans-serif;fill:#3c403a}</style>";
  return svg
    .replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replace(/^(<svg[^>]*>)/, `$1${style}<rect width="100%" height="100%" fill="#fff"/>`);
}
