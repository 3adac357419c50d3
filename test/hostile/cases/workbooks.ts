/** Workbooks, archives of documents and pictures. */
import { gzipSync } from "node:zlib";
import { Random } from "../../../native-models/random.ts";
import { odsParts, rowsXml, workbookBytes, workbookParts } from "../../main/documents/sheets/sheet-bytes.ts";
import { zipBytes } from "../../main/documents/files/zip-bytes.ts";
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
  file("half a million hidden rows of 16,384 hidden columns with 10,000 merged ranges", "a.xlsx", hiddenCells(5e5, 1e4), null),
  file("hidden columns that are repeated a thousand million times", "a.ods", () => zipBytes(odsParts(`${'<table:table-column table:visibility="collapse" table:number-columns-repeated="1000000000"/>'.repeat(1e4)}${repeated("rows", 1)}`)), badData(/show hidden|no sheet/)),
  file("hidden rows that are repeated a thousand million times", "a.ods", () => zipBytes(odsParts(repeated("rows", 1e9).replace("number-rows", 'visibility="filter" table:number-rows'))), badData(/show hidden sheets/)),
  file("a row that is repeated a thousand million times", "a.ods", () => zipBytes(odsParts(repeated("rows", 1e9))), "either"),
  file("a cell that is repeated a thousand million times", "a.ods", () => zipBytes(odsParts(repeated("columns", 1e9))), "either"),
]; // prettier-ignore

const archives: HostileCase[] = [
  file("an archive of 12,000 empty documents", "a.zip", emptyDocuments, badData(/more than 10000 files/)),
  file("archives in archives, ten in each, six times", "a.zip", () => nestedArchives(6), badData(/no documents/)),
  file("an archive of 2,000 archives that are one of 100 MiB", "a.zip", () => crowdedArchive(2000, 100 * 2 ** 20), badData(/damaged/)),
  file("an archive of 500 archives, each with 5,000 programs", "a.zip", archivesOfPrograms, badData(/no documents/)),
  file("an archive in an archive that says that it is small", "a.zip", () => understated(crowdedArchive(1, 100 * 2 ** 20)), badData(/no documents/)),
  file("a packed text of 300 MiB in 300 kB", "a.txt.gz", () => gzipSync(Buffer.alloc(300 * 2 ** 20, 0x20)), badData(/unpacks to more than|too large/)),
]; // prettier-ignore

export const workbookCases: readonly HostileCase[] = [...workbooks, ...archives];

/** Three rows are shown, of which the second and third column. */
function hiddenCells(rows: number, merges: number): () => Buffer {
  const hidden = Array.from({ length: rows }, (_, i) => `<row r="${i + 4}" hidden="1"/>`);
  const ranges = Array.from({ length: merges }, (_, i) => `<mergeCell ref="A${i + 3}:XFD${i + 9}"/>`);
  return () =>
    workbookBytes({
      name: "One",
      before: '<cols><col min="1" max="1" hidden="1"/><col min="4" max="16384" hidden="1"/></cols>',
      rows: rowsXml(["x", "question", "answer"], ["y", "a?", "b"], ["z", "c?", "d"]) + hidden.join(""),
      after: `<mergeCells>${ranges.join("")}</mergeCells>`,
    });
}

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

/** Ten archives in each, `depth` of them in each other, and a text in the last. */
function nestedArchives(depth: number): Buffer {
  if (depth === 0) return zipBytes([{ name: "a.txt", content: "text" }]);
  const content = nestedArchives(depth - 1);
  return zipBytes(Array.from({ length: 10 }, (_, index) => ({ name: `${index}.zip`, content })));
}

/** An archive whose directory lists one in it many times: bytes that are packed just not too well to be read, and no archive. */
function crowdedArchive(count: number, sizeBytes: number): Buffer {
  const random = new Random(1); // the same bytes each time: others may have the marks of an archive in them
  const scattered = Buffer.alloc(sizeBytes / 150).map(() => random.integer(256));
  const content = Buffer.concat([Buffer.alloc(sizeBytes), scattered]);
  const archive = zipBytes([{ name: "00000.zip", content }]);
  const end = archive.lastIndexOf("PK\x05\x06");
  const start = archive.readUInt32LE(end + 16);
  const entry = archive.subarray(start, end);
  const entries = Array.from({ length: count }, (_, index) => {
    const one = Buffer.from(entry);
    one.write(String(index).padStart(5, "0"), 46);
    return one;
  });
  const tail = Buffer.from(archive.subarray(end));
  tail.writeUInt16LE(count, 8);
  tail.writeUInt16LE(count, 10);
  tail.writeUInt32LE(count * entry.length, 12);
  return Buffer.concat([archive.subarray(0, start), ...entries, tail]);
}

function archivesOfPrograms(): Buffer {
  const content = zipBytes(
    Array.from({ length: 5000 }, (_, index) => ({ name: `${index}.exe`, content: "" })),
  );
  return zipBytes(Array.from({ length: 500 }, (_, index) => ({ name: `${index}.zip`, content })));
}

/** The same archive, whose only part says that it is a kilobyte. */
function understated(archive: Buffer): Buffer {
  archive.writeUInt32LE(1024, archive.lastIndexOf("PK\x01\x02") + 24);
  return archive;
}
