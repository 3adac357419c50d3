/** What was run, kept in a file, so that one model or one program can be run again while the rest stays. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(new URL("results.json", import.meta.url));

/** What a version of a program did. */
export interface Outcome {
  readonly version: string;
  readonly outcome: string;
}

/** By the program's name. */
export type Outcomes = Record<string, Outcome>;

/** A model or a cut of it, as the programs that fit its exports ran them. */
export interface FamilyRow {
  readonly from: string;
  readonly training: string;
  readonly chat: string;
  readonly programs: Outcomes;
}

/** A model's files in one type, made by llama.cpp's quantiser and by ours. */
export interface Quantised {
  /** The perplexity of a text. */
  readonly theirs: number;
  readonly ours: number;
  /** Weights that have another value in any place, of all. */
  readonly differing: number;
  readonly weights: number;
}

export interface Results {
  /** By model, and by blocks. */
  readonly families: Record<string, Record<string, FamilyRow>>;
  /** By model cut by a third, and by format. */
  readonly formats: Record<string, Record<string, Outcomes>>;
  /** By model, and by type. */
  readonly quantised: Record<string, Record<string, Quantised>>;
}

export function readResults(): Results {
  const none: Results = { families: {}, formats: {}, quantised: {} };
  return existsSync(FILE) ? { ...none, ...(JSON.parse(readFileSync(FILE, "utf8")) as Results) } : none;
}

export function writeResults(results: Results): void {
  writeFileSync(FILE, `${JSON.stringify(results, null, 2)}\n`);
}
