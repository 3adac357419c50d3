/** The sheets of a binary workbook of Excel 2007 and later (XLSB; [MS-XLSB]). */
import { relationsOf } from "../markup/relations.ts";
import { CellCount } from "./cell-count.ts";
import { CellSheet, errorText, formatOfNumber, MOST_CELLS, rkNumber } from "./sheet-cells.ts";
import type { CellFormat } from "./sheet-cells.ts";
import type { ZipArchive } from "../files/zip.ts";

const MAIN_PART = "xl/workbook.bin";

/** Numbers of records ([MS-XLSB] 2.3.2). */
const RECORD = {
  row: 0,
  rk: 2,
  error: 3,
  boolean: 4,
  real: 5,
  text: 6,
  sharedText: 7,
  formulaText: 8,
  formulaNumber: 9,
  formulaBoolean: 10,
  formulaError: 11,
  /** From 12 to 18 they have no column: each is in the one after the last cell. Less 11, they are those from 1 to 7. */
  firstShort: 12,
  lastShort: 18,
  textItem: 19,
  format: 44,
  cellFormat: 47,
  columns: 60,
  richText: 62,
  properties: 153,
  sheet: 156,
  merged: 176,
  styles: 617,
  stylesEnd: 618,
} as const;

interface BinaryRecord {
  readonly type: number;
  readonly data: Buffer;
}

/** What all sheets of a workbook share. */
interface Shared {
  readonly texts: readonly string[];
  readonly styles: readonly (CellFormat | undefined)[];
  readonly is1904: boolean;
}

/** The worksheets of a workbook. Throws `BadArchive`, and `BadDocument`: too many cells. */
export function xlsbSheets(archive: ZipArchive): { sheets: CellSheet[]; dateSystem: "1900" | "1904" } {
  const relations = relationsOf(archive, MAIN_PART);
  const recordsIn = (part: string | undefined): Iterable<BinaryRecord> =>
    part !== undefined && archive.has(part) ? recordsOf(archive.read(part)) : [];
  const partOf = (type: string) => [...relations.values()].find((one) => one.type.endsWith(`/${type}`))?.part;
  const named: { readonly name: string; readonly isHidden: boolean; readonly part: string }[] = [];
  let is1904 = false;
  for (const { type, data } of recordsIn(MAIN_PART))
    if (type === RECORD.properties) is1904 = ((data[0] ?? 0) & 1) !== 0;
    else if (type === RECORD.sheet && data.length >= 12) {
      const id = textAt(data, 8);
      const relation = relations.get(id.text);
      if (!relation?.type.endsWith("/worksheet")) continue;
      const isHidden = (data.readUInt32LE(0) & 3) !== 0;
      named.push({ name: textAt(data, id.end).text, isHidden, part: relation.part });
    }
  const shared: Shared = {
    texts: textsOf(recordsIn(partOf("sharedStrings"))),
    styles: stylesOf(recordsIn(partOf("styles"))),
    is1904,
  };
  const count = new CellCount(MOST_CELLS);
  const sheets = named.map(({ name, isHidden, part }) => {
    const sheet = new CellSheet(name, isHidden, count);
    readCells(sheet, recordsIn(part), shared);
    return sheet;
  });
  return { sheets, dateSystem: is1904 ? "1904" : "1900" };
}

/** The records of a part: numbers and lengths of seven bits a byte, at most two bytes and four ([MS-XLSB] 2.1.4). */
function* recordsOf(bytes: Buffer): Generator<BinaryRecord> {
  for (let at = 0; at < bytes.length;) {
    let type = bytes[at++]!;
    if (type & 0x80) type = (type & 0x7f) | (((bytes[at++] ?? 0) & 0x7f) << 7);
    let length = 0;
    for (let i = 0, isMore = true; i < 4 && isMore; i++) {
      const byte = bytes[at++] ?? 0;
      length |= (byte & 0x7f) << (7 * i);
      isMore = (byte & 0x80) !== 0;
    }
    yield { type, data: bytes.subarray(at, at + length) };
    at += length;
  }
}

const NO_TEXT = 0xffffffff;

/** A text after its length in four bytes, and where it ends; empty outside of the record. */
function textAt(data: Buffer, at: number): { readonly text: string; readonly end: number } {
  if (at + 4 > data.length) return { text: "", end: data.length };
  const length = data.readUInt32LE(at);
  const end = length === NO_TEXT ? at + 4 : Math.min(at + 4 + 2 * length, data.length);
  return { text: data.toString("utf16le", at + 4, end), end };
}

