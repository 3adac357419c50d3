/** Results stored next to docs/benchmarks.md, so that the next run can report changes. */
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

/** A result as in docs/benchmarks/NAME.json, with the previous figures of its rows on the same processor. */
export interface Measured extends Result {
  readonly before: readonly Row[];
}

/** The latest result, and the latest of each other processor: the instruction set matters more than a code change. */
export interface Landed extends Measured {
  readonly elsewhere: readonly Measured[];
}

/** Stores a result in a docs folder. If only some rows were requested, the others stay as they were. */
export async function land(docs: string, result: Result, part: boolean): Promise<void> {
  const file = landedPath(docs, result.name);
  const all = everyProcessor(readLanded(docs, result.name));
  const isHere = ({ machine }: Result) => machine.processor === result.machine.processor;
  const old = all.find(isHere);
  const landed: Landed = {
    ...(old ? renewed(old, result, part) : { ...result, before: [] }),
    elsewhere: all.filter((measured) => !isHere(measured)),
  };
  mkdirSync(join(docs, "benchmarks"), { recursive: true });
  writeFileSync(file, await pretty(JSON.stringify(landed), file));
}

function everyProcessor(landed: Landed | null): Measured[] {
  if (!landed) return [];
  const { elsewhere, ...last } = landed;
  return [last, ...elsewhere];
}

function renewed(old: Measured, result: Result, part: boolean): Measured {
  const measured = (row: Row) => result.rows.some(({ name }) => name === row.name);
  return {
    ...result,
    rows: part ? mergeRows(old.rows, result.rows) : result.rows,
    before: [...old.before.filter((row) => !measured(row)), ...old.rows.filter(measured)],
  };
}

/** The landed result of a benchmark; null before the first time. */
export function readLanded(docs: string, name: string): Landed | null {
  const path = landedPath(docs, name);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Landed) : null;
}

const landedPath = (docs: string, name: string) => join(docs, "benchmarks", `${name}.json`);

function mergeRows(before: readonly Row[], now: readonly Row[]): Row[] {
  const fresh = new Map(now.map((row) => [row.name, row]));
  const kept = before.map((row) => fresh.get(row.name) ?? row);
  return [...kept, ...now.filter(({ name }) => !before.some((row) => row.name === name))];
}

/** Formatted by the repository's formatter. */
export async function pretty(content: string, filepath: string): Promise<string> {
  return format(content, { ...(await resolveConfig(filepath)), filepath });
}
