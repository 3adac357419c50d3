/** What a person should know about a data set: where its rows were taken from, and what was left out and why. */
import { basename } from "node:path";
import type { ChoiceStyleEvidence } from "../../native-models/evaluation/choices.ts";
import type {
  Boilerplate,
  Duplicates,
  Parting,
  SeveralAnswers,
  SplitName,
} from "../../preload/contract/data/data.ts";
import { SPLITS } from "../../preload/contract/data/data-files.ts";
import type { MaskedKind } from "../../preload/contract/data/personal.ts";
import { codeOf } from "../../native-models/codes.ts";
import type { Note } from "../../preload/contract/data/data.ts";
import type { FileDetails } from "../../preload/contract/data/inspection.ts";
import { hiddenIn } from "../../preload/contract/words/inspection-words.ts";
import type { SplitRows } from "./splits/leakage.ts";
import type { FoundDocument } from "./read-document.ts";
import { questionsIn } from "./row.ts";
import type { Row } from "./row.ts";
import { MIN_MEASURED_ROWS } from "./held-out-count.ts";
import type { SplitSources } from "./files/split-sources.ts";

/** The facts about the read data that the notes mention. */
export interface Told {
  readonly rows: SplitRows;
  readonly sources: SplitSources;
  readonly documents: readonly FoundDocument[];
  readonly evidence: ChoiceStyleEvidence;
  readonly duplicates: Duplicates;
  readonly nearDuplicates: Duplicates;
  readonly parting: Parting | undefined;
  readonly boilerplate: Boilerplate | null;
  /** How many messages are used without what they quote from others. */
  readonly replies: number;
  /** Splits for which questions were requested but could not be made. */
  readonly without: readonly SplitName[];
  /** How many made questions were left out of each split, because its other questions have another origin. */
  readonly madeLeftOut: Record<SplitName, number>;
  readonly masked: readonly MaskedKind[] | undefined;
  readonly severalAnswers: SeveralAnswers | null;
}

/** The notes of a report, in the order in which they are shown. */
export function notesOf({
  rows,
  sources,
  documents,
  evidence,
  duplicates,
  nearDuplicates,
  parting,
  boilerplate,
  replies,
  without,
  madeLeftOut,
  masked,
  severalAnswers,
}: Told): Note[] {
  const splitOff = (["test", "valid"] as const).filter((name) => sources[name].length === 0);
  const madeLeft = SPLITS.filter((name) => madeLeftOut[name] > 0);
  const notRead = sources.leftOut.map(({ path, ...one }) => ({ name: basename(path), ...one }));
  return [
    ...drawnNote(documents),
    ...splitOff.map((split): Note => ({ code: "split-off", split, count: rows[split].length })),
    ...when(parting, { code: "parting", ...parting! }),
    ...when(masked, { code: "masked", kinds: masked! }),
    ...when(replies, { code: "replies", count: replies }),
    ...when(boilerplate, { code: "boilerplate", ...boilerplate! }),
    ...when(severalAnswers, { code: "several-answers", ...severalAnswers! }),
    ...duplicateNotes(duplicates, false),
    ...duplicateNotes(nearDuplicates, true),
    ...(["valid", "test"] as const).flatMap((name) => fewNote(name, rows[name])),
    ...madeNotes(rows),
    ...madeLeft.map((split): Note => {
      const others = questionsIn(rows[split])[0]?.made;
      return { code: "made-left-out", split, count: madeLeftOut[split], others };
    }),
    ...without.map((split): Note => ({ code: "no-questions-made", split })),
    ...styleNotes(rows, evidence),
    ...runningLinesNote(documents),
    ...attachmentsNote(documents),
    ...emptySlidesNote(documents),
    ...documents.flatMap(documentNotes).slice(0, MOST_DOCUMENT_NOTES),
    ...when(notRead.length, { code: "not-read", files: notRead }),
  ];
}

const MOST_DOCUMENT_NOTES = 20;
const SHOWN_LINES = 3;

/** A note, if there is something that it is about. */
const when = (what: unknown, note: Note): Note[] => (what ? [note] : []);

const ON_ROWS: ReadonlySet<string> = new Set(["several-answers", "choices", "few", "cloze", "written"]);

/** Whether a note says what the rows are, not how they were read: it no longer holds once there are others. */
export const isNoteOnRows = (note: Note): boolean => ON_ROWS.has(codeOf(note));

