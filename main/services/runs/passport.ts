/** The passport of a depth of a run, for handing it on. */
import { statSync } from "node:fs";
import { basename } from "node:path";
import { sha256OfFile } from "../../../native-models/formats/sha256.ts";
import { rowCount } from "../../../preload/contract/data/data.ts";
import { MOST_NAMED } from "../../../preload/contract/results/passport.ts";
import type { Passport } from "../../../preload/contract/results/passport.ts";
import { headlineOf, verdictOf } from "../../../preload/contract/results/verdict.ts";
import type { TrimOutcome } from "../../../preload/contract/runs/run.ts";
import { wholeDepth } from "../../home/run-folder.ts";
import { version } from "../../version.ts";
import type { DatasetRecord } from "../data/datasets.ts";
import type { TrimServices } from "./trim-services.ts";

export interface PassportFacts {
  readonly run: string;
  readonly depth: string;
  readonly model: Passport["model"];
  readonly outcome: TrimOutcome | null;
  readonly files: Passport["files"];
}

/** The passport. Reads the data's files for their hashes. */
export async function passportOf(
  { runs, datasets }: Pick<TrimServices, "runs" | "datasets">,
  { run, depth, model, outcome, files }: PassportFacts,
): Promise<Passport> {
  const data: Passport["data"] = [];
  for (let id: string | undefined = run; id !== undefined && data.length < MOST_NAMED.dataSets;) {
    if (runs.find(id) === null) break;
    const found = runs.get(id);
    if (found.datasetId !== null) data.push(await dataOf(datasets.get(found.datasetId)));
    id = found.plan.improvement?.of;
  }
  const { name, base } = model;
  return {
    coppice: version,
    madeAt: new Date().toISOString(),
    model: { ...model, name: line(name), base: line(base) },
    measured: outcome && measuredIn(outcome, depth),
    data,
    files,
  };
}

function measuredIn(outcome: TrimOutcome, depth: string): Passport["measured"] {
  const { tuned, depths, trimmed } = outcome.metrics;
  const metrics = depth === wholeDepth ? tuned : (depths.find(({ name }) => name === depth) ?? trimmed);
  return {
    verdict: verdictOf(outcome, depth).verdict,
    headline: headlineOf(outcome, metrics),
    perplexity: metrics.perplexity,
    timesAsFast: metrics.timesAsFast?.value ?? null,
  };
}

async function dataOf({ name, report, addedAt }: DatasetRecord): Promise<Passport["data"][number]> {
  const { splits, masked, rowsHash } = report;
  const read = Object.values(splits).flatMap((split) => split ?? []);
  const paths = [...new Set(read.flatMap((split) => split.files))];
  const named = paths.slice(0, MOST_NAMED.files);
  const more = Math.max(0, ...read.map(({ moreFiles = 0 }) => moreFiles));
  const files: Passport["data"][number]["files"] = [];
  for (const path of named)
    files.push({ name: line(basename(path)), sha256: await hashSince(path, addedAt) });
  return {
    name: line(name),
    rowsHash,
    rows: { train: rowCount(splits.train), valid: rowCount(splits.valid), test: rowCount(splits.test) },
    masked: masked ?? null,
    files,
    moreFiles: paths.length - named.length + more,
  };
}

/** The SHA-256 of a file that was read at that time; null if it has changed since, or cannot be read. */
async function hashSince(path: string, readAt: string): Promise<string | null> {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status?.isFile() || status.mtimeMs > Date.parse(readAt)) return null;
  return sha256OfFile(path).catch(() => null);
}

/** A person's name for something, as long as a passport takes it. */
const line = (text: string) => text.slice(0, 300);
