/** The supported document formats, identified by content; the name decides only if the content is ambiguous. */
import Papa from "papaparse";
import { AppError, fail } from "../../native-models/failure.ts";
import type { DataFormat } from "../../preload/contract/data/data.ts";
import {
  EXTENSIONS,
  extensionOf,
  isDataFile,
  usualExtensions,
} from "../../preload/contract/data/data-files.ts";
import type {
  BadDataReason,
  ClaimedKind,
  RefusedFormatName,
} from "../../preload/contract/failures/bad-data.ts";
import { refusedFormatOf } from "../../preload/contract/data/refused-formats.ts";
import { archived, compound } from "./archive.ts";
import { BlockList } from "./blocks/block-list.ts";
import type { Block } from "./blocks/blocks.ts";
import { isKnownName, namesIn } from "./records/column-names.ts";
import { holding } from "./files/container.ts";
import { delimited, delimiterOf } from "./records/delimited.ts";
import { eml } from "./mail/eml.ts";
import { isTableFormat } from "./records/guess-mapping.ts";
import { html } from "./markup/html.ts";
import { json } from "./records/json.ts";
import { jsonLines } from "./records/json-lines.ts";
import { markdown } from "./markup/markdown.ts";
import { parquet } from "./parquet/parquet.ts";
import { pdf } from "./pdf/pdf.ts";
import { picture } from "./ocr/picture.ts";
import { plainText } from "./plain-text.ts";
import { readBeginning } from "./files/regular-file.ts";
import { rtf } from "./office/rtf/reader.ts";
import type { AttachedDocument, DataRecord, DocumentFormat, OpenDocument, ReadingOptions } from "./row.ts";
import { isSavedPage } from "./markup/saved-page.ts";
import type { CellRow } from "./blocks/table-grid.ts";
import { utf16Of } from "./encodings/text-encoding.ts";
import { xml } from "./xml.ts";
import { LARGEST_UNPACKED_BYTES } from "./files/zip.ts";

const formats: readonly DocumentFormat[] = [
  ...[jsonLines, json, delimited, parquet, plainText, markdown, pdf],
  ...[archived, compound, html, xml, rtf, eml, picture],
];

/** Opens a document in its format. Throws `unsupported-format`, `not-found`, `unreadable`, `bad-data`. */
export async function openDocument(path: string, options?: ReadingOptions): Promise<OpenDocument> {
  return openedWith(path, options, { depth: 0, all: { left: MOST_ATTACHED } });
}

/** How many attachments are read with a message, including those of attached messages, and how deep messages may be nested. */
const MOST_ATTACHED = 25;
const MOST_MESSAGES_DEEP = 5;
const MOST_ATTACHED_ROWS = 10_000;

async function openedWith(
  path: string,
  options: ReadingOptions | undefined,
  { depth, all }: { readonly depth: number; readonly all: { left: number } },
): Promise<OpenDocument> {
  const beginning = readBeginning(path, 2 ** 16);
  if (beginning.length === 0) fail({ code: "bad-data", path, reason: "empty" });
  const format = formatOfBytes(path, beginning) ?? formatOfText(path, beginning);
  const unpacking = options?.unpacking ?? { leftBytes: LARGEST_UNPACKED_BYTES };
  return format.open(path, options, async (name, bytes) => {
    if (!isDataFile(name) || depth >= MOST_MESSAGES_DEEP || all.left-- <= 0) return undefined;
    return holding(path, name, bytes, (own) =>
      unlessUnusable(openedWith(own, { ...options, unpacking }, { depth: depth + 1, all })),
    );
  });
}

