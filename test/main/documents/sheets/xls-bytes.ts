/** Hand-made workbooks of Excel 97 to 2003 (XLS). */
import { compoundBytes, unicode } from "../compound-bytes.ts";

/** A cell's value, a number in a style, an error by its number, or the result of a formula. */
export type BinaryCell =
  | string
  | number
  | boolean
  | null
  | { readonly style: number; readonly value: number }
  | { readonly error: number }
  | { readonly formula: string | number | boolean };

export interface BinarySheet {
  readonly name: string;
  readonly rows: readonly (readonly BinaryCell[])[];
  /** 1: hidden, 2: only programs can show it. */
  readonly state?: number;
  readonly hiddenRows?: readonly number[];
  readonly hiddenColumns?: readonly number[];
  /** The first and last row, and the first and last column, of merged cells. */
  readonly merges?: readonly (readonly [number, number, number, number])[];
  /** Further records before the cells. */
  readonly more?: Buffer;
}

export interface BinaryForm {
  /** The formats of the styles from 1 on: codes, or numbers of formats that every program knows. */
  readonly formats?: readonly (string | number)[];
  readonly is1904?: boolean;
  /** Records before all others, after the first. */
  readonly more?: Buffer;
}

const FIRST_FORMAT = 164;

/** Numbers of two bytes, and of four. */
export const u16 = (...values: readonly number[]) => numbers(2, values);
export const u32 = (...values: readonly number[]) => numbers(4, values);

