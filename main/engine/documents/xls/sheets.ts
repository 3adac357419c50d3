/** The sheets of an Excel workbook of 1993 to 2003 (BIFF5 and BIFF8; [MS-XLS]). */
import { encodingOfPage } from "../rtf/encodings.ts";
import { CellCount } from "../cell-count.ts";
import { CellSheet, errorText, formatOfNumber, MOST_CELLS, rkNumber } from "../sheet-cells.ts";
import type { CellFormat } from "../sheet-cells.ts";
import { BadDocument } from "../whole-document.ts";
import { BiffStream, ContinuedTexts, RECORD, shortText } from "./records.ts";
import type { BiffRecord } from "./records.ts";

const [BIFF5, BIFF8] = [0x500, 0x600];
const WORKSHEET = 0;
const DEFAULT_PAGE = 1252;
/** Numbers of the record for a code page that are no code pages. */
const PAGES: Readonly<Record<number, number>> = { 0x8000: 10000, 0x8001: 1252 };
/** Far more than people have; Excel is limited by memory. */
const MOST_SHEETS = 10_000;
const MOST_TEXTS = 4_000_000;

/** What a workbook says before its sheets. */
interface Globals {
  readonly formats: Map<number, string>;
  /** The format of each style of cells. */
  readonly styles: (CellFormat | undefined)[];
  readonly texts: string[];
  readonly sheets: { readonly name: string; readonly isHidden: boolean; readonly offset: number }[];
  is1904: boolean;
  /** Of the texts of workbooks before Excel 97; later ones are in Unicode. */
  encoding: string | undefined;
}

/** The worksheets of a workbook's stream. Throws `BadDocument`: protected, older, too many cells, damaged. */
export function xlsSheets(bytes: Buffer): { sheets: CellSheet[]; dateSystem: "1900" | "1904" } {
  const stream = new BiffStream(bytes);
  const globals = globalsOf(stream);
  const count = new CellCount(MOST_CELLS);
  const sheets = globals.sheets.map(({ name, isHidden, offset }) => {
    const sheet = new CellSheet(name, isHidden, count);
    readCells(sheet, stream.part(offset), globals);
    return sheet;
  });
  return { sheets, dateSystem: globals.is1904 ? "1904" : "1900" };
}

function globalsOf(stream: BiffStream): Globals {
  const globals: Globals = {
    formats: new Map(),
    styles: [],
    texts: [],
    sheets: [],
    is1904: false,
    encoding: undefined,
  };
  const styleFormats: number[] = [];
  for (const record of stream.part(0)) {
    const { type, data } = record;
    switch (type) {
      case RECORD.beginning: {
        const version = data.readUInt16LE(0);
        if (version !== BIFF5 && version !== BIFF8)
          throw new BadDocument("its sheets cannot be read; the file is damaged");
        if (version === BIFF5) globals.encoding = encodingOf(DEFAULT_PAGE);
        break;
      }
      case RECORD.encrypted:
        throw new BadDocument("it is protected by a password; save it without one");
      case RECORD.codePage:
        if (globals.encoding !== undefined) globals.encoding = encodingOf(data.readUInt16LE(0));
        break;
      case RECORD.dateMode:
        globals.is1904 = data.readUInt16LE(0) === 1;
        break;
      case RECORD.format: {
        const lengthBytes = globals.encoding === undefined ? 2 : 1;
        globals.formats.set(data.readUInt16LE(0), shortText(data, 2, lengthBytes, globals.encoding));
        break;
      }
      case RECORD.cellFormat:
        styleFormats.push(data.readUInt16LE(2));
        break;
      case RECORD.sheet:
        if (data[5] === WORKSHEET) addSheet(globals, data);
        break;
      case RECORD.sharedTexts:
        readTexts(globals.texts, record);
    }
  }
  const known = new Map<number, CellFormat | undefined>();
  for (const number of styleFormats) {
    if (!known.has(number)) known.set(number, formatOfNumber(number, globals.formats));
    globals.styles.push(known.get(number));
  }
  return globals;
}

