/** The rows of documents, and their unusable rows. */
import { fail } from "../../../native-models/failure.ts";
import type { DataFormat, FieldMapping, FieldMappings, LeftOut } from "../../../preload/contract/data.ts";
import type { FileDetails } from "../../../preload/contract/inspection.ts";
import { leftOutText } from "../../../preload/contract/left-out.ts";
import type { LeftOutReason } from "../../../preload/contract/left-out.ts";
import { rowOfRecord, UnusableRecord } from "./apply-mapping.ts";
import { openDocument } from "./formats.ts";
import { columnsOf, guessMapping, ownMapping } from "./guess-mapping.ts";
import { charactersIn } from "./row.ts";
import type { DataRecord, Fields, OpenDocument, ReadingOptions, Row, TextRow } from "./row.ts";

/** Records from which a mapping is guessed. */
const GUESSING_RECORDS = 1000;
/** Far more than this kind of computer can train on, little enough to hold at once, and within a string as JSON. */
const MOST_MILLION_CHARACTERS = 128;
const MOST_REASONS = 20;
const MOST_LINES = 5;

/** The readable content of a document. */
export interface FoundDocument {
  readonly path: string;
  readonly format: DataFormat;
  readonly details: FileDetails;
  /** As given, otherwise as guessed; null if the records' own names determine it, if no guess was possible, and for text. */
  readonly mapping: FieldMapping | null;
  /** The first records; none for a text. */
  readonly head: readonly Fields[];
  /** Texts are whole (cut-texts.ts). */
  readonly rows: readonly (Row | TextRow)[];
  readonly leftOut: readonly LeftOut[];
}

/** Counts down the characters that may still be read, over all documents of a dataset. */
export class CharacterLimit {
  #left = MOST_MILLION_CHARACTERS * 1e6;

