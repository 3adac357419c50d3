/** Puts results into docs/benchmarks.md, each between its own markers, and beside it as JSON, so that the next run can tell the change. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format as prettify, resolveConfig } from "prettier";
import { figureOf, reaches } from "./benchmark.ts";
import type { Benchmark, Row, Target, Unit } from "./benchmark.ts";
import { machineSentence } from "./machine.ts";
import type { Machine } from "./machine.ts";

const TITLE =
  "# Benchmarks\n\nEvery figure, with the command that gives it. Sides of a ratio ran in turn on the same machine.\n";
/** A figure that moved less than this share is not called changed. */
const NOTEWORTHY = 0.02;

/** A landed result, as in docs/benchmarks/NAME.json. */
export interface Result {
  readonly name: string;
  readonly command: string;
  readonly date: string;
  readonly machine: Machine;
  readonly against: Readonly<Record<string, unknown>>;
  readonly rounds: number;
  readonly threads: number;
  readonly rows: readonly Row[];
}

/** Writes a result into a docs folder; rows that this run left out stay as they were. */
export async function land(docs: string, benchmark: Benchmark, result: Result): Promise<void> {
  const folder = join(docs, "benchmarks");
  const file = join(folder, `${benchmark.name}.json`);
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Result) : null;
  const page = join(docs, "benchmarks.md");
  const merged = { ...result, rows: mergeRows(before?.rows ?? [], result.rows) };
  const text = existsSync(page) ? readFileSync(page, "utf8") : TITLE;
  mkdirSync(folder, { recursive: true });
  const settings = await resolveConfig(page);
  const pretty = (content: string, filepath: string) => prettify(content, { ...settings, filepath });
  const markdown = await pretty(
    replaceSection(text, benchmark.name, section(benchmark, merged, before)),
    page,
  );
  const json = await pretty(JSON.stringify(merged), file);
  for (const { name, svg } of benchmark.pictures?.(merged.rows) ?? [])
    writeFileSync(join(folder, `${benchmark.name}-${name}.svg`), `${svg}\n`);
  writeFileSync(page, markdown);
  writeFileSync(file, json);
}

/** The section of one benchmark: heading, table, targets, command, machine. */
export function section(benchmark: Benchmark, result: Result, before: Result | null): string {
  const others = Object.entries(result.against).map(([program, version]) => `${program} ${version}`);
  const versions = others.length > 0 ? `; ${others.join(", ")}` : "";
  return [
    `## ${benchmark.name}`,
    "",
    benchmark.measures,
    "",
    table(benchmark, result.rows, before?.rows ?? []),
    "",
    ...(benchmark.pictures?.(result.rows) ?? []).map(
      ({ name, label }) => `![${label}](benchmarks/${benchmark.name}-${name}.svg)`,
    ),
    ...(benchmark.pictures ? [""] : []),
    ...benchmark.targets.map((target) => targetLine(benchmark, target, result.rows)),
    ...(benchmark.targets.length > 0 ? [""] : []),
    `\`${result.command}\``,
    "",
    `${result.date}, medians of ${result.rounds} rounds, ${result.threads} threads. ${machineSentence(result.machine)}${versions}.`,
  ].join("\n");
}

/** A Markdown table of rows, with what a figure was in `before` where it moved. */
export function table(benchmark: Benchmark, rows: readonly Row[], before: readonly Row[]): string {
  const cell = (row: Row, key: string, unit: Unit) => {
    const figure = row.figures[key] ?? null;
    const old = before.find(({ name }) => name === row.name)?.figures[key] ?? null;
    if (figure === null || old === null || Math.abs(figure - old) <= NOTEWORTHY * Math.abs(old))
      return format(figure, unit);
    return `${format(figure, unit)} (was ${format(old, unit)})`;
  };
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(["", ...benchmark.columns.map(({ title }) => title)]),
    line(["---", ...benchmark.columns.map(() => "---:")]),
    ...rows.map((row) => line([row.name, ...benchmark.columns.map(({ key, unit }) => cell(row, key, unit))])),
  ].join("\n");
}

/** A target as a sentence: the goal, the figure, whether it is reached. */
export function targetLine(benchmark: Benchmark, target: Target, rows: readonly Row[]): string {
  const { title, unit } = benchmark.columns.find(({ key }) => key === target.column)!;
  const bounds = { "≥": target.atLeast, "≤": target.atMost };
  const goal = Object.entries(bounds)
    .flatMap(([sign, bound]) => (bound === undefined ? [] : `${sign} ${format(bound, unit)}`))
    .join(" and ");
  const reached = reaches(target, rows);
  const verdict =
    reached === null
      ? "not measured"
      : `${format(figureOf(target, rows), unit)}, ${reached ? "reached" : "**missed**"}`;
  return `- ${target.row}, ${title}: wanted ${goal}; ${verdict}`;
}

/** Replaces what stands between a benchmark's markers, or adds it at the end; the rest of the page stays. */
export function replaceSection(page: string, name: string, text: string): string {
  const [open, close] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [start, end] = [page.indexOf(open), page.indexOf(close)];
  const block = `${open}\n${text}\n${close}`;
  if (start < 0 !== end < 0 || end < start)
    throw new Error(`docs/benchmarks.md has only one of the markers of ${name}.`);
  if (start < 0) return `${page.trimEnd()}\n\n${block}\n`;
  return page.slice(0, start) + block + page.slice(end + close.length);
}

function mergeRows(before: readonly Row[], now: readonly Row[]): Row[] {
  const fresh = new Map(now.map((row) => [row.name, row]));
  const kept = before.map((row) => fresh.get(row.name) ?? row);
  return [...kept, ...now.filter(({ name }) => !before.some((row) => row.name === name))];
}

/** A figure as people read it. */
export function format(figure: number | null, unit: Unit): string {
  if (figure === null) return "–";
  switch (unit) {
    case "tokens/s":
    case "ms":
      return figure >= 100 ? figure.toFixed(0) : figure.toFixed(1);
    case "bytes":
      return `${(figure / 1e9).toFixed(2)} GB`;
    case "ratio":
      return `${figure.toFixed(2)} ×`;
    case "error":
      return figure === 0 ? "0" : figure.toExponential(1);
    case "number":
      return String(Number(figure.toPrecision(6)));
  }
}