/** An attached document; undefined if it cannot be read, or is data rather than text. */
async function unlessUnusable(opening: Promise<OpenDocument>): Promise<AttachedDocument | undefined> {
  try {
    const document = await opening;
    const { format, details } = document;
    const blocks = document.kind === "text" ? [...document.blocks] : tableOf(document);
    const unread = details.attachments?.names ?? [];
    return blocks.length === 0
      ? undefined
      : { blocks, isMessage: format === "eml" || format === "msg", unread };
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** The blocks of an attached CSV file or spreadsheet; records of other formats are data for programs. */
function tableOf({ format, records }: Extract<OpenDocument, { kind: "records" }>): Block[] {
  if (!isTableFormat(format)) return [];
  const list = new BlockList();
  let rows: CellRow[] = [];
  let last: DataRecord | undefined;
  let count = 0;
  const end = () => {
    if (last?.table) list.heading(2, last.table);
    list.table(rows);
    rows = [];
  };
  for (const record of records) {
    const { fields, columns = [], table } = record;
    if (last && table !== last.table) end();
    if (rows.length === 0) rows.push({ cells: namesIn(columns).map((text) => ({ text })), isHeader: true });
    rows.push({ cells: columns.map((column) => ({ text: String(fields[column]) })), isHeader: false });
    last = record;
    if (++count >= MOST_ATTACHED_ROWS) break;
  }
  end();
  return list.blocks;
}

const OLD_WORD = { code: "refused-format", format: "oldWord" } as const;
const OLD_WORKBOOK = { code: "refused-format", format: "oldWorkbook" } as const;

/** Signatures of files that a person might take for a document, and what to do with each. */
const OTHER_FILES: readonly (readonly [string, BadDataReason])[] = [
  ["\xdb\xa5-\0", OLD_WORD],
  ["\x31\xbe\0\0\0\xab", OLD_WORD],
  ...["\t\0\x04\0", "\t\x02\x06\0", "\t\x04\x06\0", "\t\b\b\0", "\t\b\x10\0"].map(
    (bare) => [bare, OLD_WORKBOOK] as const,
  ),
  ["GGUF", "model"],
  ["\x1f\x8b", "gzip"],
];

function formatOfBytes(path: string, beginning: Buffer): DocumentFormat | null {
  const start = beginning.toString("latin1");
  if (start.slice(0, 1024).includes("%PDF-")) return pdf;
  if (start.startsWith("PK\x03\x04")) return archived;
  if (start.startsWith("{\\rtf")) return rtf;
  if (/^PAR[1E]/.test(start)) return parquet;
  if (start.startsWith("\xd0\xcf\x11\xe0")) return compound;
  if (/^(?:\x89PNG|\xff\xd8\xff|II\*\0|MM\0\*)/.test(start)) return picture;
  const other = OTHER_FILES.find(([signature]) => start.startsWith(signature));
  return other ? fail({ code: "bad-data", path, reason: other[1] }) : null;
}

function textOf(beginning: Buffer): string {
  const utf16 = utf16Of(beginning);
  const even = beginning.subarray(0, beginning.length & ~1);
  const bytes = utf16 === "utf-16be" ? Buffer.from(even).swap16() : beginning;
  return bytes
    .toString(utf16 ? "utf16le" : "utf8")
    .replace(/^\ufeff/, "")
    .trimStart();
}

function formatOfText(path: string, beginning: Buffer): DocumentFormat {
  const text = textOf(beginning);
  if (XML_WORKBOOK.test(text.slice(0, 2 ** 14))) refuse(path, "xmlWorkbook");
  const extension = extensionOf(path);
  const isDoc = extension === ".doc"; // which programs also give to texts and pages that Word opens
  const named = isDoc ? undefined : formats.find(({ extensions }) => extensions.includes(extension));
  if (text.startsWith("{") || text.startsWith("[")) {
    const found = formatOfJson(text, named);
    if (found) return found;
  }
  if (named === plainText && isTable(text)) return delimited;
  const found = formatOfMarkup(text, named) ?? (extension === ".xls" ? formatOfExport(text) : undefined);
  if (found) return found;
  if (isDoc) return isSavedPage(beginning) ? html : plainText;
  const claimed = CLAIMS[extension];
  if (claimed) fail({ code: "bad-data", path, reason: { code: "misnamed", as: claimed } });
  const refused = refusedFormatOf(path);
  if (refused) refuse(path, refused);
  return named ?? fail({ code: "unsupported-format", path, supported: [...usualExtensions] });
}

/** How a workbook in Excel's XML of 2003 begins. */
const XML_WORKBOOK =
  /^\s*(?:<\?[^>]*>\s*)*(?:<!--[^]{0,4096}?-->\s*)?<(?:\w+:)?Workbook\s[^>]*["']urn:schemas-microsoft-com:office:spreadsheet["']/;

function refuse(path: string, format: RefusedFormatName): never {
  return fail({ code: "bad-data", path, reason: { code: "refused-format", format } });
}

/** The kind of a format that is recognised by its first bytes, by its extension. */
const CLAIMS = namedBy({
  docx: "word",
  doc: "word",
  odt: "odt",
  epub: "epub",
  pptx: "presentation",
  odp: "odp",
  xlsx: "spreadsheet",
  xls: "spreadsheet",
  ods: "spreadsheet",
  parquet: "parquet",
  pdf: "pdf",
  rtf: "rtf",
  msg: "outlook",
  picture: "picture",
});

function namedBy(
  names: Readonly<Partial<Record<DataFormat, ClaimedKind>>>,
): Readonly<Record<string, ClaimedKind>> {
  const formats = Object.entries(names) as [DataFormat, ClaimedKind][];
  return Object.fromEntries(
    formats.flatMap(([format, name]) => EXTENSIONS[format].map((extension) => [extension, name])),
  );
}

/** HTML and XML are recognised by how they begin, unless the extension is that of a text format that may begin the same way. */
function formatOfMarkup(text: string, named: DocumentFormat | undefined): DocumentFormat | undefined {
  if (named === markdown || named === delimited || !text.startsWith("<")) return undefined;
  if (/^(<\?xml[^>]*>\s*)?(<!--[^]{0,4096}?-->\s*)?<(!doctype html|html)\b/i.test(text)) return html;
  return named !== plainText && named !== html && text.startsWith("<?xml") ? xml : undefined;
}

/** What programs export under the name of a workbook, since Excel opens it: pages with a table, and CSV. */
function formatOfExport(text: string): DocumentFormat | undefined {
  if (text.startsWith("<")) return html;
  const { data } = Papa.parse<string[]>(text, { preview: 20, delimiter: delimiterOf(text) });
  return !text.includes("\0") && data.some(({ length }) => length > 1) ? delimited : undefined;
}

/** JSONL has a whole object on its first line. A text may also start with a bracket. */
function formatOfJson(text: string, named: DocumentFormat | undefined): DocumentFormat | undefined {
  const end = text.indexOf("\n");
  const first = end < 0 ? text : text.slice(0, end);
  const more = end >= 0 && text.slice(end).trim() !== "";
  if (isObjectText(first)) return more || named !== json ? jsonLines : json;
  if (named === jsonLines) return /^\[\s*\{/.test(text) ? json : jsonLines;
  return JSON_BEGINNING.test(text) ? json : named;
}

/** An object with a key, alone or first in a list, or an empty list. */
const JSON_BEGINNING = /^(?:\[\s*\]\s*$|(?:\[\s*)?\{\s*(?:\}|"(?:[^"\\]|\\.)*"\s*:))/;

function isObjectText(line: string): boolean {
  try {
    return line.trim().startsWith("{") && typeof JSON.parse(line) === "object";
  } catch {
    return false;
  }
}

/** Lines that all have the same number of fields, the first with a known column name. */
function isTable(text: string): boolean {
  const { data } = Papa.parse<string[]>(text, { preview: 20, delimiter: delimiterOf(text) });
  const rows = data.slice(0, -1); // the last may be truncated
  const width = rows[0]?.length ?? 0;
  return (
    rows.length >= 2 &&
    width >= 2 &&
    rows.every(({ length }) => length === width) &&
    rows[0]!.some(isKnownName)
  );
}