const encodingOf = (page: number) => encodingOfPage(PAGES[page] ?? page) ?? encodingOfPage(DEFAULT_PAGE)!;

function addSheet(globals: Globals, data: Buffer): void {
  if (globals.sheets.length >= MOST_SHEETS)
    throw new BadDocument("its sheets cannot be read; the file is damaged");
  const [offset, state] = [data.readUInt32LE(0), data[4]! & 3];
  const name = shortText(data, 6, 1, globals.encoding);
  globals.sheets.push({ name, isHidden: state !== 0, offset });
}

/** The count of texts that the record begins with is not always right. */
function readTexts(texts: string[], record: BiffRecord): void {
  const reader = new ContinuedTexts(record, 8);
  while (!reader.isAtEnd && texts.length < MOST_TEXTS) texts.push(reader.text());
}

function readCells(sheet: CellSheet, records: Iterable<BiffRecord>, globals: Globals): void {
  const { styles, texts, is1904, encoding } = globals;
  const setNumber = (row: number, column: number, value: number, style: number) =>
    sheet.setNumber([row, column], value, styles[style], is1904);
  /** The cell whose formula has a text, which follows it. */
  let awaiting: readonly [row: number, column: number] | undefined;
  for (const record of records) {
    const { type, data } = record;
    switch (type) {
      case RECORD.row:
        if (data[12]! & 0x20) sheet.hiddenRows.add(data.readUInt16LE(0));
        break;
      case RECORD.columns:
        if (data[8]! & 1) sheet.hideColumns(data.readUInt16LE(0), data.readUInt16LE(2));
        break;
      case RECORD.merged:
        readMerged(sheet, data);
        break;
      case RECORD.formulaText:
        if (awaiting)
          sheet.set(
            ...awaiting,
            encoding === undefined ? new ContinuedTexts(record, 0).text() : shortText(data, 0, 2, encoding),
          );
        break;
      case RECORD.sharedText:
      case RECORD.text:
      case RECORD.richText:
      case RECORD.number:
      case RECORD.rk:
      case RECORD.manyRk:
      case RECORD.booleanOrError:
      case RECORD.formula: {
        const [row, column, style] = [data.readUInt16LE(0), data.readUInt16LE(2), data.readUInt16LE(4)];
        awaiting = undefined;
        if (type === RECORD.sharedText) sheet.set(row, column, texts[data.readUInt32LE(6)] ?? null);
        else if (type === RECORD.text || type === RECORD.richText)
          sheet.set(row, column, shortText(data, 6, 2, encoding));
        else if (type === RECORD.number) setNumber(row, column, data.readDoubleLE(6), style);
        else if (type === RECORD.rk) setNumber(row, column, rkNumber(data, 6), style);
        else if (type === RECORD.manyRk)
          for (let at = 4, next = column; at + 8 <= data.length; at += 6, next++)
            setNumber(row, next, rkNumber(data, at + 2), data.readUInt16LE(at));
        else if (type === RECORD.booleanOrError)
          sheet.set(row, column, data[7] === 1 ? errorText(data[6]!) : data[6] !== 0);
        else if (data.readUInt16LE(12) !== 0xffff) setNumber(row, column, data.readDoubleLE(6), style);
        else if (data[6] === 0) awaiting = [row, column];
        else if (data[6] === 1) sheet.set(row, column, data[8] !== 0);
        else if (data[6] === 2) sheet.set(row, column, errorText(data[8]!));
      }
    }
  }
}

function readMerged(sheet: CellSheet, data: Buffer): void {
  const count = Math.min(data.readUInt16LE(0), Math.floor((data.length - 2) / 8));
  for (let i = 0; i < count; i++) {
    const [startRow, endRow, startCol, endCol] = [0, 2, 4, 6].map((at) => data.readUInt16LE(2 + 8 * i + at));
    sheet.merge({ startRow: startRow!, endRow: endRow!, startCol: startCol!, endCol: endCol! });
  }
}
