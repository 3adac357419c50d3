/** What a benchmark is: a question, columns with units, and a way to fill rows of figures. */

export type Unit = "tokens/s" | "ms" | "seconds" | "bytes" | "ratio" | "share" | "error" | "number";

export interface Column {
  readonly key: string;
  readonly title: string;
  /** Absent: each row has its own. */
  readonly unit?: Unit;
}

/** A row's figures by column key; null where a side was not measured. */
export interface Row {
  readonly name: string;
  /** Of the figures in columns that have none. */
  readonly unit?: Unit;
  readonly figures: Readonly<Record<string, number | null>>;
}

/** A figure that a row must reach. */
export interface Target {
  readonly row: string;
  readonly column: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** An SVG file beside the table: docs/benchmarks/BENCHMARK-NAME.svg. */
export interface Picture {
  readonly name: string;
  readonly label: string;
  readonly svg: string;
}

export interface Benchmark {
  readonly name: string;
  /** One or two sentences for docs/benchmarks.md: what is measured, on what, and how both sides were run. */
  readonly measures: string;
  readonly columns: readonly Column[];
  readonly targets: readonly Target[];
  /** Whether its figures depend on the machine being left alone; then they aren't landed from a busy one. */
  readonly timed: boolean;
  /** How often it measures unless told otherwise; 5 where absent. */
  readonly rounds?: number;
  /** Pictures of the rows. */
  pictures?(rows: readonly Row[]): Picture[];
  /** Measures. Rows that `context.wants` refuses are left out. */
  run(context: Context): Promise<Row[]>;
}

/** `small` is a try-out of the same job on fewer rows, whose figures are not landed. */
export const SIZES = ["small", "whole"] as const;
export type Size = (typeof SIZES)[number];

/** What the command line asked for, and what a benchmark tells of itself while it runs. */
export interface Context {
  readonly rounds: number;
  readonly threads: number;
  /** How much of a long job is done. */
  readonly size: Size;
  /** Whether Coppice's side runs: false with --reference-only. */
  readonly ours: boolean;
  /** Whether a row is asked for (--only TEXT: rows whose name holds it). */
  wants(row: string): boolean;
  /** A plain line of progress. */
  say(line: string): void;
  /** Notes the version of a program that figures are compared with. */
  against(program: string, version: unknown): void;
}

/** Whether a figure of these rows reaches the target; null if it was not measured. */
export function reaches(target: Target, rows: readonly Row[]): boolean | null {
  const figure = figureOf(target, rows);
  if (figure === null) return null;
  return figure >= (target.atLeast ?? -Infinity) && figure <= (target.atMost ?? Infinity);
}

/** The figure that a target speaks of, or null. */
export function figureOf(target: Target, rows: readonly Row[]): number | null {
  return rows.find(({ name }) => name === target.row)?.figures[target.column] ?? null;
}
