/** docs/benchmarks.md: a line for each figure that decides, from the landed results. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { figureOf, reaches } from "./benchmark.ts";
import type { Benchmark, Row, Target } from "./benchmark.ts";
import { format, goalOf, markdownTable, measureOf } from "./figures.ts";
import { pretty, readLanded } from "./landed.ts";
import type { Landed, Result } from "./landed.ts";

/** The benchmark, its rows on the page, and the columns of our figure, the other's, their ratio and the machine's limit. */
type Line = readonly [
  name: string,
  rows: RegExp,
  ours: string,
  theirs?: string,
  ratio?: string,
  limit?: string,
];

const COMPARED = ["ours", "theirs", "ratio", "limit"] as const;
const STEP = ["coppiceTokensPerSecond", "theirTokensPerSecond", "speedRatio", "limit"] as const;
const LINES: readonly Line[] = [
  ["whole-job", /^(the whole job|peak memory|accuracy)/, ...COMPARED],
  ["default-job", /^(?!.*half of)/, "seconds"],
  ["default-job", /^(?!.*half of)/, "half"],
  ["training-step", /^(?!.*PEFT)/, ...STEP],
  [
    "training-step",
    /^(?!w8a8).*PyTorch fp32(, checkpointing)?$/,
    "coppicePeakBytes",
    "theirPeakBytes",
    "memoryRatio",
  ],
  ["given-training", /./, ...STEP],
  ["gain", /./, "halved", "whole", "measured"],
  ["decode", /^(?!transformers|.*all, int8)/, ...COMPARED],
  ["prompt", /^llama/, ...COMPARED],
  ["long-chat", /./, ...COMPARED],
  ["lookup", /quoting$|temperature 1$/, "drafting", "without", "speedUp"],
  ["server", /at once$/, "ours", "theirs", "ratio"],
  ["server", /at once$/, "share"],
  ["server", /requests$/, "lost"],
  ["server", /2 × .*serve$/, "answered"],
  ["scheduling", /200 at once; (Coppice|eviction$)/, "chatLate"],
  ["given-models", /./, ...COMPARED],
  ["three-billion", /./, ...COMPARED],
  ["given-answers", /./, "ours", "theirs", "ratio"],
  ["first-token", /./, ...COMPARED],
  ["first-word", /./, "ms"],
  ["trimmed", /^half.*Q8_0$/, ...COMPARED],
  ["large-models", /^(?!.*(Qwen|streamed))/, "tokensPerSecond"],
  ["large-models", /^(?!.*(Qwen|streamed))/, "peakBytes"],
  ["memory", /^(train|chat) 0\.5 B(, f32)?$/, "peakBytes", "estimatedBytes", "ratio"],
  ["logits", /135M/, "worst"],
  ["gradients", /135M, LoRA/, "worst"],
  ["scan", /./, "share"],
  ["read-data", /./, "read"],
  ["read-data", /GB/, "readBytes"],
  ["window", /./, "ms"],
];

export async function writePage(
  docs: string,
  results: string,
  benchmarks: readonly Benchmark[],
): Promise<void> {
  const path = join(docs, "benchmarks.md");
  const lines = LINES.flatMap((line) => {
    const benchmark = benchmarks.find(({ name }) => name === line[0]);
    const landed = readLanded(results, line[0]);
    return benchmark && landed ? landed.rows.flatMap((row) => lineOf(benchmark, landed, line, row)) : [];
  });
  const heads = ["", "Coppice", "other", "ratio (target)", "limit", "other processors", "processor, date"];
  const [byHand] = (existsSync(path) ? readFileSync(path, "utf8") : "# Benchmarks").split(START);
  const text = `${byHand!.trim()}\n\n${START}\n${markdownTable(heads, lines)}\n`;
  writeFileSync(path, await pretty(text, path));
}

/** Stands before the table; what is above it is written by hand. */
const START = "<!-- prettier-ignore -->";

function lineOf(
  benchmark: Benchmark,
  landed: Landed,
  [name, rows, ours, theirs, ratio, limit]: Line,
  row: Row,
): string[][] {
  const figure = (column: string | undefined, of: Row = row): string => {
    const value = (column && of.figures[column]) ?? null;
    if (column === undefined || typeof value !== "number") return "";
    return format(value, measureOf(benchmark, { row: of.name, column }, [of]).unit);
  };
  if (!rows.test(row.name) || figure(ours) === "") return [];
  const deciding = ratio ?? ours;
  const target = benchmark.targets.find((one) => one.row === row.name && one.column === deciding);
  const missed = target && reaches(target, landed.rows) === false ? ", **missed**" : "";
  const goal = target ? ` (${goalOf(target, measureOf(benchmark, target, landed.rows).unit)}${missed})` : "";
  const others = landed.elsewhere.flatMap((other) => {
    const same = other.rows.find((one) => one.name === row.name);
    return (same && figure(deciding, same)) || [];
  });
  const { title } = measureOf(benchmark, { row: row.name, column: ours }, [row]);
  const cells = [`${name}: ${row.name}; ${title.replace("Coppice, ", "")}`, figure(ours), figure(theirs)];
  return [[...cells, `${figure(ratio)}${goal}`.trim(), figure(limit), others.join(", "), measuredOn(landed)]];
}

/** "EPYC AVX2, 11-27" */
function measuredOn({ machine: { processor, extensions }, date }: Result): string {
  const kernels = { amx_int8: "AMX", avx512f: "AVX-512", avx2: "AVX2" };
  const [best] = Object.entries(kernels).flatMap(([name, text]) => (extensions.includes(name) ? text : []));
  return `${/EPYC|Xeon/.exec(processor)?.[0] ?? processor} ${best ?? ""}, ${date.slice(5)}`;
}

/** A Markdown table of rows. */
export function table(benchmark: Benchmark, rows: readonly Row[]): string {
  return markdownTable(
    ["", ...benchmark.columns.map(({ title }) => title)],
    rows.map((row) => [
      row.name,
      ...benchmark.columns.map(({ key, unit }) =>
        format(row.figures[key] ?? null, unit ?? row.unit ?? "number"),
      ),
    ]),
  );
}

/** The notes of rows under their table; rows with the same note share a line. */
export function notes(rows: readonly Row[]): string[] {
  const rowsOf = new Map<string, string[]>();
  for (const { name, note } of rows) if (note) rowsOf.set(note, [...(rowsOf.get(note) ?? []), name]);
  return [...rowsOf].map(([note, names]) => `- ${names.join("; ")}: ${note}`);
}

/** A target as a sentence: the goal, the figure, whether it was reached. */
export function targetLine(benchmark: Benchmark, target: Target, rows: readonly Row[]): string {
  const { title, unit } = measureOf(benchmark, target, rows);
  const verdict = reaches(target, rows) ? "reached" : "**missed**";
  return `- ${target.row}, ${title}: target ${goalOf(target, unit)}; ${format(figureOf(target, rows), unit)}, ${verdict}`;
}