  /** Throws `bad-data` at the row that exceeds the limit. */
  take(path: string, row: Row | TextRow): void {
    this.#left -= charactersIn(row);
    if (this.#left >= 0) return;
    const reason = `the data has more than ${MOST_MILLION_CHARACTERS} million characters; use a part of it`;
    fail({ code: "bad-data", path, line: row.line, reason });
  }
}

/**
 * The rows of several documents, all in memory. Throws `unsupported-format`, `not-found`, `unreadable`, `bad-data`: over 128
 * million characters, a document without any row, or one with mostly unusable rows.
 */
export async function readDocuments(
  paths: readonly string[],
  mappings: FieldMappings = {},
  options: ReadingOptions = {},
): Promise<FoundDocument[]> {
  const limit = new CharacterLimit();
  const documents: FoundDocument[] = [];
  for (const path of paths) documents.push(await readDocument(path, mappings[path], limit, options));
  return documents;
}

/** One document. Throws what `readDocuments` throws. */
export async function readDocument(
  path: string,
  mapping?: FieldMapping,
  limit = new CharacterLimit(),
  options: ReadingOptions = {},
): Promise<FoundDocument> {
  const found = findRows(path, await openDocument(path, options), mapping, limit);
  refuseUnusable(found);
  return found;
}

/** All rows of an opened document, and the reasons of unusable ones. Throws `unreadable`, `bad-data`. */
export function findRows(
  path: string,
  document: OpenDocument,
  given: FieldMapping | undefined,
  limit: CharacterLimit,
): FoundDocument {
  const { format, details } = document;
  const rows: (Row | TextRow)[] = [];
  const add = (row: Row | TextRow) => {
    limit.take(path, row);
    rows.push(row);
  };
  if (document.kind === "text") {
    const blocks = [...document.blocks];
    if (blocks.length > 0) add({ line: 1, kind: "text", document: path, blocks, isRecord: false });
    return { path, format, details, mapping: null, head: [], rows, leftOut: [] };
  }

  /** By their texts. */
  const reasons = new Map<string, { reason: LeftOutReason; rows: number; lines: number[] }>();
  const leaveOut = (found: LeftOutReason, line: number) => {
    const isTold = reasons.has(leftOutText(found)) || reasons.size < MOST_REASONS;
    const reason: LeftOutReason = isTold ? found : { code: "other" };
    const known = reasons.get(leftOutText(reason)) ?? { reason, rows: 0, lines: [] };
    if (known.lines.length < MOST_LINES) known.lines.push(line);
    reasons.set(leftOutText(reason), { ...known, rows: known.rows + 1 });
  };
  const { head, all } = withHead(document.records);
  const foreign = head.filter(({ fields, problem }) => problem === undefined && !ownMapping(fields));
  const guessed = foreign.length === 0 ? null : guessMapping(foreign.map(({ fields }) => fields));
  for (const record of all) {
    const { fields, problem } = record;
    try {
      if (problem !== undefined) throw new UnusableRecord(problem);
      const mapping = given ?? ownMapping(fields) ?? guessed ?? guessMapping([fields]);
      if (!mapping) throw new UnusableRecord(whatIsMissing(fields));
      add(rowOfRecord(record, mapping, path));
    } catch (error) {
      if (!(error instanceof UnusableRecord)) throw error;
      leaveOut(error.reason, record.line);
    }
  }
  const leftOut = [...reasons.values()];
  const fields = head.map(({ fields }) => fields);
  return { path, format, details, mapping: given ?? guessed, head: fields, rows, leftOut };
}

/**
 * Throws `bad-data` if a document has no row, or more rows are left out than read: then the document is the problem rather than
 * its rows.
 */
export function refuseUnusable({ path, rows, leftOut }: FoundDocument): void {
  const count = leftOut.reduce((sum, { rows }) => sum + rows, 0);
  if (rows.length === 0 && count === 0) fail({ code: "bad-data", path, reason: "the file is empty" });
  if (count <= rows.length) return;
  const { reason, lines } = [...leftOut].sort((a, b) => b.rows - a.rows)[0]!;
  const text = leftOutText(reason);
  if (rows.length === 0 && reason.code === "unknown-columns")
    fail({ code: "bad-data", path, reason: `the file ${text}` });
  fail({ code: "bad-data", path, line: lines[0]!, reason: `the line ${text}` });
}

/**
 * Throws `bad-data` at the first row that is left out: figures from part of a test set are not the test set's, so a test set is
 * used completely or not at all.
 */
export function refuseLeftOut({ path, leftOut }: FoundDocument): void {
  const [first] = leftOut;
  if (!first) return;
  fail({ code: "bad-data", path, line: first.lines[0]!, reason: `the line ${leftOutText(first.reason)}` });
}

/** The first records as a list, and all of them. */
function withHead(records: Iterable<DataRecord>): { head: DataRecord[]; all: Iterable<DataRecord> } {
  const iterator = records[Symbol.iterator]();
  const head: DataRecord[] = [];
  for (let next; head.length < GUESSING_RECORDS && !(next = iterator.next()).done;) head.push(next.value);
  function* all(): Generator<DataRecord> {
    try {
      yield* head;
      for (let next; !(next = iterator.next()).done;) yield next.value;
    } finally {
      iterator.return?.(); // closes its file
    }
  }
  return { head, all: all() };
}

function whatIsMissing(fields: Fields): LeftOutReason {
  const has = (...keys: string[]) => keys.every((key) => Object.hasOwn(fields, key));
  if (has("question", "choices")) return { code: "no-answer" };
  if (has("question")) return { code: "no-choices-and-answer" };
  if (has("choices")) return { code: "no-question" };
  if (has("prompt")) return { code: "no-completion" };
  if (has("completion")) return { code: "no-prompt" };
  const keys = columnsOf([fields]);
  if (keys.length === 0) return { code: "empty-object" };
  const columns = keys.slice(0, 5).map((key) => key.slice(0, 40));
  return { code: "unknown-columns", columns, more: keys.length > 5 };
}
