/** Workbooks, archives of documents and pictures. */
import { gzipSync } from "node:zlib";
import { odsParts, rowsXml, workbookBytes, workbookParts } from "../../main/engine/documents/sheet-bytes.ts";
import { zipBytes } from "../../main/engine/documents/zip-bytes.ts";
import type { HostileCase } from "../case.ts";
import { badData, file, LAUGHS } from "./document-file.ts";

const rows = rowsXml(["question", "answer"], ["a?", "b"]);
const workbook =
  (more: string, after = "") =>
  () =>
    workbookBytes({ name: "One", rows: rows + more, after });
const withPart = (name: string, change: (xml: string) => string) => () =>
  zipBytes(
    workbookParts([{ name: "One", rows }]).map((part) =>
      part.name === name ? { ...part, content: change(String(part.content)) } : part,
    ),
  );
const withFormats = (...formats: string[]) => {
  const cells = formats.map((_, i) => ({ attributes: `s="${6 + i}"`, xml: "<v>45352.5</v>" }));
  const all = rowsXml(["question", "answer"], ...cells.map((cell) => ["a?", cell]));
  return () => zipBytes(workbookParts([{ name: "One", rows: all }], [], { formats }));
};
const SHEET = "xl/worksheets/sheet1.xml";

const workbooks: HostileCase[] = [
  file("a cell in the last row and column", "a.xlsx", workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "either"),
  file("a row far below the last", "a.xlsx", workbook('<row r="4000000000"><c r="A4000000000"><v>1</v></c></row>'), "either"),
  file("a column far beyond the last", "a.xlsx", workbook('<row r="3"><c r="ZZZZZZZZ3"><v>1</v></c></row>'), "either"),
  file("a range that joins all cells", "a.xlsx", workbook("", '<mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>'), "either"),
  file("ten thousand ranges that join the same cells", "a.xlsx", workbook("", `<mergeCells>${'<mergeCell ref="A2:Z9999"/>'.repeat(1e4)}</mergeCells>`), "either"),
  file("a sheet whose entities grow", "a.xlsx", withPart(SHEET, (xml) => LAUGHS + xml.replace("a?", "&a30;")), "either"),
  file("a sheet of 100 MiB in 100 kB", "a.xlsx", withPart(SHEET, (xml) => xml.replace("a?", "a".repeat(100 * 2 ** 20))), badData(/unpacks to more than 48 MiB/)),
  file("numbers in a format of a million letters", "a.xlsx", withFormats(`d${"m".repeat(1e6)}`, "0".repeat(1e6), "[$".repeat(5e5)), null),
  file("numbers in 60,000 formats", "a.xlsx", withFormats(...Array.from({ length: 6e4 }, (_, i) => `[$-407]d/mmmm"${i}"`)), null),
  file("10,000 sheets that are the same one", "a.xlsx", withPart("xl/workbook.xml", (xml) => xml.replace(/<sheet .*?\/>/, (sheet) => sheet.repeat(1e4))), "either"),
  file("a sheet outside of the archive", "a.xlsx", withPart("xl/_rels/workbook.xml.rels", (xml) => xml.replace("worksheets/sheet1.xml", "../../../../etc/passwd")), "either"),
  file("cells nested a hundred thousand deep", "a.xlsx", withPart(SHEET, (xml) => xml.replace("a?", "<t>".repeat(1e5))), "either"),
  file("a row that is repeated a thousand million times", "a.ods", () => zipBytes(odsParts(repeated("rows", 1e9))), "either"),
  file("a cell that is repeated a thousand million times", "a.ods", () => zipBytes(odsParts(repeated("columns", 1e9))), "either"),
]; // prettier-ignore

const archives: HostileCase[] = [
  file("an archive of 12,000 empty documents", "a.zip", emptyDocuments, badData(/more than 10000 documents/)),
  file("a packed text of 300 MiB in 300 kB", "a.txt.gz", () => gzipSync(Buffer.alloc(300 * 2 ** 20, 0x20)), badData(/unpacks to more than|too large/)),
]; // prettier-ignore

export const workbookCases: readonly HostileCase[] = [...workbooks, ...archives];

function repeated(what: "rows" | "columns", count: number): string {
  const cell = (text: string, times = "") =>
    `<table:table-cell office:value-type="string"${times}><text:p>${text}</text:p></table:table-cell>`;
  const times = ` table:number-${what}-repeated="${count}"`;
  const head = `<table:table-row>${cell("question")}${cell("answer")}</table:table-row>`;
  return what === "rows"
    ? `${head}<table:table-row${times}>${cell("a?")}${cell("b")}</table:table-row>`
    : `${head}<table:table-row>${cell("a?")}${cell("b", times)}</table:table-row>`;
}

function emptyDocuments(): Buffer {
  return zipBytes(Array.from({ length: 12_000 }, (_, index) => ({ name: `${index}.txt`, content: "" })));
}
