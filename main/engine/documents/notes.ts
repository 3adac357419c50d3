/** What a person should know about a dataset, in sentences. */
import { basename } from "node:path";
import type { ChoiceStyleEvidence } from "../../../native-models/evaluation/choices.ts";
import type {
  Boilerplate,
  Duplicates,
  MadeQuestions,
  Parting,
  SeveralAnswers,
  SplitName,
} from "../../../preload/contract/data/data.ts";
import { SPLITS } from "../../../preload/contract/data/data-files.ts";
import type { MaskedKind } from "../../../preload/contract/data/personal.ts";
import { maskedText } from "../../../preload/contract/words/personal-words.ts";
import type { FileDetails } from "../../../preload/contract/data/inspection.ts";
import { hiddenIn, hiddenText, notReadName } from "../../../preload/contract/words/inspection-words.ts";
import { leftOutText } from "../../../preload/contract/data/left-out.ts";
import { placeKindOf } from "../../../preload/contract/data/places.ts";
import type { SplitRows } from "./splits/kept-apart.ts";
import type { FoundDocument } from "./read-document.ts";
import { questionsIn } from "./row.ts";
import type { Row } from "./row.ts";
import { TELLING_ROWS } from "./held-out-count.ts";
import type { SplitSources } from "./files/split-sources.ts";
import { counted, madeLeftOutText } from "../../../preload/contract/words/figures.ts";

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

/** The notes of a report: where data was taken from, and what was left out and why. */
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
}: Told): string[] {
  return [
    ...drawnNote(documents),
    ...(["test", "valid"] as const)
      .filter((name) => sources[name].length === 0)
      .map(
        (name) =>
          `No ${name} data was given, so ${counted(rows[name].length, "row")} of train ${rows[name].length === 1 ? "was" : "were"} split off for it.`,
      ),
    ...partingNote(parting),
    ...(masked ? [maskedText(masked)] : []),
    ...(replies === 0
      ? []
      : [
          `${counted(replies, "e-mail")} ${isOrAre(replies)} used without quotes of other e-mails in the data; a thread is in one split.`,
        ]),
    ...boilerplateNote(boilerplate),
    ...answersNote(severalAnswers),
    ...left(duplicates.withinTrain, "train", "train already has the same text and answer"),
    ...left(duplicates.trainInValid, "train", "valid has the same text"),
    ...left(duplicates.trainInTest, "train", "test has the same text"),
    ...left(duplicates.trainInOffDomain, "train", "the off-domain set has the same text"),
    ...left(duplicates.validInTest, "valid", "test has the same text"),
    ...left(nearDuplicates.withinTrain, "train", "train already has nearly the same text"),
    ...left(nearDuplicates.trainInValid, "train", "valid has nearly the same text"),
    ...left(nearDuplicates.trainInTest, "train", "test has nearly the same text"),
    ...left(nearDuplicates.trainInOffDomain, "train", "the off-domain set has nearly the same text"),
    ...left(nearDuplicates.validInTest, "valid", "test has nearly the same text"),
    ...(["valid", "test"] as const).flatMap((name) => fewNote(name, rows[name])),
    ...madeNotes(rows),
    ...SPLITS.filter((name) => madeLeftOut[name] > 0).map((name) =>
      madeLeftOutText(name, madeLeftOut[name], questionsIn(rows[name])[0]?.made),
    ),
    ...without.map(
      (name) =>
        `No questions could be made from the documents of ${name}: too few of their terms occur in other documents as well.`,
    ),
    ...styleNotes(rows, evidence),
    ...runningLinesNote(documents),
    ...attachmentsNote(documents),
    ...emptySlidesNote(documents),
    ...documents.flatMap(documentNotes).slice(0, MOST_DOCUMENT_NOTES),
    ...(sources.leftOut.length === 0
      ? []
      : [
          `Not read: ${listed(sources.leftOut.map(({ path, ...one }) => notReadName({ name: basename(path), ...one })))}.`,
        ]),
  ];
}

const MOST_DOCUMENT_NOTES = 20;
const TOLD_LINES = 3;

function documentNotes({ path, format, details, mapping, columns, leftOut }: FoundDocument): string[] {
  const [name, kind] = [basename(path), placeKindOf(format)];
  const used = mapping === null ? [] : Object.values(mapping).flat();
  const unused = mapping === null ? [] : columns.filter((column) => !used.includes(column));
  return [
    ...leftOut.map(
      ({ reason, rows, lines }) =>
        `${counted(rows, "row")} of ${name} ${rows === 1 ? "is" : "are"} not used: the ${kind} ${leftOutText(reason)} (${kind} ${lines.join(", ")}${rows > lines.length ? ", …" : ""}).`,
    ),
    ...(mapping?.kind === "table"
      ? [
          `${name} has no columns of questions, answers or texts that are known, so its rows are read as text: "${listed(mapping.columns.map((column) => `${column}: …`))}".`,
        ]
      : []),
    ...(unused.length === 0 ? [] : [`Columns of ${name} that are not used: ${listed(unused)}.`]),
    ...hiddenNotes(name, details),
    ...pageNotes(name, details),
  ];
}

