/** Where a dataset that was just read belongs: in a folder named after its hash, or in another one if its documents have other names. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { sha256OfFile } from "../../../native-models/formats/sha256.ts";
import { bySplit, SPLITS } from "../../../preload/contract/data-files.ts";
import { DatasetReport } from "../../../preload/contract/data.ts";
import { isAnswersNote } from "../../engine/documents/notes.ts";
import { readReport, REPORT_FILE } from "../../engine/documents/split-files.ts";
import { ROWS_FILES, rowsFolder } from "../../engine/documents/stored-rows.ts";

/**
 * The folder among `datasets` for what was read into `out`: the same for the same rows of documents of the same names. The hash says
 * nothing of names, so rows of renamed documents, or of those whose names were masked, have another folder with the same hash: a run
 * may be using the one that is there.
 */
export async function placeFor(datasets: string, out: string, report: DatasetReport): Promise<string> {
  const first = join(datasets, report.hash);
  if (!existsSync(first)) return first;
  const told = await toldBy(out, report);
  return told === (await toldIn(first, out)) ? first : join(datasets, told);
}

/**
 * The report of what was read into `out`; if it is a dataset's own rows, in which nothing more was masked, with what is known of where
 * those are from.
 */
export async function described(
  out: string,
  report: DatasetReport,
  sources: readonly string[],
  datasets: string,
): Promise<DatasetReport> {
  const before = sources.length === 1 ? ownReport(resolve(sources[0]!), datasets) : null;
  if (!before || before.rowsHash !== report.rowsHash || report.masked?.length) return report;
  const { hash, tokenLengths, severalAnswers } = report;
  const notes = before.notes.filter((note) => !isAnswersNote(note));
  return withReport(out, {
    ...before,
    hash,
    ...(tokenLengths && { tokenLengths }),
    ...(severalAnswers && { severalAnswers }),
    notes: [...notes, ...report.notes.filter(isAnswersNote)],
  });
}

/** Gives what was read into `out` another report. */
export async function withReport(out: string, report: DatasetReport): Promise<DatasetReport> {
  await writeFileAtomic(join(out, REPORT_FILE), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

/** That of the dataset whose folder, or whose rows, a person chose. */
function ownReport(source: string, datasets: string): DatasetReport | null {
  const folder = [source, dirname(source)].find((one) => dirname(one) === resolve(datasets));
  return folder !== undefined && rowsFolder(folder) !== null ? reportIn(folder) : null;
}

/** Null if it is missing or damaged. */
function reportIn(folder: string): DatasetReport | null {
  try {
    return readReport(folder, DatasetReport);
  } catch {
    return null;
  }
}

/** The same of a folder that is there; a folder of an earlier version, which has no rows, tells of those in `out`. */
async function toldIn(folder: string, out: string): Promise<string | null> {
  const report = reportIn(folder);
  return report && toldBy(rowsFolder(folder) === null ? out : folder, report);
}

/** A hash over what a dataset tells of its documents besides its splits: in its rows, and in its report. */
async function toldBy(folder: string, { hash, masked, splits }: DatasetReport): Promise<string> {
  const names = bySplit((split) => splits[split]?.files.map((file) => basename(file)));
  const told = createHash("sha256").update(JSON.stringify([hash, masked, names]));
  for (const file of rowsFilesOf(folder)) told.update(`\n${basename(file)} ${await sha256OfFile(file)}`);
  return told.digest("hex");
}

function rowsFilesOf(folder: string): string[] {
  const rows = rowsFolder(folder);
  const files = rows === null ? [] : SPLITS.map((split) => join(rows, ROWS_FILES[split]));
  return files.filter((file) => existsSync(file));
}