function textsOf(records: Iterable<BinaryRecord>): string[] {
  const texts: string[] = [];
  for (const { type, data } of records) if (type === RECORD.textItem) texts.push(textAt(data, 1).text);
  return texts;
}

function stylesOf(records: Iterable<BinaryRecord>): (CellFormat | undefined)[] {
  const own = new Map<number, string>();
  const numbers: number[] = [];
  let areOfCells = false;
  for (const { type, data } of records)
    if (type === RECORD.styles || type === RECORD.stylesEnd) areOfCells = type === RECORD.styles;
    else if (type === RECORD.format && data.length >= 2) own.set(data.readUInt16LE(0), textAt(data, 2).text);
    else if (type === RECORD.cellFormat && areOfCells && data.length >= 4) numbers.push(data.readUInt16LE(2));
  const known = new Map([...new Set(numbers)].map((number) => [number, formatOfNumber(number, own)]));
  return numbers.map((number) => known.get(number));
}

/** A cell's column and style, if its record has a column; then its value. */
const [STYLE_BYTES, COLUMN_BYTES] = [4, 4];
/** The upper byte of a style is for something else. */
const STYLE_BITS = 0xffffff;
/** The fewest bytes of a value by the record's number. */
const VALUE_BYTES: Readonly<Record<number, number>> = {
  [RECORD.rk]: 4,
  [RECORD.error]: 1,
  [RECORD.boolean]: 1,
  [RECORD.real]: 8,
  [RECORD.text]: 4,
  [RECORD.sharedText]: 4,
  [RECORD.formulaText]: 4,
  [RECORD.formulaNumber]: 8,
  [RECORD.formulaBoolean]: 1,
  [RECORD.formulaError]: 1,
  [RECORD.richText]: 5,
};

function readCells(sheet: CellSheet, records: Iterable<BinaryRecord>, shared: Shared): void {
  let [row, last] = [0, -1];
  for (const { type, data } of records) {
    if (type === RECORD.row && data.length >= 12) {
      [row, last] = [data.readUInt32LE(0), -1];
      if (data[11]! & 0x10) sheet.hiddenRows.add(row);
    } else if (type === RECORD.columns && data.length >= 18) {
      if (data[16]! & 1) sheet.hideColumns(data.readUInt32LE(0), data.readUInt32LE(4));
    } else if (type === RECORD.merged && data.length >= 16) {
      const [startRow, endRow, startCol, endCol] = [0, 4, 8, 12].map((at) => data.readUInt32LE(at));
      sheet.merge({ startRow: startRow!, endRow: endRow!, startCol: startCol!, endCol: endCol! });
    } else {
      const isShort = type >= RECORD.firstShort && type <= RECORD.lastShort;
      const kind = isShort ? type - RECORD.firstShort + 1 : type;
      const isCell = (kind > RECORD.row && kind <= RECORD.formulaError) || kind === RECORD.richText;
      const valueAt = isShort ? STYLE_BYTES : COLUMN_BYTES + STYLE_BYTES;
      if (!isCell || data.length < valueAt + (VALUE_BYTES[kind] ?? 0)) continue;
      last = isShort ? last + 1 : data.readUInt32LE(0);
      setCell(
        sheet,
        [row, last],
        { kind, style: data.readUInt32LE(valueAt - STYLE_BYTES) & STYLE_BITS, value: data.subarray(valueAt) },
        shared,
      );
    }
  }
}

interface BinaryCell {
  readonly kind: number;
  readonly style: number;
  readonly value: Buffer;
}

function setCell(
  sheet: CellSheet,
  place: readonly [row: number, column: number],
  { kind, style, value }: BinaryCell,
  { texts, styles, is1904 }: Shared,
): void {
  const setNumber = (number: number) => sheet.setNumber(place, number, styles[style], is1904);
  switch (kind) {
    case RECORD.rk:
      return setNumber(rkNumber(value, 0));
    case RECORD.real:
    case RECORD.formulaNumber:
      return setNumber(value.readDoubleLE(0));
    case RECORD.boolean:
    case RECORD.formulaBoolean:
      return sheet.set(...place, value[0] !== 0);
    case RECORD.error:
    case RECORD.formulaError:
      return sheet.set(...place, errorText(value[0]!));
    case RECORD.text:
    case RECORD.formulaText:
      return sheet.set(...place, textAt(value, 0).text);
    case RECORD.richText:
      return sheet.set(...place, textAt(value, 1).text);
    case RECORD.sharedText:
      return sheet.set(...place, texts[value.readUInt32LE(0)] ?? null);
  }
}
