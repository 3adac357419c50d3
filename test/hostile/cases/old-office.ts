/** Workbooks and presentations of Office 97 to 2003, and binary workbooks. */
import { compoundBytes, unicode } from "../../main/engine/documents/compound-bytes.ts";
import {
  KIND,
  listedText,
  pptBytes,
  pptGroup,
  pptRecord,
  pptShape,
  pptStreams,
  slideText,
  tagged,
  textStyle,
  title,
} from "../../main/engine/documents/office/ppt-bytes.ts";
import {
  u16,
  u32,
  xlsbBytes,
  xlsbParts,
  xlsbRecord,
  xlsBytes,
  xlsRecord,
} from "../../main/engine/documents/sheets/xls-bytes.ts";
import { zipBytes } from "../../main/engine/documents/files/zip-bytes.ts";
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
  file("300,000 merged ranges that are the same 95,000 cells", "a.xls", () => xlsBytes([{ ...one, more: Buffer.concat([dense(380, 250), times(300, () => xlsRecord(0xe5, u16(1000), times(1000, () => u16(2, 381, 0, 249))))]) }]), null),
  file("300,000 merged ranges that are the same header", "a.xls", () => xlsBytes([{ name: "One", rows: [["question", ...columns("a")], columns("b"), ["a?", "b"]], more: times(300, () => xlsRecord(0xe5, u16(1000), times(1000, () => u16(0, 0, 0, 249)))) }]), null),
  file("3,000 sheets that hide all columns", "a.xls", () => xlsBytes([one, ...Array.from({ length: 3000 }, (_, i) => ({ name: `${i}`, rows: [[1]], more: xlsRecord(0x7d, u16(0, 0xffff, 0, 0, 1, 0)) }))]), null),
  file("50,000 sheets whose columns all have a style", "a.xls", () => `<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">${"<Worksheet><Table><Column StyleID='a' Span='16383'/></Table></Worksheet>".repeat(5e4)}</Workbook>`, badData(/no sheet/)),
  file("100,000 descriptions of all columns as hidden", "a.xls", () => xlsBytes([{ ...one, more: times(1e5, () => xlsRecord(0x7d, u16(0, 0xffff, 0, 0, 1, 0))) }]), badData(/show hidden/)),
  file("a cell in the last row and column", "a.xlsb", () => xlsbBytes([{ ...one, more: Buffer.concat([xlsbRow(2 ** 20 - 1), xlsbRecord(2, u32(2 ** 14 - 1, 0, 6))]) }]), null),
  file("a cell beyond the last row and column", "a.xlsb", () => xlsbBytes([{ ...one, more: Buffer.concat([xlsbRow(0xffffffff), xlsbRecord(2, u32(0xffffffff, 0, 6))]) }]), null),
  file("a percentage far beyond the last column", "a.xlsb", () => xlsbBytes([{ ...one, more: Buffer.concat([xlsbRow(2), xlsbRecord(2, u32(0, 0, 6)), xlsbRecord(2, u32(0xfffffffe, 1, 6))]) }], { formats: ["0%"] }), null),
  file("a cell in the last column of 10,000 rows", "a.xlsb", () => xlsbBytes([{ ...one, more: times(1e4, (row) => Buffer.concat([xlsbRow(row + 2), xlsbRecord(2, u32(2 ** 14 - 1, 0, 6))])) }]), badData(TOO_MANY)),
  file("10,000 sheets that are the same one", "a.xlsb", manyBinarySheets, "either"),
  file("a record of 256 MB", "a.xlsb", () => xlsbBytes([{ ...one, more: Buffer.of(0, 0xff, 0xff, 0xff, 0x7f) }]), badData(/no sheet/)),
  file("a sheet of 100 MiB in 100 kB", "a.xlsb", () => xlsbBytes([{ ...one, more: Buffer.alloc(100 * 2 ** 20) }]), badData(/unpacks to more than 48 MiB/)),
]; // prettier-ignore

const text = pptShape([slideText(KIND.other, "text")]);
const nested = (depth: number): Buffer => {
  let inner = text;
  for (let i = 0; i < depth; i++) inner = pptRecord(0xf003, [inner]);
  return inner;
};

