/** Turns a person's files into a dataset: training data, held-out data, and a report. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../../native-models/failure.ts";
import { guessingOf } from "../../native-models/evaluation/baselines.ts";
import { inferChoiceStyle, questionExample } from "../../native-models/evaluation/choices.ts";
import type { ChoiceStyle, ChoiceStyleEvidence } from "../../native-models/evaluation/choices.ts";
import { makeFolder, writeFileAtomic } from "../../native-models/formats/atomic.ts";
import { bySplit, SPLITS } from "../../preload/contract/data/data-files.ts";
import { DatasetReport } from "../../preload/contract/data/data.ts";
import type {
  Boilerplate,
  DocumentChoices,
  FieldMappings,
  ReadingProgress,
  SeveralAnswers,
  Split,
  SplitName,
} from "../../preload/contract/data/data.ts";
import type { NotRead } from "../../preload/contract/failures/left-out.ts";
import type { MaskedKind } from "../../preload/contract/data/personal.ts";
import { boilerplateOnce } from "./passages/boilerplate.ts";
import { withClozeQuestions } from "./cloze/rows.ts";
import { rowsOf } from "./cut-texts.ts";
import { isAnswer, isLearnt, renderedSplit } from "./records/conversation.ts";
import type { ChatForm } from "./records/conversation.ts";
import { namesIn, renamed, renamedSource } from "./splits/document-names.ts";
import { removeAnswerLeakage, removeLeakage, textKeys } from "./splits/leakage.ts";
import type { SplitRows } from "./splits/leakage.ts";
import { notesOf } from "./notes.ts";
import { ofMainOrigin } from "./splits/main-origin.ts";
import { maskRows } from "./personal/masks.ts";
import { withoutQuotes } from "./passages/quotes.ts";
import { readDocuments, refuseLeftOut } from "./read-document.ts";
import type { FoundDocument } from "./read-document.ts";
import { examplesIn, isText, questionsIn, splitOf } from "./row.ts";
import type { ReadingOptions, Row, TextRow } from "./row.ts";
import { datasetHash, SPLIT_FILES, writeSplit, REPORT_FILE } from "./stored/split-files.ts";
import { FEWEST_ROWS, splitOff } from "./splits/split-off.ts";
import { withShownTexts } from "./stored/shown-texts.ts";
import { findSources, mayLackText } from "./files/split-sources.ts";
import type { NamedSources, SplitSources } from "./files/split-sources.ts";
import { removeStoredRows, writeStoredRows } from "./stored/stored-rows.ts";
import { splitReport } from "./splits/split-report.ts";
import { MAX_SHOWN } from "./files/shown-files.ts";
import { tokenLengths } from "./records/token-lengths.ts";
import type { CountTokens } from "./records/token-lengths.ts";

export interface DatasetRequest extends NamedSources, ReadingOptions {
  /** The folder for train.json, valid.json, test.json, off-domain.json (if any) and report.json. */
  readonly out: string;
  readonly seed: number;
  /** Whether too few rows to split are not refused but all kept for training: questions can be written from them. */
  readonly mayBeFew?: boolean | undefined;
  /** How many training rows are drawn at random, by the seed; all of them if it is undefined. */
  readonly sampleRows?: number | undefined;
  /** The form of conversations as examples; without it they stay conversations. */
  readonly chat?: ChatForm;
  /** How the columns of some files are read; those of the other files are guessed. */
  readonly mappings?: FieldMappings;
  /** With a tokenizer, the report contains row lengths. */
  readonly countTokens?: CountTokens;
  readonly documents?: DocumentChoices;
  /** Called after each document with the number read and the total; if it throws, reading ends. */
  readonly onProgress?: (progress: ReadingProgress) => Promise<void>;
}

/**
 * Reads the files, keeps the splits apart, and writes the dataset to `out`; the same files and seed give the same bytes. Valid
 * and test are split off train by content if they are not given. Throws `not-found`, `unreadable`, `unsupported-format`,
 * `bad-data`, `too-much-data`, `too-little-data`, `template-failed`, `disk-full`, `unwritable`.
 */
