/** The rows of documents, and their unusable rows. */
import { leftOutText } from "../../preload/contract/failures/left-out.ts";
import type { BadDataReason } from "../../preload/contract/failures/bad-data.ts";
import { AppError, fail } from "../../native-models/failure.ts";
import type {
  DataFormat,
  FieldMapping,
  FieldMappings,
  LeftOutRows,
} from "../../preload/contract/data/data.ts";
import type { FileDetails } from "../../preload/contract/data/inspection.ts";
import type { LeftOutReason } from "../../preload/contract/failures/left-out.ts";
import { placeKindOf } from "../../preload/contract/data/places.ts";
import { rowOfRecord, TableText, UnusableRecord } from "./records/apply-mapping.ts";
import { openDocument } from "./formats.ts";
import { columnsOf, guessMapping, ownMappings, tableMapping } from "./records/guess-mapping.ts";
import { RowSample } from "./splits/row-sample.ts";
import type { Draw } from "./splits/row-sample.ts";
import type { DataRecord, Fields, OpenDocument, ReadingOptions, Row, TextRow } from "./row.ts";

/** How many records a mapping is guessed from. */
const GUESSING_RECORDS = 1000;
const MOST_REASONS = 20;
const MOST_LINES = 5;

/** What is known of a document when all of its rows have been seen. */
export interface SeenDocument {
  readonly path: string;
  readonly format: DataFormat;
  readonly details: FileDetails;
  /** The given mapping, or else the guessed one; null if the records' own names determine it, if no guess was possible, and for text. */
  readonly mapping: FieldMapping | null;
  /** The first records; none for a text. */
  readonly head: readonly Fields[];
  /** The columns of these records, in the order of the file. */
  readonly columns: readonly string[];
  /** How many usable rows there are, a text counted as one. */
  readonly count: number;
  readonly leftOut: readonly LeftOutRows[];
}

/** The readable content of a document. */
export interface FoundDocument extends SeenDocument {
  /** Texts are whole (cut-texts.ts). */
  readonly rows: readonly (Row | TextRow)[];
}

export interface DocumentsRequest extends ReadingOptions {
  readonly draw?: Draw;
  /** Called after each document; if it throws, no more are read. */
  readonly onRead?: () => Promise<void>;
  /** Whether a document is left out if it cannot be used; by default none is. */
  readonly mayLack?: (path: string) => boolean;
}

/**
 * The rows of several documents, all of them or a draw from all, in memory. Throws `unsupported-format`, `not-found`,
 * `unreadable`, `too-much-data` (over 128 million characters), `bad-data`: a document without any row, or one with mostly
 * unusable rows.
 */
export async function readDocuments(
  paths: readonly string[],
  mappings: FieldMappings = {},
  { draw, onRead, mayLack = () => false, ...options }: DocumentsRequest = {},
): Promise<FoundDocument[]> {
  const sample = new RowSample(draw);
  const seen = new Map<number, SeenDocument>();
  for (const [file, path] of paths.entries()) {
    const take = (row: Row | TextRow) => sample.take(path, file, row);
    try {
      const document = findRows(path, await openDocument(path, options), mappings[path], take);
      refuseUnusable(document);
      seen.set(file, document);
    } catch (error) {
      const isBad = error instanceof AppError && error.failure.code === "bad-data";
      if (!isBad || !mayLack(path)) throw error;
    }
    await onRead?.();
  }
  const rows = sample.byFile();
  return [...seen].map(([file, document]) => ({ ...document, rows: rows.get(file) ?? [] }));
}

/**
 * Passes on each row of an opened document, with the fields of its record, and counts unusable ones by their reasons. Throws `unreadable`,
 * `bad-data`.
 */
