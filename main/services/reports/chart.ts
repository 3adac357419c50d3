/** A chart as SVG: lines through points, intervals as strokes, and a legend below. */
import type { ReportChart } from "../../../preload/contract/calls/compare.ts";
import { pointShapes } from "../../../preload/contract/results/series.ts";
import type { Series } from "../../../preload/contract/results/series.ts";
import { escaped } from "./escaped.ts";

/** The colours of models on paper, from the window's light theme. */
const colours: Record<Series, string> = {
  original: "#74786f",
  tuned: "#3a6c97",
  control: "#5b4bb0",
  trimmed: "#2d6a48",
  b: "#9b5522",
  c: "#7b4a86",
  d: "#0e7a7d",
};

const [WIDTH, HEIGHT] = [720, 300];
const edge = { left: 56, right: 12, top: 12, bottom: 44 };
const LEGEND_ROW = 18;

export function chartOf({ label, xName, xTexts, yTexts, reversed, lines }: ReportChart): string {
  const points = lines.flatMap((line) => line.points);
  const across = spanOf([...points.map(({ x }) => x), ...xTexts.map(({ at }) => at)]);
  const up = spanOf([
    ...points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]),
    ...yTexts.map(({ at }) => at),
  ]);
  const share = (value: number, [from, to]: readonly [number, number]) => (value - from) / (to - from);
  const xAt = (value: number) => {
    const along = reversed ? 1 - share(value, across) : share(value, across);
    return round(edge.left + along * (WIDTH - edge.left - edge.right));
  };
  const yAt = (value: number) =>
    round(HEIGHT - edge.bottom - share(value, up) * (HEIGHT - edge.top - edge.bottom));

  const grid = yTexts.map(
    ({ at, text }) =>
      `<path d="M${edge.left} ${yAt(at)}H${WIDTH - edge.right}" stroke="#e3e4de"/>` +
      `<text x="${edge.left - 8}" y="${yAt(at) + 4}" text-anchor="end">${escaped(text)}</text>`,
  );
  const ticks = xTexts.map(
    ({ at, text }) =>
      `<text x="${xAt(at)}" y="${HEIGHT - edge.bottom + 18}" text-anchor="middle">${escaped(text)}</text>`,
  );
  const drawn = lines.map(({ series, points: own }) => {
    const colour = colours[series];
    const line = own.map(({ x, y }) => `${xAt(x)} ${yAt(y)}`).join("L");
    const intervals = own.flatMap(({ x, low, high }) =>
      low === null || high === null ? [] : [`M${xAt(x)} ${yAt(low)}V${yAt(high)}`],
    );
    const dots = own.map(({ x, y }) => pointAt(xAt(x), yAt(y), series));
    return (
      `<g stroke="${colour}" fill="none"><path d="M${line}" stroke-width="2"/>` +
      `<path d="${intervals.join("")}"/></g>${dots.join("")}`
    );
  });
  const legend = lines.map(
    ({ name, series }, index) =>
      pointAt(edge.left + 5, HEIGHT + index * LEGEND_ROW + 5, series) +
      `<text x="${edge.left + 18}" y="${HEIGHT + index * LEGEND_ROW + 10}">${escaped(name)}</text>`,
  );
  const middle = (edge.left + WIDTH - edge.right) / 2;
  return (
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT + lines.length * LEGEND_ROW + 4}" role="img" aria-label="${escaped(label)}">` +
    grid.join("") +
    ticks.join("") +
    `<text x="${middle}" y="${HEIGHT - 6}" text-anchor="middle">${escaped(xName)}</text>` +
    drawn.join("") +
    legend.join("") +
    "</svg>"
  );
}

function pointAt(x: number, y: number, series: Series): string {
  return `<path transform="translate(${x} ${y}) scale(4.5)" d="${pointShapes[series]}" fill="${colours[series]}"/>`;
}

/** The span of an axis: slightly wider than the values, so that no point is on the edge. */
function spanOf(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) return [0, 1];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = (high - low) * 0.04 || Math.abs(high) * 0.1 || 1;
  return [low - room, high + room];
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}
