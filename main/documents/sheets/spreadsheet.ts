/** Spreadsheets (XLSX through hucre, XLS and ODS): the rows below a header, as a person reads their cells. */
import { zipSync } from "fflate";
import type { Sheet, Workbook } from "hucre/xlsx";
import { EXTENSIONS } from "../../../preload/contract/data/data-files.ts";
import type { ReadSheet } from "../../../preload/contract/data/inspection.ts";
import type { CompoundFormat } from "../compound-file.ts";
import { decodeXml } from "../markup/declared-encoding.ts";
import { guessMapping } from "../records/guess-mapping.ts";
import { refuseProtected } from "../markup/odf-protected.ts";
import { odsSheets } from "./ods-sheets.ts";
import type { DataRecord, Fields } from "../row.ts";
import type { SheetTable } from "./sheet-table.ts";
import { shownPart } from "./shown-part.ts";
import type { StoredSheet } from "./shown-part.ts";
import { BadDocument } from "../bad-document.ts";
import type { ArchivedFormat, RecordContent } from "../whole-document.ts";
import type { ZipArchive } from "../files/zip.ts";

const XLSX_PART = "xl/workbook.xml";
/** The stream with the sheets. */
const XLS_STREAM = "Workbook";
const ODS_PART = "content.xml";
/** Of workbooks and their templates. */
const ODS_TYPE = "application/vnd\\.oasis\\.opendocument\\.spreadsheet(?:-template)?";
const IS_ODS = new RegExp(`^${ODS_TYPE}$`);
/** Real tables are far smaller; in memory, cells take ten times as much. */
const LARGEST_UNPACKED_BYTES = 48 * 2 ** 20;
/** The parts with cells, their formats and the sheets' names; no pictures, charts, comments and links. */
const PARTS =
  /^(\[Content_Types\]\.xml|_rels\/\.rels|xl\/[^/]+\.xml|xl\/_rels\/[^/]+\.rels|xl\/worksheets\/[^/]+\.xml)$/;
/** How many records a mapping is guessed from. */
const GUESSING_RECORDS = 100;
const MOST_SHEETS_SHOWN = 50;

/** Workbooks of Excel. */
export const xlsx: ArchivedFormat = {
  extensions: EXTENSIONS.xlsx,
  isIn: (archive) => archive.has(XLSX_PART),
  async read(archive) {
    const { readXlsx } = await import("hucre/xlsx"); // only here, so that the engine loads sooner
    const { readWithDurations } = await import("./durations.ts");
    return contentOf(
      "xlsx",
      await sheetsOf(archive, (contents) =>
        readWithDurations((dateSystem) => readXlsx(contents, { readStyles: true, dateSystem })),
      ),
    );
  },
};

/** Workbooks of Excel before 2007. */
export const xls: CompoundFormat = {
  extensions: EXTENSIONS.xls,
  isIn: (file) => file.hasStream(XLS_STREAM),
  async read(file) {
    const bytes = file.stream(XLS_STREAM) ?? Buffer.alloc(0);
    if (bytes.length > LARGEST_UNPACKED_BYTES) throw new BadDocument("too-many-cells");
    const { xlsSheets } = await import("./xls/sheets.ts"); // it loads more of hucre
    return contentOf("xls", xlsSheets(bytes));
  },
};

/** Workbooks of LibreOffice. */
export const ods: ArchivedFormat = {
  extensions: EXTENSIONS.ods,
  isIn: (archive) =>
    archive.has(ODS_PART) && archive.has("mimetype") && IS_ODS.test(archive.read("mimetype").toString()),
  async read(archive) {
    archive.limitTo(LARGEST_UNPACKED_BYTES);
    refuseProtected(archive);
    return contentOf("ods", { sheets: odsSheets(decodeXml(archive.read(ODS_PART))) });
  },
};

/**
 * The records of a workbook's sheets: of the first sheet whose columns are understood, and of all with the same columns; if none is
 * understood, of all.
 */
