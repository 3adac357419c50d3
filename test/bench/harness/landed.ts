/** Results as they are kept beside docs/benchmarks.md, so that the next run can tell the change. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import type { Row } from "./benchmark.ts";
import type { Machine } from "./machine.ts";

/** What a benchmark measured. */
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

/** A result as in docs/benchmarks/NAME.json, with the figures that its rows had before. */
export interface Landed extends Result {
  readonly before: readonly Row[];
}

/** Keeps a result in a docs folder; where only a part of the rows was asked for, the others stay as they were. */
export async function land(docs: string, result: Result, part: boolean): Promise<void> {
  const file = landedPath(docs, result.name);
  const old = readLanded(docs, result.name);
  const measured = (row: Row) => result.rows.some(({ name }) => name === row.name);
  // What another machine was slower at says nothing of a change.
  const compares = old?.machine.processor === result.machine.processor;
  const landed: Landed = {
    ...result,
    rows: part && old ? mergeRows(old.rows, result.rows) : result.rows,
    before: old
      ? [...old.before.filter((row) => !measured(row)), ...(compares ? old.rows.filter(measured) : [])]
      : [],
  };
  mkdirSync(join(docs, "benchmarks"), { recursive: true });
  writeFileSync(file, await pretty(JSON.stringify(landed), file));
}

/** What was landed of a benchmark; null before the first time. */
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

/** As the repository's formatter writes it. */
export async function pretty(content: string, filepath: string): Promise<string> {
  return format(content, { ...(await resolveConfig(filepath)), filepath });
}
