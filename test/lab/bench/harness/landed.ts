/** Results in test/lab/results/benchmarks. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import type { Row } from "./benchmark.ts";
import type { Machine } from "./machine.ts";

/** The result of a benchmark. */
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

/** The latest result, and the latest of each other processor: the instruction set matters more than a code change. */
export interface Landed extends Result {
  readonly elsewhere: readonly Result[];
}

/** Stores a result in a folder. If only some rows were requested, the others stay as they were. */
export async function land(folder: string, result: Result, part: boolean): Promise<void> {
  const file = join(folder, `${result.name}.json`);
  const all = everyProcessor(readLanded(folder, result.name));
  const isHere = ({ machine }: Result) => machine.processor === result.machine.processor;
  const old = all.find(isHere);
  const landed: Landed = {
    ...result,
    rows: old && part ? mergeRows(old.rows, result.rows) : result.rows,
    elsewhere: all.filter((measured) => !isHere(measured)),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, await pretty(JSON.stringify(landed), file));
}

function everyProcessor(landed: Landed | null): Result[] {
  if (!landed) return [];
  const { elsewhere, ...last } = landed;
  return [last, ...elsewhere];
}

/** The landed result of a benchmark; null before the first time. */
export function readLanded(folder: string, name: string): Landed | null {
  const path = join(folder, `${name}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Landed) : null;
}

function mergeRows(before: readonly Row[], now: readonly Row[]): Row[] {
  const fresh = new Map(now.map((row) => [row.name, row]));
  const kept = before.map((row) => fresh.get(row.name) ?? row);
  return [...kept, ...now.filter(({ name }) => !before.some((row) => row.name === name))];
}

/** Formatted by the repository's formatter. */
export async function pretty(content: string, filepath: string): Promise<string> {
  return format(content, { ...(await resolveConfig(filepath)), filepath });
}
