/** Workbooks and presentations of Office 97 to 2003, and binary workbooks. */
import { compoundBytes, unicode } from "../../main/engine/documents/compound-bytes.ts";
import {
  u16,
  u32,
  xlsbBytes,
  xlsbParts,
  xlsbRecord,
  xlsBytes,
  xlsRecord,
} from "../../main/engine/documents/xls-bytes.ts";
import { zipBytes } from "../../main/engine/documents/zip-bytes.ts";
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
const TOO_MANY = /too many cells/;

const workbooks: HostileCase[] = [
  file("a cell in the last row and column", "a.xls", () => xlsBytes([{ ...one, more: number(0xffff, 0xff) }]), null),
  file("a sheet of a million short numbers", "a.xls", () => xlsBytes([{ ...one, more: dense(4000, 250) }]), null),
  file("a cell in the last column of 16,000 rows", "a.xls", () => xlsBytes([{ ...one, more: times(16_000, (row) => number(row + 2, 0xff)) }]), badData(TOO_MANY)),
  file("9,000 sheets that are the same one", "a.xls", () => sheetsOf(9e3, "same"), badData(/damaged/)),
  file("100,000 sheets that are none", "a.xls", () => sheetsOf(1e5, "none"), badData(/damaged/)),
  file("100,000 parts in parts", "a.xls", () => xlsBytes([{ ...one, more: times(1e5, () => xlsRecord(0x809, Buffer.alloc(16))) }]), "either"),
  file("three million shared texts without characters", "a.xls", () => xlsBytes([one], { more: texts(3e6) }), "either"),
  file("a shared text that says it is longer than the file", "a.xls", () => xlsBytes([one], { more: xlsRecord(0xfc, u32(1, 0xffffffff), u16(0xffff), Buffer.of(0xd), u16(0xffff), u32(0xffffffff), Buffer.from("x")) }), "either"),
  file("500,000 merged ranges that are one", "a.xls", () => xlsBytes([{ ...one, more: times(500, () => xlsRecord(0xe5, u16(1000), times(1000, () => u16(1, 0xffff, 0, 0xff)))) }]), null),
  file("100,000 descriptions of all columns as hidden", "a.xls", () => xlsBytes([{ ...one, more: times(1e5, () => xlsRecord(0x7d, u16(0, 0xffff, 0, 0, 1, 0))) }]), badData(/show hidden/)),
  file("a cell in the last row and column", "a.xlsb", () => xlsbBytes([{ ...one, more: Buffer.concat([xlsbRow(2 ** 20 - 1), xlsbRecord(2, u32(2 ** 14 - 1, 0, 6))]) }]), null),
  file("a cell beyond the last row and column", "a.xlsb", () => xlsbBytes([{ ...one, more: Buffer.concat([xlsbRow(0xffffffff), xlsbRecord(2, u32(0xffffffff, 0, 6))]) }]), null),
  file("a percentage far beyond the last column", "a.xlsb", () => xlsbBytes([{ ...one, more: Buffer.concat([xlsbRow(2), xlsbRecord(2, u32(0, 0, 6)), xlsbRecord(2, u32(0xfffffffe, 1, 6))]) }], { formats: ["0%"] }), null),
  file("a cell in the last column of 10,000 rows", "a.xlsb", () => xlsbBytes([{ ...one, more: times(1e4, (row) => Buffer.concat([xlsbRow(row + 2), xlsbRecord(2, u32(2 ** 14 - 1, 0, 6))])) }]), badData(TOO_MANY)),
  file("10,000 sheets that are the same one", "a.xlsb", manyBinarySheets, "either"),
  file("a record of 256 MB", "a.xlsb", () => xlsbBytes([{ ...one, more: Buffer.of(0, 0xff, 0xff, 0xff, 0x7f) }]), badData(/no sheet/)),
  file("a sheet of 100 MiB in 100 kB", "a.xlsb", () => xlsbBytes([{ ...one, more: Buffer.alloc(100 * 2 ** 20) }]), badData(/unpacks to more than 48 MiB/)),
]; // prettier-ignore

export const oldOfficeCases: readonly HostileCase[] = workbooks;

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

const xlsbRow = (row: number) => xlsbRecord(0, u32(row, 0, 0, 0));

function manyBinarySheets(): Buffer {
  const parts = xlsbParts([one]).map((part) => {
    if (part.name !== "xl/workbook.bin") return part;
    const [id, name] = ["r1", "One"].map((text) => Buffer.concat([u32(text.length), unicode(text)]));
    return { ...part, content: times(1e4, () => xlsbRecord(156, u32(0, 1), id!, name!)) };
  });
  return zipBytes(parts);
}