function hiddenNotes(name: string, { sheets = [] }: FileDetails): string[] {
  const hidden = hiddenIn(sheets);
  const text = hiddenText(hidden);
  const unread = sheets.filter((sheet) => sheet.unread !== null).map((sheet) => sheet.name);
  return [
    ...(unread.length === 0
      ? []
      : [
          `Sheets of ${name} that are not read (hidden, without a table, or with other columns): ${listed(unread)}.`,
        ]),
    ...(text === "" ? [] : [`${text} of ${name} ${isOrAre(hidden.rows + hidden.columns)} left out.`]),
  ];
}

function answersNote(several: SeveralAnswers | null): string[] {
  if (!several) return [];
  const { conversations, answers, learnt, keptApart } = several;
  const which =
    learnt === answers
      ? "all of them are learnt"
      : `${counted(learnt, "answer")} of ${answers.toLocaleString("en")} ${isOrAre(learnt)} learnt`;
  const apart =
    keptApart === 0
      ? ""
      : ` ${counted(keptApart, "answer")} ${isOrAre(keptApart)} not, because another split has the same question.`;
  return [
    `${counted(conversations, "conversation")} ${conversations === 1 ? "has" : "have"} several answers: ${which}, each with everything before it as context.${apart}`,
  ];
}

/** Whether a note says which answers of conversations are learnt. */
export const isAnswersNote = (note: string): boolean => /\bha(s|ve) several answers:/.test(note);

const ON_HELD_OUT = [/^(valid|test) has only /, /^The .* of (valid|test) (was|were) (made|written) /];

/** Whether a note says what the rows are, not how they were read: it no longer holds once there are others. */
export const isNoteOnRows = (note: string): boolean =>
  isAnswersNote(note) || note.startsWith(CHOICES) || ON_HELD_OUT.some((one) => one.test(note));

function partingNote(parting: Parting | undefined): string[] {
  if (!parting) return [];
  const { by, documents, gaps } = parting;
  if (by === "documents")
    return [`Each of the ${counted(documents, "document")} of text is in one split as a whole.`];
  const gap =
    gaps === 0 ? "" : ` ${counted(gaps, "passage")} between them ${gaps === 1 ? "is" : "are"} not used.`;
  return [
    `The texts are ${counted(documents, "document")}, too few to split by, so whole sections were split off.${gap}`,
  ];
}

function boilerplateNote(found: Boilerplate | null): string[] {
  if (!found) return [];
  const { lines, documents, examples, share } = found;
  const such = examples.map(({ text, documents: having }) => `"${text}" (in ${having})`).join(", ");
  const percent = (100 * share).toFixed(share < 0.01 ? 1 : 0);
  return [
    `Text that several of the ${counted(documents, "document")} have is used once: ${counted(lines, "line or sentence", "lines or sentences")}, such as ${such}. Its repetitions, ${percent}% of all text, are left out.`,
  ];
}

function runningLinesNote(documents: readonly FoundDocument[]): string[] {
  const found = documents.flatMap(({ details: { runningLines } }) => runningLines ?? []);
  if (found.length === 0) return [];
  const lines = sumOf(found.map(({ count }) => count));
  const examples = [...new Set(found.flatMap(({ examples }) => examples))].slice(0, TOLD_LINES);
  return [
    `${counted(lines, "line")} of ${counted(found.length, "PDF")} ${isOrAre(lines)} left out as headers, footers, page numbers and watermarks, such as ${examples.map((line) => `"${line}"`).join(", ")}.`,
  ];
}

function attachmentsNote(documents: readonly FoundDocument[]): string[] {
  const attached = documents.flatMap(({ details: { attachments } }) => attachments ?? []);
  const count = sumOf(attached.map((one) => one.count));
  if (count === 0) return [];
  const names = listed(
    attached.flatMap((one) => one.names),
    count,
  );
  return [`${counted(count, "attachment")} of messages ${isOrAre(count)} left out: ${names}.`];
}

function emptySlidesNote(documents: readonly FoundDocument[]): string[] {
  const slides = sumOf(documents.map(({ details: { emptySlides = 0 } }) => emptySlides));
  return slides === 0 ? [] : [`${counted(slides, "slide")} without text ${isOrAre(slides)} skipped.`];
}

