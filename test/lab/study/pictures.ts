/** The pictures of docs/quality.md. */
import { chartOf } from "../../../main/services/reports/chart.ts";
import type { ReportChart } from "../../../preload/contract/calls/compare.ts";

type Line = ReportChart["lines"][number];
type Point = Line["points"][number];

/** The colours for recipes, in the order of their table. */
const SERIES: readonly Line["series"][] = ["trimmed", "control", "b", "c", "d", "tuned", "original"];

interface Curve {
  readonly name: string;
  readonly points: readonly Point[];
}

interface SharesChart {
  readonly label: string;
  readonly xName: string;
  readonly xTexts: ReportChart["xTexts"];
  /** At most one for each colour. */
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

/** A chart as a file of its own, with a paper background. */
function standalone(svg: string): string {
  const style = "<style>text{font:12px sans-serif;fill:#3c403a}</style>";
  return svg
    .replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replace(/^(<svg[^>]*>)/, `$1${style}<rect width="100%" height="100%" fill="#fff"/>`);
}