async function contentOf(
  format: "xlsx" | "xls" | "ods",
  { sheets, dateSystem }: SheetsRead,
): Promise<RecordContent> {
  const { tableOf } = await import("./sheet-table.ts"); // it loads more of hucre
  const { conventionsOf } = await import("./cell-text.ts");
  const conventions = conventionsOf(sheets, dateSystem === "1904");
  const tables = sheets.map((sheet): SheetRead => {
    if (isHidden(sheet)) return { sheet, table: null };
    const part = shownPart(sheet);
    return { sheet, table: tableOf(part, conventions), left: part.left };
  });
  const shown = tables.filter(hasTable);
  if (shown.length === 0) {
    const hidesSome = tables.some(({ left }) => !left || left.rows + left.columns > 0);
    throw new BadDocument(hidesSome ? "no-visible-table" : "no-table");
  }
  const understood = shown.find(({ table }) => isUnderstood(table));
  const read = understood ? shown.filter(({ table }) => sameColumns(table, understood.table)) : shown;
  const listed = tables.slice(0, MOST_SHEETS_SHOWN).map((one): ReadSheet => {
    const { sheet, table, left } = one;
    const unread = isHidden(sheet) ? "hidden" : table === null ? "no-table" : "other-columns";
    return {
      name: sheet.name,
      rows: table?.rows.length ?? 0,
      unread: hasTable(one) && read.includes(one) ? null : unread,
      ...(left && left.rows > 0 && { hiddenRows: left.rows }),
      ...(left && left.columns > 0 && { hiddenColumns: left.columns }),
    };
  });
  const isSeveral = !understood && read.length > 1;
  return {
    format,
    details: { sheets: listed },
    records: recordsOf(read, isSeveral),
    ...(isSeveral && { columns: [...new Set(read.flatMap(({ table }) => table.columns))] }),
  };
}

interface SheetRead {
  readonly sheet: StoredSheet;
  readonly table: SheetTable | null;
  readonly left?: { readonly rows: number; readonly columns: number };
}

type ShownTable = SheetRead & { readonly table: SheetTable };

const hasTable = (one: SheetRead): one is ShownTable => one.table !== null;

/** The sheets of a workbook, and the year that its days are counted from. */
interface SheetsRead extends Pick<Workbook, "dateSystem"> {
  readonly sheets: readonly StoredSheet[];
}

/** hucre unpacks archives without our limits, so it gets an uncompressed archive of the parts that we unpacked within them. */
async function sheetsOf(
  archive: ZipArchive,
  read: (archive: Uint8Array) => Promise<SheetsRead>,
): Promise<SheetsRead> {
  archive.limitTo(LARGEST_UNPACKED_BYTES);
  const parts = archive.entries.filter(({ name }) => PARTS.test(name));
  const unique = new Map(parts.map((part) => [part.name, part]));
  const contents = zipSync(
    Object.fromEntries([...unique].map(([name, part]) => [name, archive.read(part)])),
    { level: 0 },
  );
  try {
    return await read(contents);
  } catch (error) {
    const { name, message } = error as Error;
    if (name === "EncryptedFileError" || /encrypt/i.test(message)) throw new BadDocument("password");
    if (/limit/.test(message)) throw new BadDocument("too-many-cells");
    throw new BadDocument("damaged");
  }
}

function isHidden({ hidden, veryHidden }: Sheet): boolean {
  return hidden === true || veryHidden === true;
}

/** Whether questions, answers or texts are recognised in a table. */
function isUnderstood({ columns, rows }: SheetTable): boolean {
  const records = rows.slice(0, GUESSING_RECORDS).map(({ cells }) => fieldsOf(columns, cells));
  return guessMapping(records) !== null;
}

function sameColumns(one: SheetTable, other: SheetTable): boolean {
  return one.columns.join("\n") === other.columns.join("\n");
}

/** The rows of all sheets; `line` is the line in the row's own sheet. */
function* recordsOf(tables: readonly ShownTable[], isNamed: boolean): Generator<DataRecord> {
  for (const { sheet, table } of tables)
    for (const { line, cells } of table.rows) {
      const { columns } = table;
      yield { line, fields: fieldsOf(columns, cells), columns, ...(isNamed && { table: sheet.name }) };
    }
}

function fieldsOf(columns: readonly string[], cells: readonly string[]): Fields {
  return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""]));
}