export function findRows(
  path: string,
  document: OpenDocument,
  given: FieldMapping | undefined,
  take: (row: Row | TextRow, fields?: Fields) => void,
): SeenDocument {
  const { format, details } = document;
  let count = 0;
  const add = (row: Row | TextRow, fields?: Fields) => {
    take(row, fields);
    count++;
  };
  if (document.kind === "text") {
    const blocks = [...document.blocks];
    if (blocks.length > 0) add({ line: 1, kind: "text", document: path, blocks, isRecord: false });
    return { path, format, details, mapping: null, head: [], columns: [], count, leftOut: [] };
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
  const { head, isWhole, all } = withHead(document.records);
  const headFields = head.map(({ fields }) => fields);
  const columns = document.columns ?? head[0]?.columns ?? columnsOf(headFields);
  const ownMapping = ownMappings(headFields);
  const foreign = head.filter(({ fields, problem }) => problem === undefined && !ownMapping(fields));
  const foreignFields = foreign.map(({ fields }) => fields);
  const guess = () => (document.columns ? null : guessMapping(foreignFields, isWhole));
  const guessed = foreign.length === 0 ? null : (guess() ?? tableMapping(format, columns));
  const used = given ?? guessed;
  const table = used?.kind === "table" ? new TableText(used.columns) : undefined;
  const mapped = given && document.columns ? mappedColumns(given, document.columns) : [];
  const otherTables = new Set<string | undefined>();
  for (const record of all) {
    const { fields, problem } = record;
    try {
      if (problem !== undefined) throw new UnusableRecord(problem);
      if (table) {
        table.add(record);
        continue;
      }
      if (mapped.some((column) => !record.columns?.includes(column))) {
        otherTables.add(record.table);
        continue;
      }
      const mapping = given ?? ownMapping(fields) ?? guessed ?? guessMapping([fields]);
      if (!mapping || mapping.kind === "table") throw new UnusableRecord(whatIsMissing(fields));
      add(rowOfRecord(record, mapping, path), fields);
    } catch (error) {
      if (!(error instanceof UnusableRecord)) throw error;
      leaveOut(error.reason, record.line);
    }
  }
  if (table && table.blocks.length > 0) {
    const { blocks } = table;
    const line = blocks.find((block) => block.kind === "row" && !block.isHeader)!.place;
    add({ line, kind: "text", document: path, blocks, isRecord: false });
  }
  const leftOut = [...reasons.values()];
  const shown = withUnread(details, otherTables);
  return { path, format, details: shown, mapping: used, head: headFields, columns, count, leftOut };
}

/** The columns that a mapping names. */
function mappedColumns(mapping: FieldMapping, columns: readonly string[]): string[] {
  const named: unknown[] = Object.values(mapping).flat();
  return columns.filter((column) => named.includes(column));
}

/** Says of the sheets with these names that they have other columns. */
function withUnread(details: FileDetails, tables: ReadonlySet<string | undefined>): FileDetails {
  if (tables.size === 0 || !details.sheets) return details;
  const sheets = details.sheets.map((sheet) =>
    tables.has(sheet.name) ? { ...sheet, unread: "other-columns" as const } : sheet,
  );
  return { ...details, sheets };
}

/**
 * Throws `bad-data` if a document has no row, or more rows are left out than read: then the document is the problem rather than
 * its rows.
 */
export function refuseUnusable({ path, format, count, leftOut }: SeenDocument): void {
  const isProblem = ({ reason }: LeftOutRows) => reason.code !== "bad-answer" || count === 0;
  const unusable = leftOut.filter(isProblem).reduce((sum, { rows }) => sum + rows, 0);
  if (count === 0 && unusable === 0) fail({ code: "bad-data", path, reason: "empty" });
  if (unusable <= count) return;
  const { reason, lines } = [...leftOut].sort((a, b) => b.rows - a.rows)[0]!;
  if (count === 0 && reason.code === "unknown-columns")
    fail({ code: "bad-data", path, reason: { code: "row", place: "file", why: reason } });
  fail({ code: "bad-data", path, line: lines[0]!, reason: ofRecord(format, reason) });
}

/**
 * Throws `bad-data` at the first row that is left out: figures from part of a test set are not the test set's, so a test set is
 * used completely or not at all.
 */
export function refuseLeftOut({ path, format, leftOut }: SeenDocument): void {
  const first = leftOut.find(({ reason }) => reason.code !== "bad-answer");
  if (!first) return;
  const reason = ofRecord(format, first.reason);
  fail({ code: "bad-data", path, line: first.lines[0]!, reason });
}

/** "the line has an empty completion" */
function ofRecord(format: DataFormat, why: LeftOutReason): BadDataReason {
  return { code: "row", place: placeKindOf(format) === "row" ? "row" : "line", why };
}

/** The first records as a list, whether they are all of them, and all records. */
function withHead(records: Iterable<DataRecord>): {
  head: DataRecord[];
  isWhole: boolean;
  all: Iterable<DataRecord>;
} {
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
  return { head, isWhole: head.length < GUESSING_RECORDS, all: all() };
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
