/** Figures formatted for people. */
import type { Benchmark, Row, Target, Unit } from "./benchmark.ts";

/** A Markdown table whose first column is text and whose others are figures. */
export function markdownTable(heads: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(heads),
    line(heads.map((_, index) => (index === 0 ? "---" : "---:"))),
    ...lines.map(line),
  ].join("\n");
}

/** The measure of a target: its column's title and unit. */
export function measureOf({ columns }: Benchmark, { row, column }: Target, rows: readonly Row[]) {
  const { title, unit } = columns.find(({ key }) => key === column)!;
  return { title, unit: unit ?? rows.find(({ name }) => name === row)?.unit ?? "number" };
}

/** "≥ 1.50 × and ≤ 2.00 ×" */
export function goalOf({ atLeast, atMost }: Target, unit: Unit): string {
  return Object.entries({ "≥": atLeast, "≤": atMost })
    .flatMap(([sign, bound]) => (bound === undefined ? [] : `${sign} ${format(bound, unit)}`))
    .join(" and ");
}

/** A figure formatted for people. */
export function format(figure: number | null, unit: Unit): string {
  if (figure === null) return "–";
  switch (unit) {
    case "tokens/s":
    case "documents/s":
      return short(figure);
    case "ms":
      return `${short(figure)} ms`;
    case "seconds":
      return `${short(figure)} s`;
    case "bytes":
      return `${(figure / 1e9).toFixed(2)} GB`;
    case "bytes/s":
      return `${short(figure / 1e6)} MB/s`;
    case "ratio":
      return `${figure.toFixed(2)} ×`;
    case "share":
      return `${(100 * figure).toFixed(1)}%`;
    case "error":
      return figure === 0 ? "0" : figure.toExponential(1);
    case "number":
      return String(Number(figure.toPrecision(6)));
  }
}

const short = (figure: number) => figure.toFixed(figure >= 100 ? 0 : 1);