function numbers(width: 2 | 4, values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(width * values.length);
  for (const [i, value] of values.entries()) bytes.writeUIntLE(value, width * i, width);
  return bytes;
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

const join = (...parts: readonly (Buffer | readonly Buffer[])[]) => Buffer.concat(parts.flat() as Buffer[]);

/** A record of a workbook's stream. */
export const xlsRecord = (type: number, ...data: readonly Buffer[]): Buffer => {
  const content = join(data);
  return join(u16(type, content.length), content);
};

/** A substream within another, such as a chart in a sheet: with a number in its first cell. */
export const innerPart = join(
  xlsRecord(0x809, u16(0x600, 0x20, 0, 0, 0, 0, 0, 0)),
  xlsRecord(0x203, u16(0, 0, 0), double(7)),
  xlsRecord(0x0a),
);

const isNarrow = (text: string) => [...text].every((letter) => letter.charCodeAt(0) < 0x100);

/** Characters after a byte that says how wide they are. */
const characters = (text: string): Buffer =>
  isNarrow(text) ? join(Buffer.of(0), Buffer.from(text, "latin1")) : join(Buffer.of(1), unicode(text));

/** The shared texts; after `most` characters of a text, the rest is in a further record, in which it is wide. */
function sharedTexts(texts: readonly string[], most: number): Buffer {
  const records: Buffer[][] = [[u32(texts.length, texts.length)]];
  for (const text of texts) {
    records[records.length - 1]!.push(u16(text.length), characters(text.slice(0, most)));
    if (text.length > most) records.push([Buffer.of(1), unicode(text.slice(most))]);
  }
  return join(records.map((data, i) => xlsRecord(i === 0 ? 0xfc : 0x3c, ...data)));
}

const MOST_CHARACTERS = 4000;

/** The stream of a workbook of Excel 97 to 2003. Texts of more than `most` characters continue in a further record. */
export function xlsStream(
  sheets: readonly BinarySheet[],
  { formats = [], is1904 = false, more = Buffer.alloc(0) }: BinaryForm = {},
  most = MOST_CHARACTERS,
): Buffer {
  const texts = [
    ...new Set(sheets.flatMap(({ rows }) => rows.flat().filter((cell) => typeof cell === "string"))),
  ];
  const globals = (offsets: readonly number[]) =>
    join(
      xlsRecord(0x809, u16(0x600, 5, 0, 0, 0, 0, 0, 0)),
      more,
      xlsRecord(0x22, u16(is1904 ? 1 : 0)),
      formats.flatMap((code, i) =>
        typeof code === "number"
          ? []
          : [xlsRecord(0x41e, u16(FIRST_FORMAT + i, code.length), characters(code))],
      ),
      [0, ...formats.map((code, i) => (typeof code === "number" ? code : FIRST_FORMAT + i))].map((number) =>
        xlsRecord(0xe0, u16(0, number), Buffer.alloc(16)),
      ),
      sheets.map(({ name, state = 0 }, i) =>
        xlsRecord(0x85, u32(offsets[i]!), Buffer.of(state, 0, name.length), characters(name)),
      ),
      sharedTexts(texts, most),
      xlsRecord(0x0a),
    );
  const parts = sheets.map((sheet) => sheetPart(sheet, texts));
  const first = globals(sheets.map(() => 0)).length;
  const offsets = parts.map((_, i) => parts.slice(0, i).reduce((sum, { length }) => sum + length, first));
  return join(globals(offsets), parts);
}

function sheetPart(
  { rows, merges, more, hiddenRows = [], hiddenColumns = [] }: BinarySheet,
  texts: readonly string[],
): Buffer {
  return join(
    xlsRecord(0x809, u16(0x600, 0x10, 0, 0, 0, 0, 0, 0)),
    hiddenColumns.map((column) => xlsRecord(0x7d, u16(column, column, 0, 0, 1, 0))),
    hiddenRows.map((row) => xlsRecord(0x208, u16(row, 0, 0, 0, 0, 0, 0x20, 0))),
    more ?? [],
    rows.flatMap((cells, row) => cells.flatMap((cell, column) => cellRecords(cell, [row, column], texts))),
    merges ? xlsRecord(0xe5, u16(merges.length, ...merges.flat())) : [],
    xlsRecord(0x0a),
  );
}

function cellRecords(cell: BinaryCell, place: readonly number[], texts: readonly string[]): Buffer[] {
  if (cell === null) return [];
  if (typeof cell === "string") return [xlsRecord(0xfd, u16(...place, 0), u32(texts.indexOf(cell)))];
  if (typeof cell === "number") return [numberRecord(cell, place)];
  if (typeof cell === "boolean") return [xlsRecord(0x205, u16(...place, 0), Buffer.of(cell ? 1 : 0, 0))];
  if ("error" in cell) return [xlsRecord(0x205, u16(...place, 0), Buffer.of(cell.error, 1))];
  if ("style" in cell) return [xlsRecord(0x203, u16(...place, cell.style), double(cell.value))];
  const { formula } = cell;
  const record = (result: Buffer) => xlsRecord(0x06, u16(...place, 0), result, Buffer.alloc(8));
  if (typeof formula === "number") return [record(double(formula))];
  if (typeof formula === "boolean") return [record(Buffer.of(1, 0, formula ? 1 : 0, 0, 0, 0, 0xff, 0xff))];
  const shared = xlsRecord(0x4bc, Buffer.alloc(8)); // a formula that several cells share comes between it and its text
  const text = xlsRecord(0x207, u16(formula.length), characters(formula));
  return [record(Buffer.of(0, 0, 0, 0, 0, 0, 0xff, 0xff)), shared, text];
}

/** An integer in the short form, alone or in a list of one. */
function numberRecord(value: number, [row = 0, column = 0]: readonly number[]): Buffer {
  if (!Number.isInteger(value) || Math.abs(value) >= 2 ** 28)
    return xlsRecord(0x203, u16(row, column, 0), double(value));
  const short = u32(((value << 2) | 2) >>> 0);
  return column % 2 === 0
    ? xlsRecord(0x27e, u16(row, column, 0), short)
    : xlsRecord(0xbd, u16(row, column, 0), short, u16(column));
}

/** A workbook of Excel 97 to 2003. */
export const xlsBytes = (sheets: readonly BinarySheet[], form?: BinaryForm): Buffer =>
  compoundBytes({ Workbook: xlsStream(sheets, form) });
