/** A benchmark: a question, columns with units, and a function that measures the rows. */

export type Unit =
  | "tokens/s"
  | "documents/s"
  | "ms"
  | "seconds"
  | "bytes"
  | "bytes/s"
  | "ratio"
  | "share"
  | "error"
  | "number";

export interface Column {
  readonly key: string;
  readonly title: string;
  /** Absent: each row has its own unit. */
  readonly unit?: Unit;
}

/** A row's figures by column key; null where a side was not measured. */
export interface Row {
  readonly name: string;
  /** The unit of figures in columns without one. */
  readonly unit?: Unit;
  readonly figures: Readonly<Record<string, number | null>>;
  /** A note under the table: the other side's build and settings, and the limits that were measured with it. */
  readonly note?: string;
}

/** A figure that a row must reach. */
export interface Target {
  readonly row: string;
  readonly column: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface Benchmark {
  readonly name: string;
  /** One or two sentences: what is measured, on what, and how both sides were run. */
  readonly measures: string;
  readonly columns: readonly Column[];
  readonly targets: readonly Target[];
  /** Whether its figures need an otherwise idle machine; they are not landed from a busy one. */
  readonly timed: boolean;
  /** How often it measures by default; 5 if absent. */
  readonly rounds?: number;
  /** Measures. Rows that `context.wants` refuses are left out. */
  run(context: Context): Promise<Row[]>;
}

/** `small` is a trial of the same job on fewer rows; its figures are not landed. */
export const SIZES = ["small", "whole"] as const;
export type Size = (typeof SIZES)[number];

/** The options of the command line, and the functions with which a benchmark reports. */
export interface Context {
  readonly rounds: number;
  readonly threads: number;
  /** The size of a long job. */
  readonly size: Size;
  /** Whether Coppice's side runs: false with --reference-only. */
  readonly ours: boolean;
  /** Whether a row is requested (--only TEXT: rows whose name contains it). */
  wants(row: string): boolean;
  /** Prints a line of progress. */
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

/** The figure that a target refers to, or null. */
export function figureOf(target: Target, rows: readonly Row[]): number | null {
  return rows.find(({ name }) => name === target.row)?.figures[target.column] ?? null;
}
