/** Where a dataset that was just read is placed: in a folder named after its hash, or in another one if its documents' names differ. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { sha256OfFile } from "../../../native-models/formats/sha256.ts";
import { bySplit, SPLITS } from "../../../preload/contract/data/data-files.ts";
import { codeOf } from "../../../native-models/codes.ts";
import { DatasetReport } from "../../../preload/contract/data/data.ts";
import type { Note } from "../../../preload/contract/data/data.ts";
import { readReport, REPORT_FILE } from "../../documents/stored/split-files.ts";
import { ROWS_FILES, rowsFolder } from "../../documents/stored/stored-rows.ts";

/**
 * The folder among `datasets` for the dataset that was read into `out`: the same for the same rows from documents of the same names. The
 * hash does not cover names, so the same rows with renamed documents, or with masked names, are placed in another folder: a run may be
 * using the existing one.
 */
export async function placeFor(datasets: string, out: string, report: DatasetReport): Promise<string> {
  const first = join(datasets, report.hash);
  if (!existsSync(first)) return first;
  const sum = await sumOf(out, report);
  const existing = reportIn(first);
  return existing && sum === (await sumOf(first, existing)) ? first : join(datasets, sum);
}

/**
 * The report of what was read into `out`. If it is a dataset's own rows, with nothing more masked, the report also has what is known
 * about the origin of those rows.
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
  const isAnswersNote = (note: Note) => codeOf(note) === "several-answers";
  const notes = before.notes.filter((note) => !isAnswersNote(note));
  return withReport(out, {
    ...before,
    hash,
    ...(tokenLengths && { tokenLengths }),
    ...(severalAnswers && { severalAnswers }),
    notes: [...notes, ...report.notes.filter(isAnswersNote)],
  });
}

/** Replaces the report of what was read into `out`. */
export async function withReport(out: string, report: DatasetReport): Promise<DatasetReport> {
  await writeFileAtomic(join(out, REPORT_FILE), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

/** The report of the dataset whose folder, or whose rows' folder, a person chose; null if it was another source. */
function ownReport(source: string, datasets: string): DatasetReport | null {
  const folder = [source, dirname(source)].find((one) => dirname(one) === resolve(datasets));
  return folder === undefined ? null : reportIn(folder);
}

/** The report in a folder; null if it is missing or damaged. */
function reportIn(folder: string): DatasetReport | null {
  try {
    return readReport(folder, DatasetReport);
  } catch {
    return null;
  }
}

/** A hash over everything that a dataset says about its documents besides its splits: in its rows and in its report. */
async function sumOf(folder: string, { hash, masked, splits }: DatasetReport): Promise<string> {
  const names = bySplit((split) => splits[split]?.files.map((file) => basename(file)));
  const sum = createHash("sha256").update(JSON.stringify([hash, masked, names]));
  for (const file of rowsFilesOf(folder)) sum.update(`\n${basename(file)} ${await sha256OfFile(file)}`);
  return sum.digest("hex");
}

function rowsFilesOf(folder: string): string[] {
  return SPLITS.map((split) => join(rowsFolder(folder), ROWS_FILES[split])).filter((file) =>
    existsSync(file),
  );
}
