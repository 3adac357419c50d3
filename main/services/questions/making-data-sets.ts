/** Makes the next version of a data set: its rows, and the questions that were written from its passages. */
import { existsSync, readFileSync } from "node:fs";
import { appendFile, copyFile } from "node:fs/promises";
import { join } from "node:path";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { remove, writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { bySplit, SPLITS } from "../../../preload/contract/data/data-files.ts";
import { DatasetReport } from "../../../preload/contract/data/data.ts";
import type { SplitName, SplitReport } from "../../../preload/contract/data/data.ts";
import type { Note } from "../../../preload/contract/data/data.ts";
import type {
  PassageChoice,
  WrittenQuestion,
} from "../../../preload/contract/questions/written-questions.ts";
import { isNoteOnRows } from "../../documents/notes.ts";
import { readReport } from "../../documents/stored/split-files.ts";
import { ROWS_FILES, rowsFolder } from "../../documents/stored/stored-rows.ts";
import type { Home } from "../../home/home.ts";
import type { DataSets } from "../data/data-sets.ts";
import type { Reading } from "../data/reading.ts";
import { unfinishedFolder } from "../data/unfinished-folders.ts";
import { sample } from "../models/sample.ts";
import { measuringRecords, trainingRecords, usable } from "./question-rows.ts";
import type { QuestionRecord } from "./question-rows.ts";
import type { Writings } from "./writings.ts";

interface MakingServices {
  readonly home: Home;
  readonly dataSets: DataSets;
  readonly writings: Writings;
}

/** How many questions became rows, and how many of these a person has checked. */
interface Counts {
  readonly questions: number;
  readonly checked: number;
}

/**
 * Makes and keeps the next version. The reader leaves them out of a held-out split that has questions from a person, and cloze questions
 * beside them, so that no figure mixes these (documents/splits/main-origin.ts); questions written earlier stay. Failures: not-found, bad-choice
 * without questions, disk-full, unwritable, and those of reading data.
 */
export async function makeDataSet(
  { home, dataSets, writings }: MakingServices,
  reading: Pick<Reading, "dataset">,
  id: number,
  { passages, onlyChecked }: { passages: PassageChoice; onlyChecked: boolean },
): Promise<Counts & { dataSet: number }> {
  const { dataSet, modelName } = writings.get(id);
  const { name } = dataSets.find(dataSet);
  const questions = writings.rows(id, onlyChecked);
  const folder = dataSets.folderOf(dataSet);
  const rows = rowsFolder(folder);
  if (questions.length === 0)
    return refuseChoice({ code: onlyChecked ? "no-checked-questions" : "no-questions", name });
  const source = unfinishedFolder(home.datasets);
  try {
    const own = {} as Record<SplitName, Counts>;
    for (const split of SPLITS) own[split] = await writeRows(rows, source, split, questions, passages);
    if (totalOf(Object.values(own)).questions === 0) refuseChoice({ code: "no-question-rows", name });
    const origin = readReport(folder, DatasetReport);
    const used = ({ splits }: DatasetReport) =>
      totalOf(SPLITS.flatMap((split) => (isUsed(split, splits[split]) ? own[split] : [])));
    const describe = (report: DatasetReport) => {
      const { questions: count, checked } = used(report);
      const written = { code: "written-by", model: modelName, withPassages: passages === "with" } as const;
      return describedBy(origin, report, { ...written, count, checked });
    };
    // The rows are the same for every model, so the built-in one, which always exists, will do.
    const made = await reading.dataset({ data: [source] }, sample.model, 1, home.datasets, { describe });
    const counts = used(made.report);
    if (counts.questions === 0) refuseChoice({ code: "no-question-rows", name });
    return { dataSet: dataSets.keep(made.folder, name), ...counts };
  } finally {
    await remove(source);
  }
}

/** Whether the reader used the written questions of a split: a held-out one may have a person's. */
const isUsed = (split: SplitName, now: SplitReport | null): boolean =>
  split === "train" || now?.made === "written";

const totalOf = (all: readonly Counts[]): Counts => ({
  questions: all.reduce((sum, { questions }) => sum + questions, 0),
  checked: all.reduce((sum, { checked }) => sum + checked, 0),
});

async function writeRows(
  from: string,
  to: string,
  split: SplitName,
  questions: readonly WrittenQuestion[],
  passages: PassageChoice,
): Promise<Counts> {
  const [before, after] = [join(from, ROWS_FILES[split]), join(to, ROWS_FILES[split])];
  const own = questions.filter((question) => question.split === split);
  if (existsSync(before)) await copyFile(before, after);
  if (own.length === 0) return NONE;
  if (split === "train") {
    await appendFile(after, linesOf(trainingRecords(own, passages)));
    const asked = usable(own, passages);
    return { questions: asked.length, checked: asked.filter(({ state }) => state !== "unseen").length };
  }
  const kept = readFileSync(before, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as QuestionRecord);
  const measuring = measuringRecords(own, questions, passages);
  if (measuring.length === 0) return NONE;
  const asked = new Set(measuring.map((record) => record["question"]));
  const others = kept.filter((record) => record["made"] !== "written" || !asked.has(record["question"]));
  await writeFileAtomic(after, linesOf([...others, ...measuring]));
  return { questions: measuring.length, checked: measuring.filter((record) => record["checked"]).length };
}

const NONE: Counts = { questions: 0, checked: 0 };

function linesOf(records: readonly QuestionRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

/** The report of data read from temporary files, with the files that its passages come from and what was noted when they were read. */
function describedBy(origin: DatasetReport, report: DatasetReport, note: Note): DatasetReport {
  const splits = bySplit((split) => {
    const [now, before] = [report.splits[split] ?? null, origin.splits[split]];
    return now && before ? { ...now, files: before.files, moreFiles: before.moreFiles } : now;
  });
  const { masked } = origin; // its rows have the masks
  const reading = origin.notes.filter((one) => !isNoteOnRows(one));
  const notes = new Map([note, ...reading, ...report.notes].map((one) => [JSON.stringify(one), one]));
  return { ...report, splits, masked, notes: [...notes.values()] };
}
