/** Spreadsheets (XLSX and ODS), through hucre: the rows below a header, as a person reads their cells. */
import { readOds } from "hucre/ods";
import { readXlsx } from "hucre/xlsx";
import type { Sheet } from "hucre/xlsx";
import { fail } from "../../../native-models/failure.ts";
import { EXTENSIONS } from "../../../preload/contract/data-files.ts";
import type { ReadSheet } from "../../../preload/contract/inspection.ts";
import { guessMapping } from "./guess-mapping.ts";
import { openDocumentFile, readDocumentBytes } from "./regular-file.ts";
import type { DataRecord, DocumentFormat, Fields } from "./row.ts";
import { tableOf } from "./sheet-table.ts";
import type { SheetTable } from "./sheet-table.ts";
import { storedZip } from "./stored-zip.ts";
import { BadArchive, ZipArchive } from "./zip.ts";

const XLSX_PART = "xl/workbook.xml";
const ODS_PART = "content.xml";
const ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet";
/** A person's tables are far smaller; cells in memory take ten times as much. */
const LARGEST_UNPACKED_BYTES = 48 * 2 ** 20;
/** The parts with cells, their formats and the sheets' names; no pictures, charts, comments and links. */
const PARTS =
  /^(\[Content_Types\]\.xml|_rels\/\.rels|mimetype|META-INF\/manifest\.xml|(content|styles)\.xml|xl\/[^/]+\.xml|xl\/_rels\/[^/]+\.rels|xl\/worksheets\/[^/]+\.xml)$/;
/** Records from which a mapping is guessed. */
const GUESSING_RECORDS = 100;
const MOST_SHEETS_TOLD = 50;

/** Whether a ZIP archive is a spreadsheet. Throws `not-found`, `unreadable`. */
export function isSpreadsheet(path: string): boolean {
  const file = openDocumentFile(path);
  try {
    return kindOf(new ZipArchive(file)) !== null;
  } catch (error) {
    if (error instanceof BadArchive) return false; // whoever reads it next says why
    throw error;
  } finally {
    file.close();
  }
}

function kindOf(archive: ZipArchive): "xlsx" | "ods" | null {
  if (archive.has(XLSX_PART)) return "xlsx";
  const isOds =
    archive.has(ODS_PART) && archive.has("mimetype") && archive.read("mimetype").toString() === ODS_TYPE;
  return isOds ? "ods" : null;
}

/**
 * The records of a workbook's sheets: of the first whose columns are understood, and of those with the same columns. Throws
 * `not-found`, `unreadable`, and `bad-data`: damaged, protected, without a table.
 */
export const spreadsheet: DocumentFormat = {
  extensions: [...EXTENSIONS.xlsx, ...EXTENSIONS.ods],
  async open(path) {
    const refuse = (reason: string): never => fail({ code: "bad-data", path, reason });
    const { kind, sheets } = await sheetsOf(readDocumentBytes(path), refuse);
    const tables = sheets.map((sheet) => ({ sheet, table: isHidden(sheet) ? null : tableOf(sheet) }));
    const chosen = chosenTable(tables.flatMap(({ table }) => table ?? []));
    if (!chosen) return refuse("it has no sheet with a row of column names and rows below it");
    const isRead = (table: SheetTable | null) => table !== null && sameColumns(table, chosen);
    const told = tables.map(({ sheet, table }): ReadSheet => {
      const unread = isHidden(sheet) ? "hidden" : table === null ? "no-table" : "other-columns";
      return { name: sheet.name, rows: table?.rows.length ?? 0, unread: isRead(table) ? null : unread };
    });
    const read = tables.flatMap(({ table }) => (table && isRead(table) ? [table] : []));
    const details = { sheets: told.slice(0, MOST_SHEETS_TOLD) };
    return { format: kind, kind: "records", details, records: recordsOf(read) };
  },
};

async function sheetsOf(
  bytes: Buffer,
  refuse: (reason: string) => never,
): Promise<{ kind: "xlsx" | "ods"; sheets: readonly Sheet[] }> {
  let contents: Buffer;
  let kind: "xlsx" | "ods" | null;
  try {
    const archive = new ZipArchive(bytes, LARGEST_UNPACKED_BYTES);
    kind = kindOf(archive);
    const parts = archive.entries.filter(({ name }) => PARTS.test(name));
    const unique = new Map(parts.map((part) => [part.name, part]));
    contents = storedZip(
      [...unique.values()].map(({ name, crc32 }) => ({ name, crc32, content: archive.read(name) })),
    );
  } catch (error) {
    if (error instanceof BadArchive) return refuse(`the file ${error.message}`);
    throw error;
  }
  if (kind === null) return refuse("it is no spreadsheet");
  try {
    const read = kind === "xlsx" ? readXlsx : readOds;
    return { kind, sheets: (await read(contents, { readStyles: true })).sheets };
  } catch (error) {
    return refuse(whyUnreadable(error as Error));
  }
}

function whyUnreadable({ name, message }: Error): string {
  if (name === "EncryptedFileError" || /encrypt/i.test(message))
    return "it is protected by a password; save it without one";
  if (/limit/.test(message))
    return "a sheet has too many cells; save the part that is needed as a sheet of its own";
  return "its sheets cannot be read; the file is damaged";
}

function isHidden({ hidden, veryHidden }: Sheet): boolean {
  return hidden === true || veryHidden === true;
}

/** The first table whose columns are understood, otherwise the longest, so that a person can say what its columns are. */
function chosenTable(tables: readonly SheetTable[]): SheetTable | undefined {
  const understood = tables.find((table) => {
    const rows = table.rows.slice(0, GUESSING_RECORDS);
    return guessMapping(rows.map(({ cells }) => fieldsOf(table.columns, cells))) !== null;
  });
  return understood ?? [...tables].sort((a, b) => b.rows.length - a.rows.length)[0];
}

function sameColumns(one: SheetTable, other: SheetTable): boolean {
  return one.columns.join("\n") === other.columns.join("\n");
}

/** The rows of all sheets; `line` is that in its own sheet. */
function* recordsOf(tables: readonly SheetTable[]): Generator<DataRecord> {
  for (const { columns, rows } of tables)
    for (const { line, cells } of rows) yield { line, fields: fieldsOf(columns, cells) };
}

function fieldsOf(columns: readonly string[], cells: readonly string[]): Fields {
  return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""]));
}