export async function readDataset(request: DatasetRequest): Promise<DatasetReport> {
  const found = await documentsOf(findSources(request), request);
  const { documents, sources, ...masks } = maskedIn(found.documents, found.sources, request);
  const kept = keptRows(documents, sources, request);
  const { rows } = kept;
  if (!request.mayBeFew) refuseTooLittle(kept);
  const asked = questionsIn(Object.values(rows).flat());
  const evidence = inferChoiceStyle(
    examplesIn(rows.train),
    asked.filter(({ made }) => !made),
  );
  const splits: Record<SplitName, Split | null> = {
    train: splitOf(rows.train.map((row) => asExample(row, evidence.style))),
    valid: splitOf(rows.valid),
    test: splitOf(rows.test),
    offDomain: rows.offDomain.length === 0 ? null : splitOf(rows.offDomain),
  };

  prepareFolder(request.out);
  for (const name of SPLITS) {
    const split = splits[name];
    if (split) await writeSplit(request.out, name, renderedSplit(split, evidence.style, request.chat));
  }
  const rowsHash = await writeStoredRows(request.out, rows);
  const hash = await datasetHash(request.out);
  const report = reportOf({ request, sources, masks, kept, evidence, splits, hash, rowsHash });
  await writeFileAtomic(join(request.out, REPORT_FILE), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

type KeptRows = ReturnType<typeof keptRows>;

/** The rows of each split, none of which is in another one too, and what was left out of them. */
function keptRows(whole: DocumentsBySplit, sources: SplitSources, request: DatasetRequest) {
  const { documents: read, replies } = unquoted(whole);
  const { documents, boilerplate } = cleaned(read, request.documents?.keepsBoilerplate ?? false);
  // What is left out of a split takes no row from another one.
  const { rows: rowsFound, madeLeftOut: leftOutFirst } = heldOutOfMainOrigin(rowsBySplit(documents, request));
  const keys = textKeys(Object.values(rowsFound).flat());
  const { rows: apart, duplicates, nearDuplicates: near } = removeLeakage(rowsFound, keys);
  const missing = (["test", "valid"] as const).filter((name) => sources[name].length === 0);
  const split = splitOff(apart, missing, request.seed, keys);
  const isFew = !isEnough(split.rows);
  if (isFew && !request.mayBeFew) {
    const ungrouped = splitOff(withoutGroups(apart), missing, request.seed, keys);
    if (isEnough(ungrouped.rows)) refuseGroups(documents.train);
  }
  const {
    rows: parted,
    parting,
    versions,
  } = isFew && request.mayBeFew ? { rows: apart, parting: undefined, versions: 0 } : split;
  const { rows: answers, answers: answersApart } = removeAnswerLeakage(parted);
  const { rows: answered, madeLeftOut: leftOutThen } = heldOutOfMainOrigin(answers); // also of what was split off
  const { rows, without } = request.documents?.makesQuestions
    ? withClozeQuestions(answered)
    : { rows: answered, without: [] };
  return {
    rows,
    /** What the missing splits were split off from. */
    whole: { rows: apart.train, missing },
    documents: Object.values(documents).flat(),
    replies,
    boilerplate,
    duplicates,
    parting,
    without,
    nearDuplicates: { ...near, withinTrain: near.withinTrain + versions },
    madeLeftOut: bySplit((name) => leftOutFirst[name] + leftOutThen[name]),
    severalAnswers: severalAnswersIn(rows, answersApart),
  };
}

function reportOf(made: {
  readonly request: DatasetRequest;
  readonly sources: SplitSources;
  readonly masks: Omit<ReturnType<typeof maskedIn>, "documents" | "sources">;
  readonly kept: KeptRows;
  readonly evidence: ChoiceStyleEvidence;
  readonly splits: Record<SplitName, Split | null>;
  readonly hash: string;
  readonly rowsHash: string;
}): DatasetReport {
  const { request, sources, masks, kept, evidence, splits, hash, rowsHash } = made;
  const { rows, documents, madeLeftOut, replies, severalAnswers, boilerplate, parting, without } = kept;
  const given = (name: "valid" | "test") => (sources[name].length > 0 ? sources[name] : sources.train);
  return DatasetReport.parse({
    hash,
    rowsHash,
    splits: {
      train: splits.train && splitReport(splits.train, sources.train),
      valid: splits.valid && splitReport(splits.valid, given("valid"), madeLeftOut.valid),
      test: splits.test && splitReport(splits.test, given("test"), madeLeftOut.test),
      offDomain: splits.offDomain && splitReport(splits.offDomain, sources.offDomain, madeLeftOut.offDomain),
    },
    choiceStyle: evidence.style,
    choiceStyleRows: { letters: evidence.letterRows, plain: evidence.plainRows },
    testBaselines: guessingOf(splits.test?.questions ?? []),
    duplicates: kept.duplicates,
    nearDuplicates: kept.nearDuplicates,
    ...masks,
    ...(replies > 0 && { replies }),
    ...(severalAnswers && { severalAnswers }),
    ...(boilerplate && { boilerplate }),
    ...(parting && { parting }),
    ...(without.length > 0 && { withoutMadeQuestions: without }),
    ...whatWasRead(documents),
    ...(request.countTokens && { tokenLengths: tokenLengths(rows.train, request.countTokens, request.chat) }),
    notes: notesOf({ ...kept, sources, evidence, masked: masks.masked }),
  });
}

type DocumentsBySplit = Record<SplitName, FoundDocument[]>;

/** The documents of the sources, and the sources without pictures in which no text was found. */
async function documentsOf(
  sources: SplitSources,
  request: DatasetRequest,
): Promise<{ documents: DocumentsBySplit; sources: SplitSources }> {
  const { train, valid, test, offDomain } = sources;
  const { mappings, sampleRows, seed, recognised, onProgress } = request;
  const of = train.length + valid.length + test.length + offDomain.length;
  let done = 0;
  const onRead = async () => onProgress?.({ done: ++done, of });
  const mayLack = (path: string) => mayLackText(path, request);
  const options = { onRead, mayLack, ...(recognised !== undefined && { recognised }) };
  const draw = sampleRows === undefined ? {} : { draw: { rows: sampleRows, seed } };
  const documents = {
    train: await readDocuments(train, mappings, { ...options, ...draw }),
    valid: await readDocuments(valid, mappings, options),
    test: await readDocuments(test, mappings, options),
    offDomain: await readDocuments(offDomain, mappings, options),
  };
  [...documents.test, ...documents.offDomain].forEach(refuseLeftOut);
  const read = new Set(SPLITS.flatMap((name) => documents[name].map(({ path }) => path)));
  const unread = SPLITS.flatMap((name) => sources[name].filter((path) => !read.has(path)));
  return {
    documents,
    sources: {
      ...bySplit((name) => sources[name].filter((path) => read.has(path))),
      leftOut: [...sources.leftOut, ...unread.map((path): NotRead => ({ path, why: "no-text" }))],
    },
  };
}

/**
 * Masks personal data, consistently across splits, in the names of documents, and in what the report shows of them. If nothing is to be masked, `masked` and `source`, the
 * masked name of the first `chosen` path, are missing.
 */
function maskedIn(
  documents: DocumentsBySplit,
  sources: SplitSources,
  { data: chosen, documents: choices }: DatasetRequest,
): { documents: DocumentsBySplit; sources: SplitSources; masked?: MaskedKind[]; source?: string } {
  const { masks = [], maskList = [] } = choices ?? {};
  if (masks.length + maskList.length === 0) return { documents, sources };
  const rows = SPLITS.flatMap((name) => documents[name].flatMap((document) => document.rows));
  const { maskedRows, maskedNames, masked, maskShown } = maskRows(
    rows,
    masks,
    namesIn(rows, sources, chosen),
    maskList,
  );
  const named = (path: string) => maskedNames.get(path) ?? path;
  const withMasks = (document: FoundDocument): FoundDocument => ({
    ...withShownTexts(document, {
      text: (text) => maskShown.text(document.path, text),
      fileName: (name) => maskShown.fileName(document.path, name),
    }),
    path: named(document.path),
    rows: document.rows.map((row) => renamed(maskedRows.get(row) ?? row, named)),
  });
  return {
    documents: bySplit((name) => documents[name].map(withMasks)),
    sources: {
      ...bySplit((name) => sources[name].map(named)),
      leftOut: sources.leftOut.map((one) => ({ ...one, path: named(one.path) })),
    },
    masked,
    source: renamedSource(chosen[0]!, sources, named),
  };
}

/** Removes what messages of training, validation and test data quote from each other; `replies`: how many had such a quote. */
function unquoted(documents: DocumentsBySplit): { documents: DocumentsBySplit; replies: number } {
  const isMessage = ({ format }: FoundDocument) => format === "eml" || format === "msg";
  const messages = COLLECTION.flatMap((name) => documents[name].filter(isMessage));
  const { cleaned, replies } = withoutQuotes(messages.flatMap(({ rows }) => rows.filter(isText)));
  return { documents: replies === 0 ? documents : withTexts(documents, isMessage, cleaned), replies };
}

/** The splits that are searched together for boilerplate and quotes. */
const COLLECTION = ["train", "valid", "test"] as const;

/** Replaces the collection's texts by their cleaned ones; texts without one are removed. */
function withTexts(
  documents: DocumentsBySplit,
  isMeant: (document: FoundDocument) => boolean,
  cleaned: ReadonlyMap<TextRow, TextRow>,
): DocumentsBySplit {
  const changed = (document: FoundDocument): FoundDocument => ({
    ...document,
    rows: document.rows.flatMap((row): (Row | TextRow)[] => {
      const kept = isText(row) ? cleaned.get(row) : row;
      return kept ? [kept] : [];
    }),
  });
  const one = (document: FoundDocument) => (isMeant(document) ? changed(document) : document);
  const { train, valid, test, offDomain } = documents;
  return { train: train.map(one), valid: valid.map(one), test: test.map(one), offDomain };
}

/** Leaves each piece of boilerplate of training, validation and test data, which are one collection, in one document only. */
function cleaned(
  documents: DocumentsBySplit,
  keepsLines: boolean,
): {
  documents: DocumentsBySplit;
  boilerplate: Boilerplate | null;
} {
  const lists = COLLECTION.map((name) => documents[name].flatMap(({ rows }) => rows.filter(isText)));
  const { cleaned, found } = boilerplateOnce(lists, { keepsLines });
  return { documents: found ? withTexts(documents, () => true, cleaned) : documents, boilerplate: found };
}

function rowsBySplit(documents: DocumentsBySplit, request: DatasetRequest): SplitRows {
  return bySplit((name) => documents[name].flatMap((document) => rowsOf(document, request)));
}

/** The rows with the questions of each held-out split of one origin; `madeLeftOut`: how many questions were left out for that. */
function heldOutOfMainOrigin(rows: SplitRows): { rows: SplitRows; madeLeftOut: Record<SplitName, number> } {
  const all = bySplit((name) =>
    name === "train" ? { rows: rows.train, madeLeftOut: 0 } : ofMainOrigin(rows[name]),
  );
  return { rows: bySplit((name) => all[name].rows), madeLeftOut: bySplit((name) => all[name].madeLeftOut) };
}

function whatWasRead(documents: readonly FoundDocument[]): Pick<DatasetReport, "leftOut" | "mappings"> {
  const leftOut = documents.flatMap(({ path, leftOut }) => leftOut.map((one) => ({ path, ...one })));
  const mappings = documents.flatMap(({ path, mapping }) => (mapping ? [[path, mapping] as const] : []));
  return {
    leftOut: leftOut.slice(0, MAX_SHOWN),
    mappings: Object.fromEntries(mappings.slice(0, MAX_SHOWN)),
  };
}

const NEEDED = ["train", "valid", "test"] as const;

function isEnough(rows: SplitRows): boolean {
  return NEEDED.every((name) => rows[name].length >= FEWEST_ROWS[name]);
}

function withoutGroups(rows: SplitRows): SplitRows {
  return { ...rows, train: rows.train.map(({ group: _, ...row }) => row) };
}

/** Refuses data that would have enough rows if those of a group did not have to stay together. */
function refuseGroups(documents: readonly FoundDocument[]): void {
  const groupOf = ({ mapping }: FoundDocument) => (mapping && "group" in mapping ? mapping.group : undefined);
  const grouped = documents.find((document) => groupOf(document) !== undefined);
  if (grouped)
    fail({
      code: "bad-data",
      path: grouped.path,
      reason: { code: "large-group", group: groupOf(grouped)! },
    });
}

function refuseTooLittle({ rows, whole }: Pick<KeptRows, "rows" | "whole">): void {
  const least = [...whole.missing, "train" as const].reduce((sum, name) => sum + FEWEST_ROWS[name], 0);
  if (whole.rows.length > 0 && whole.rows.length < least) {
    const what = whole.rows.every(({ passage }) => passage) ? "passages" : "rows";
    fail({ code: "too-little-data", what, rows: whole.rows.length, needed: least });
  }
  for (const name of NEEDED) {
    const [found, needed] = [rows[name].length, FEWEST_ROWS[name]];
    if (found < needed)
      fail({
        code: "too-little-data",
        what: { code: "own-rows", split: name },
        rows: found,
        needed,
      });
  }
}

/** Makes the folder and removes an earlier dataset from it, so that an incomplete one never looks complete. */
function prepareFolder(folder: string): void {
  try {
    makeFolder(folder);
    for (const file of [REPORT_FILE, ...Object.values(SPLIT_FILES)])
      rmSync(join(folder, file), { force: true });
    removeStoredRows(folder);
  } catch (error) {
    fail({ code: "unwritable", path: folder, reason: { code: "system", detail: (error as Error).message } });
  }
}

/** For training, a question is an example like any other. */
function asExample(row: Row, style: ChoiceStyle): Row {
  if (row.kind !== "question") return row;
  return { line: row.line, kind: "example", example: questionExample(row.question, style) };
}

function severalAnswersIn(rows: SplitRows, keptApart: number): SeveralAnswers | null {
  const several = Object.values(rows)
    .flat()
    .flatMap((row) => (row.kind === "conversation" ? [row.conversation] : []))
    .filter((conversation) => conversation.filter(isAnswer).length > 1);
  if (several.length === 0) return null;
  const turns = several.flat();
  return {
    conversations: several.length,
    answers: turns.filter(isAnswer).length,
    learnt: turns.filter(isLearnt).length,
    keptApart,
  };
}