/** Which of a document's pages, imported files, diagrams and charts are not read, which pages are read by text recognition, and hidden text. */
function pageNotes(name: string, details: FileDetails): string[] {
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
    ...(scannedPages.length > 0
      ? [
          `${pagesText(scannedPages)} of ${name} ${isOrAre(scannedPages.length)} scanned: their text is not read without text recognition (OCR).`,
        ]
      : []),
    ...(unmappedPages.length > 0
      ? [
          `${pagesText(unmappedPages)} of ${name} ${isOrAre(unmappedPages.length)} left out: the file does not say which characters the letters are. Text recognition (OCR) can read them.`,
        ]
      : []),
    ...failedPages.map(
      ({ pages, problem, isFinal }) =>
        `${pagesText(pages)} of ${name} ${isOrAre(pages.length)} not read: text recognition (OCR) ${isFinal ? "failed" : "was interrupted"} (${problem}).`,
    ),
    ...(otherPages > 0
      ? [`${counted(otherPages, "page")} of ${name} without text ${isOrAre(otherPages)} skipped.`]
      : []),
    ...(recognisedPages > 0
      ? [
          `The text of ${counted(recognisedPages, "page")} of ${name} was recognised (OCR) and may contain mistakes.`,
        ]
      : []),
    ...(unreadImports > 0
      ? [
          `${counted(unreadImports, "file")} that ${name} imports cannot be read. Open the document in Word and save it to use ${unreadImports === 1 ? "it" : "them"}.`,
        ]
      : []),
    ...(unreadDrawings > 0
      ? [
          `${counted(unreadDrawings, "diagram or chart", "diagrams or charts")} of ${name} ${isOrAre(unreadDrawings)} not read. Add what ${unreadDrawings === 1 ? "it shows" : "they show"} as text or a table.`,
        ]
      : []),
    ...(hiddenCharacters > 0
      ? [
          `${counted(hiddenCharacters, "character")} of ${name} that cannot be seen on its pages ${isOrAre(hiddenCharacters)} left out.`,
        ]
      : []),
  ];
}

const CHOICES = "Choices are ";

const sumOf = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const isOrAre = (count: number) => (count === 1 ? "is" : "are");

/** "Page 3", "Pages 3 and 7", "Pages 3, 7, 8 and 5 more". */
function pagesText(pages: readonly number[]): string {
  if (pages.length === 1) return `Page ${pages[0]}`;
  const most = pages.length > 6 ? 5 : pages.length - 1;
  const last = pages.length > 6 ? `${pages.length - most} more` : String(pages[most]);
  return `Pages ${pages.slice(0, most).join(", ")} and ${last}`;
}

/** How many of all rows were drawn, if not all. */
function drawnNote(documents: readonly FoundDocument[]): string[] {
  const drawn = documents.filter(({ rows, count }) => rows.length < count);
  const [rows, count] = [sumOf(drawn.map(({ rows }) => rows.length)), sumOf(drawn.map(({ count }) => count))];
  return drawn.length === 0
    ? []
    : [`${counted(rows, "row")} of ${count.toLocaleString("en")} were drawn at random.`];
}

function left(count: number, split: string, reason: string): string[] {
  return count === 0
    ? []
    : [`${counted(count, "row")} ${count === 1 ? "was" : "were"} removed from ${split} because ${reason}.`];
}

function fewNote(name: string, rows: readonly Row[]): string[] {
  const questions = questionsIn(rows).length;
  const few = questions > 0 ? counted(questions, "question") : counted(rows.length, "row");
  return (questions || rows.length) < TELLING_ROWS
    ? [`${name} has only ${few}: figures from them are imprecise.`]
    : [];
}

function madeNotes(rows: SplitRows): string[] {
  return (["valid", "test"] as const).flatMap((name) => {
    const [of, were] = [
      (by: MadeQuestions) => questionsIn(rows[name]).filter(({ made }) => made === by),
      (count: number) => (count === 1 ? "was" : "were"),
    ];
    const [cloze, written] = [of("cloze").length, of("written")];
    const checked = written.filter(({ checked }) => checked).length;
    return [
      ...(cloze === 0
        ? []
        : [
            `The ${counted(cloze, "question")} of ${name} ${were(cloze)} made from its documents (cloze): a term of a sentence is masked.`,
          ]),
      ...(written.length === 0
        ? []
        : [
            `The ${counted(written.length, "question")} of ${name} ${were(written.length)} written by a model from its documents; a person has checked ${checked} of them.`,
          ]),
    ];
  });
}

function styleNotes(rows: SplitRows, { style, letterRows, plainRows }: ChoiceStyleEvidence): string[] {
  if (questionsIn(Object.values(rows).flat()).every(({ made }) => made)) return [];
  const told = letterRows + plainRows > 0;
  if (style === "letters") {
    const why = told
      ? `as in ${counted(letterRows, "training row")}`
      : "since they differ from question to question";
    return [`${CHOICES}listed with letters ("A. …"), ${why}.`];
  }
  const why = told
    ? `as in ${counted(plainRows, "training row")}`
    : "since they are the same for every question";
  return [`${CHOICES}not listed, only compared as answers, ${why}.`];
}

function listed(names: readonly string[], of = names.length): string {
  const shown = names.slice(0, 5);
  return of > shown.length ? `${shown.join(", ")} and ${of - shown.length} more` : shown.join(", ");
}