function documentNotes({ path, format, details, mapping, columns, leftOut }: FoundDocument): Note[] {
  const file = basename(path);
  const used = mapping === null ? [] : Object.values(mapping).flat();
  const unused = mapping === null ? [] : columns.filter((column) => !used.includes(column));
  const { sheets = [] } = details;
  const unread = sheets.filter((sheet) => sheet.unread !== null).map((sheet) => sheet.name);
  const hidden = hiddenIn(sheets);
  return [
    ...leftOut.map((left): Note => ({ code: "left-out", file, format, ...left })),
    ...(mapping?.kind === "table" ? [{ code: "table", file, columns: mapping.columns } as const] : []),
    ...when(unused.length, { code: "unused-columns", file, columns: unused }),
    ...when(unread.length, { code: "unread-sheets", file, sheets: unread }),
    ...when(hidden.rows + hidden.columns, { code: "hidden", file, ...hidden }),
    ...pageNotes(file, details),
  ];
}

function runningLinesNote(documents: readonly FoundDocument[]): Note[] {
  const found = documents.flatMap(({ details: { runningLines } }) => runningLines ?? []);
  const lines = sumOf(found.map(({ count }) => count));
  const examples = [...new Set(found.flatMap(({ examples }) => examples))].slice(0, SHOWN_LINES);
  return when(found.length, { code: "running-lines", lines, pdfs: found.length, examples });
}

function attachmentsNote(documents: readonly FoundDocument[]): Note[] {
  const attached = documents.flatMap(({ details: { attachments } }) => attachments ?? []);
  const count = sumOf(attached.map((one) => one.count));
  return when(count, { code: "attachments", count, names: attached.flatMap((one) => one.names).slice(0, 5) });
}

function emptySlidesNote(documents: readonly FoundDocument[]): Note[] {
  const count = sumOf(documents.map(({ details: { emptySlides = 0 } }) => emptySlides));
  return when(count, { code: "empty-slides", count });
}

/** Which of a document's pages, imported files, diagrams and charts are not read, which pages are read by text recognition, and hidden text. */
function pageNotes(file: string, details: FileDetails): Note[] {
  const {
    emptyPages = 0,
    scannedPages = [],
    unmappedPages = [],
    failedPages = [],
    recognisedPages = 0,
    hiddenCharacters = 0,
    unreadImports = 0,
    unreadDrawings = 0,
  } = details;
  const failed = sumOf(failedPages.map(({ pages }) => pages.length));
  const otherPages = emptyPages - scannedPages.length - unmappedPages.length - failed;
  return [
    ...when(scannedPages.length, { code: "scanned-pages", file, pages: scannedPages }),
    ...when(unmappedPages.length, { code: "unmapped-pages", file, pages: unmappedPages }),
    ...failedPages.map((pages): Note => ({ code: "failed-pages", file, ...pages })),
    ...when(otherPages > 0, { code: "empty-pages", file, count: otherPages }),
    ...when(recognisedPages, { code: "recognised-pages", file, count: recognisedPages }),
    ...when(unreadImports, { code: "unread-imports", file, count: unreadImports }),
    ...when(unreadDrawings, { code: "unread-drawings", file, count: unreadDrawings }),
    ...when(hiddenCharacters, { code: "hidden-characters", file, count: hiddenCharacters }),
  ];
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** How many of all rows were drawn, if not all. */
function drawnNote(documents: readonly FoundDocument[]): Note[] {
  const drawn = documents.filter(({ rows, count }) => rows.length < count);
  const [rows, of] = [sumOf(drawn.map(({ rows }) => rows.length)), sumOf(drawn.map(({ count }) => count))];
  return when(drawn.length, { code: "drawn", rows, of });
}

function duplicateNotes(found: Duplicates, nearly: boolean): Note[] {
  const note = (split: SplitName, other: SplitName, count: number) =>
    when(count, { code: "duplicates", split, count, in: other, nearly });
  return [
    ...note("train", "train", found.withinTrain),
    ...note("train", "valid", found.trainInValid),
    ...note("train", "test", found.trainInTest),
    ...note("train", "offDomain", found.trainInOffDomain),
    ...note("valid", "test", found.validInTest),
  ];
}

function fewNote(split: SplitName, rows: readonly Row[]): Note[] {
  const questions = questionsIn(rows).length;
  const count = questions || rows.length;
  return when(count < MIN_MEASURED_ROWS, {
    code: "few",
    split,
    count,
    of: questions > 0 ? "question" : "row",
  });
}

function madeNotes(rows: SplitRows): Note[] {
  return (["valid", "test"] as const).flatMap((split) => {
    const asked = questionsIn(rows[split]);
    const cloze = asked.filter(({ made }) => made === "cloze").length;
    const written = asked.filter(({ made }) => made === "written");
    const checked = written.filter(({ checked }) => checked).length;
    return [
      ...when(cloze, { code: "cloze", split, count: cloze }),
      ...when(written.length, { code: "written", split, count: written.length, checked }),
    ];
  });
}

function styleNotes(rows: SplitRows, { style, letterRows, plainRows }: ChoiceStyleEvidence): Note[] {
  const asked = questionsIn(Object.values(rows).flat()).some(({ made }) => !made);
  return when(asked, { code: "choices", style, rows: style === "letters" ? letterRows : plainRows });
}