const presentations: HostileCase[] = [
  file("groups in groups, 3,000 deep", "a.ppt", () => pptBytes([{ shapes: [nested(3000)] }]), badData(/no text/)),
  file("a slide that is shown 100,000 times", "a.ppt", () => withPlace((place) => times(1e5, () => place)), null),
  file("200,000 places of slides", "a.ppt", () => withPlace((place) => Buffer.concat([place, times(2e5, (i) => pptRecord(0x3f3, [u32(i + 9, 0, 0, 0, 0)]))])), null),
  file("edits that lead in a circle", "a.ppt", circleOfEdits, null),
  file("50,000 shapes that show the same megabyte", "a.ppt", () => pptBytes([{ shapes: [times(5e4, () => pptShape([listedText(0)]))], texts: [slideText(KIND.body, "word ".repeat(2e5))] }]), null),
  file("20,000 texts that share the same 300,000 numberings", "a.ppt", () => pptBytes([{ shapes: [times(2e4, () => pptShape([slideText(KIND.body, "x")]))] }], { information: sharedNumberings(3e5) }), null),
  file("100,000 shapes", "a.ppt", () => pptBytes([{ shapes: [times(1e5, () => text)] }]), null),
  file("a table of 10,000 cells", "a.ppt", () => pptBytes([{ shapes: [pptGroup(tableCells(100), { isTable: true })] }]), null),
  file("one whose cells cover all others", "a.ppt", () => pptBytes([{ shapes: [pptGroup(tableCells(100, 1e5), { isTable: true })] }]), null),
  file("a text of 200,000 paragraphs with as many looks", "a.ppt", () => pptBytes([{ shapes: [pptShape([slideText(KIND.body, "x\r".repeat(2e5), [textStyle(Array.from({ length: 2e5 }, () => ({ characters: 2, hasMark: true })))])])] }]), null),
  file("looks of no characters", "a.ppt", () => pptBytes([{ shapes: [pptShape([slideText(KIND.body, "text", [textStyle(Array.from({ length: 2e5 }, () => ({ characters: 0 })))])])] }]), null),
  file("properties that say they are 4 GB", "a.ppt", () => pptBytes([{ shapes: [text, pptRecord(0xf004, [pptRecord(0xf00b, [times(5e4, () => Buffer.concat([u16(0x80c0), u32(0xffffffff)]))], 4095)])] }]), null),
  file("records that say they are 4 GB", "a.ppt", () => pptBytes([{ shapes: [text, Buffer.concat([u16(0, 0xf004), u32(0xffffffff)])] }]), "either"),
]; // prettier-ignore

export const oldOfficeCases: readonly HostileCase[] = [...workbooks, ...presentations];

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
    return {
      ...part,
      content: times(1e4, () => xlsbRecord(156, u32(0, 1), id!, name!)),
    };
  });
  return zipBytes(parts);
}

/** The list of slides with its first place changed. */
function withPlace(change: (place: Buffer) => Buffer): Buffer {
  const place = pptRecord(0x3f3, [u32(1, 0, 0, 256, 0)]);
  const { "PowerPoint Document": document, "Current User": user } = pptStreams([{ shapes: [text] }]);
  const bytes = document!;
  const listAt = bytes.lastIndexOf(place) - 8;
  const changed = change(place);
  const list = pptRecord(0xff0, [changed]);
  const grown = list.length - (8 + place.length);
  const documentAt = bytes.indexOf(u16(0x3e8)) - 2;
  const whole = Buffer.concat([bytes.subarray(0, listAt), list, bytes.subarray(listAt + 8 + place.length)]);
  whole.writeUInt32LE(bytes.readUInt32LE(documentAt + 4) + grown, documentAt + 4);
  const editAt = whole.lastIndexOf(u16(0xff5)) - 2;
  whole.writeUInt32LE(whole.readUInt32LE(editAt + 8 + 12) + grown, editAt + 8 + 12);
  user!.writeUInt32LE(editAt, 16);
  return compoundBytes({ "PowerPoint Document": whole, "Current User": user! });
}

/** Each edit names itself as the one before. */
function circleOfEdits(): Buffer {
  const { "PowerPoint Document": document, "Current User": user } = pptStreams([{ shapes: [title("text")] }]);
  const edit = user!.readUInt32LE(16);
  document!.writeUInt32LE(edit, edit + 8 + 8);
  return compoundBytes({
    "PowerPoint Document": document!,
    "Current User": user!,
  });
}

/** Numberings of the texts of this kind on the first slide, of which none is a number. */
const sharedNumberings = (count: number): Buffer =>
  tagged(
    pptRecord(0xfae, [pptRecord(0xfaf, [u32(256, KIND.body)]), pptRecord(0xfac, [Buffer.alloc(12 * count)])]),
  );

/** A square of cells, each `width` wide. */
function tableCells(side: number, width = 10): Buffer[] {
  return Array.from({ length: side * side }, (_, i) => {
    const [left, top] = [10 * (i % side), 10 * Math.floor(i / side)];
    return pptShape([slideText(KIND.other, `${i}`)], {
      place: [left, top, left + width, top + width],
    });
  });
}
