/**
 * docs/benchmarks.md, generated from the results landed next to it: a table of targets and results, and a section for each
 * benchmark, all between markers. The rest of the page is written by hand and stays.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { figureOf, reaches } from "./benchmark.ts";
import type { Benchmark, Row, Target, Unit } from "./benchmark.ts";
import { format, goalOf, markdownTable, measureOf } from "./figures.ts";
import { pretty, readLanded } from "./landed.ts";
import type { Landed, Measured } from "./landed.ts";
import { machineSentence } from "./machine.ts";
import { targetsAndResults } from "./targets.ts";

/** The marker of the table of targets. */
const TARGETS = "targets";
const NEW_PAGE = `# Benchmarks

Every figure, with the command that measures it. The two sides of a ratio ran alternately on the same machine. The latest result of each
processor is shown, because its instruction set matters more than anything else here.

<!-- bench:${TARGETS} -->
<!-- /bench:${TARGETS} -->
`;
/** A figure that changed by less than this share counts as unchanged. */
const NOTEWORTHY = 0.02;

/** Writes the page and its pictures. */
export async function writePage(docs: string, benchmarks: readonly Benchmark[]): Promise<void> {
  const { path, text, pictures } = await renderPage(docs, benchmarks);
  for (const { file, svg } of pictures) writeFileSync(file, svg);
  writeFileSync(path, text);
}

/** The page and its pictures, generated from the landed results. */
export async function renderPage(docs: string, benchmarks: readonly Benchmark[]) {
  const path = join(docs, "benchmarks.md");
  const all = benchmarks.map((benchmark) => ({ benchmark, landed: readLanded(docs, benchmark.name) }));
  const found = all.flatMap(({ benchmark, landed }) => (landed ? [{ benchmark, landed }] : []));
  const targets = all.map(({ benchmark, landed }) => ({
    benchmark,
    rows: landed?.rows ?? null,
    elsewhere: landed?.elsewhere.map(({ rows }) => rows) ?? [],
  }));
  const page = existsSync(path) ? readFileSync(path, "utf8") : NEW_PAGE;
  const rendered = found.reduce(
    (text, { benchmark, landed }) => replaceSection(text, benchmark.name, section(benchmark, landed)),
    replaceSection(page, TARGETS, targetsAndResults(targets)),
  );
  const pictures = found.flatMap(({ benchmark, landed }) =>
    (benchmark.pictures?.(landed.rows) ?? []).map(({ name, svg }) => {
      return { file: join(docs, "benchmarks", `${benchmark.name}-${name}.svg`), svg: `${svg}\n` };
    }),
  );
  const names = found.map(({ benchmark }) => benchmark.name);
  return { path, text: await pretty(sorted(rendered, names), path), pictures };
}

/** The section of one benchmark: heading, table, targets, command, machine; tables of other processors. */
function section(benchmark: Benchmark, result: Landed): string {
  return [
    `## ${benchmark.name}`,
    "",
    benchmark.measures,
    "",
    table(benchmark, result.rows, result.before),
    "",
    ...notes(result.rows),
    ...(benchmark.pictures?.(result.rows) ?? []).map(
      ({ name, label }) => `![${label}](benchmarks/${benchmark.name}-${name}.svg)`,
    ),
    ...(benchmark.pictures ? [""] : []),
    ...benchmark.targets.map((target) => targetLine(benchmark, target, result.rows)),
    ...(benchmark.targets.length > 0 ? [""] : []),
    `\`${result.command}\``,
    "",
    circumstances(result),
    ...result.elsewhere.flatMap((other) => [
      "",
      "On another processor:",
      "",
      table(benchmark, other.rows, other.before),
      "",
      ...notes(other.rows),
      circumstances(other),
    ]),
  ].join("\n");
}

/** The notes of rows under their table; rows with the same note share a line. */
export function notes(rows: readonly Row[]): string[] {
  const rowsOf = new Map<string, string[]>();
  for (const { name, note } of rows) if (note) rowsOf.set(note, [...(rowsOf.get(note) ?? []), name]);
  const lines = [...rowsOf].map(([note, names]) => `- ${names.join("; ")}: ${note}`);
  return lines.length > 0 ? [...lines, ""] : [];
}

/** When, how often, on which machine and against which programs a result was measured. */
function circumstances({ date, rounds, threads, machine, against }: Measured): string {
  const others = Object.entries(against).map(([program, version]) => `${program} ${version}`);
  const versions = others.length > 0 ? `; ${others.join(", ")}` : "";
  const times = rounds === 1 ? "one round" : `medians of ${rounds} rounds`;
  return `${date}, ${times}, ${threads} ${threads === 1 ? "thread" : "threads"}. ${machineSentence(machine)}${versions}.`;
}

/** A Markdown table of rows, with the previous figures of `before` where they changed. */
export function table(benchmark: Benchmark, rows: readonly Row[], before: readonly Row[]): string {
  const cell = (row: Row, key: string, unit: Unit) => {
    const figure = row.figures[key] ?? null;
    const old = before.find(({ name }) => name === row.name)?.figures[key] ?? null;
    if (figure === null || old === null || Math.abs(figure - old) <= NOTEWORTHY * Math.abs(old))
      return format(figure, unit);
    return `${format(figure, unit)} (was ${format(old, unit)})`;
  };
  return markdownTable(
    ["", ...benchmark.columns.map(({ title }) => title)],
    rows.map((row) => [
      row.name,
      ...benchmark.columns.map(({ key, unit }) => cell(row, key, unit ?? row.unit ?? "number")),
    ]),
  );
}

/** A target as a sentence: the goal, the figure, whether it was reached. */
export function targetLine(benchmark: Benchmark, target: Target, rows: readonly Row[]): string {
  const { title, unit } = measureOf(benchmark, target, rows);
  const reached = reaches(target, rows);
  const verdict =
    reached === null
      ? "not measured"
      : `${format(figureOf(target, rows), unit)}, ${reached ? "reached" : "**missed**"}`;
  return `- ${target.row}, ${title}: target ${goalOf(target, unit)}; ${verdict}`;
}

/** The page with the sections of these benchmarks in this order, in the places where sections of them stand. */
function sorted(page: string, names: readonly string[]): string {
  const marked = /<!-- bench:(.+?) -->.*?<!-- \/bench:\1 -->/gs;
  const sections = new Map([...page.matchAll(marked)].map(([section, name]) => [name!, section]));
  const next = names.values();
  return page.replace(marked, (section, name: string) =>
    names.includes(name) ? sections.get(next.next().value!)! : section,
  );
}

/** Replaces the text between a benchmark's markers, or adds a section at the end; the rest of the page stays. */
export function replaceSection(page: string, name: string, text: string): string {
  const [open, close] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [start, end] = [page.indexOf(open), page.indexOf(close)];
  const block = `${open}\n${text}\n${close}`;
  if (start < 0 !== end < 0 || end < start)
    throw new Error(`docs/benchmarks.md has only one of the markers of ${name}.`);
  if (start < 0) return `${page.trimEnd()}\n\n${block}\n`;
  return page.slice(0, start) + block + page.slice(end + close.length);
}
