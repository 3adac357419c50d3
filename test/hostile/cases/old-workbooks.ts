/** Workbooks of Excel 97 to 2003. */
import { u16, u32, xlsBytes, xlsRecord } from "../../main/documents/sheets/xls-bytes.ts";
import type { HostileCase } from "../case.ts";
import { badData, file } from "./document-file.ts";

const rows = [
  ["question", "answer"],
  ["a?", "b"],
];
const one = { name: "One", rows };
const times = (count: number, part: (index: number) => Buffer) =>
  Buffer.concat(Array.from({ length: count }, (_, index) => part(index)));
const number = (row: number, column: number) => xlsRecord(0x27e, u16(row, column, 0), u32(6));
const columns = (letter: string) => Array.from({ length: 250 }, (_, i) => `${letter}${i}`);
const TOO_MANY = /too many cells/;

export const oldWorkbookCases: readonly HostileCase[] = [
  file("a cell in the last row and column", "a.xls", () => xlsBytes([{ ...one, more: number(0xffff, 0xff) }]), null),
  file("a sheet of a million short numbers", "a.xls", () => xlsBytes([{ ...one, more: dense(4000, 250) }]), null),
  file("a cell in the last column of 16,000 rows", "a.xls", () => xlsBytes([{ ...one, more: times(16_000, (row) => number(row + 2, 0xff)) }]), badData(TOO_MANY)),
  file("9,000 sheets that are the same one", "a.xls", () => sheetsOf(9e3, "same"), badData(/damaged/)),
  file("100,000 sheets that are none", "a.xls", () => sheetsOf(1e5, "none"), badData(/damaged/)),
  file("100,000 parts in parts", "a.xls", () => xlsBytes([{ ...one, more: times(1e5, () => xlsRecord(0x809, Buffer.alloc(16))) }]), "either"),
  file("three million shared texts without characters", "a.xls", () => xlsBytes([one], { more: texts(3e6) }), "either"),
  file("a shared text that says it is longer than the file", "a.xls", () => xlsBytes([one], { more: xlsRecord(0xfc, u32(1, 0xffffffff), u16(0xffff), Buffer.of(0xd), u16(0xffff), u32(0xffffffff), Buffer.from("x")) }), "either"),
  file("500,000 merged ranges that are one", "a.xls", () => xlsBytes([{ ...one, more: times(500, () => xlsRecord(0xe5, u16(1000), times(1000, () => u16(1, 0xffff, 0, 0xff)))) }]), null),
  file("300,000 merged ranges that are the same 95,000 cells", "a.xls", () => xlsBytes([{ ...one, more: Buffer.concat([dense(380, 250), times(300, () => xlsRecord(0xe5, u16(1000), times(1000, () => u16(2, 381, 0, 249))))]) }]), null),
  file("300,000 merged ranges that are the same header", "a.xls", () => xlsBytes([{ name: "One", rows: [["question", ...columns("a")], columns("b"), ["a?", "b"]], more: times(300, () => xlsRecord(0xe5, u16(1000), times(1000, () => u16(0, 0, 0, 249)))) }]), null),
  file("3,000 sheets that hide all columns", "a.xls", () => xlsBytes([one, ...Array.from({ length: 3000 }, (_, i) => ({ name: `${i}`, rows: [[1]], more: xlsRecord(0x7d, u16(0, 0xffff, 0, 0, 1, 0)) }))]), null),
  file("100,000 descriptions of all columns as hidden", "a.xls", () => xlsBytes([{ ...one, more: times(1e5, () => xlsRecord(0x7d, u16(0, 0xffff, 0, 0, 1, 0))) }]), badData(/show hidden/)),
]; // prettier-ignore

/** Rows of numbers in their short form below the header. */
function dense(count: number, width: number): Buffer {
  const cells = times(width, () => Buffer.concat([u16(0), u32(6)]));
  return times(count, (row) => xlsRecord(0xbd, u16(row + 2, 0), cells, u16(width - 1)));
}

/** A workbook whose first part names its only sheet again and again, or what is none. */
function sheetsOf(count: number, what: "same" | "none"): Buffer {
  const named = (offset: number) =>
    xlsBytes([one], {
      more: times(count, () => xlsRecord(0x85, u32(offset), Buffer.of(0, 0, 1, 0), Buffer.from("x"))),
    });
  if (what === "none") return named(1);
  const stream = named(0);
  return named(stream.lastIndexOf(u16(0x809, 16, 0x600, 0x10)) - 512);
}

function texts(count: number): Buffer {
  const empty = Buffer.alloc(3 * 2700);
  return Buffer.concat([
    xlsRecord(0xfc, u32(count, count)),
    times(Math.ceil(count / 2700), () => xlsRecord(0x3c, empty)),
  ]);
}
