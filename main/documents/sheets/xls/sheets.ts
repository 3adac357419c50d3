/** The sheets of an Excel workbook of 1997 to 2003 (BIFF8; [MS-XLS]). */
import { CellCount } from "../cell-count.ts";
import { CellSheet, errorText, formatOfNumber, MOST_CELLS, rkNumber } from "../sheet-cells.ts";
import type { CellFormat } from "../sheet-cells.ts";
import { BadDocument } from "../../bad-document.ts";
import { BiffStream, ContinuedTexts, RECORD, shortText } from "./records.ts";
import type { BiffRecord } from "./records.ts";

const BIFF8 = 0x600;
const WORKSHEET = 0;
/** The kinds of a formula's result that are no numbers. */
const RESULT = { text: 0, boolean: 1, error: 2 };
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
  };
  const styleFormats: number[] = [];
  for (const record of stream.part(0)) {
    const { type, data } = record;
    switch (type) {
      case RECORD.beginning:
        if (data.readUInt16LE(0) !== BIFF8) throw new BadDocument("damaged");
        break;
      case RECORD.encrypted:
        throw new BadDocument("password");
      case RECORD.dateMode:
        globals.is1904 = data.readUInt16LE(0) === 1;
        break;
      case RECORD.format:
        globals.formats.set(data.readUInt16LE(0), shortText(data, 2, 2));
        break;
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

function addSheet(globals: Globals, data: Buffer): void {
  if (globals.sheets.length >= MOST_SHEETS) throw new BadDocument("damaged");
  const [offset, state] = [data.readUInt32LE(0), data[4]! & 3];
  const name = shortText(data, 6, 1);
  globals.sheets.push({ name, isHidden: state !== 0, offset });
}

/** The count of texts that the record begins with is not always right. */
function readTexts(texts: string[], record: BiffRecord): void {
  const reader = new ContinuedTexts(record, 8);
  while (!reader.isAtEnd && texts.length < MOST_TEXTS) texts.push(reader.text());
}

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly style: number;
  /** The whole record, which begins with these three. */
  readonly data: Buffer;
}

/** Gives cells their values. */
class CellReader {
  readonly #sheet: CellSheet;
  readonly #globals: Globals;
  /** The cell whose formula has a text, which follows it. */
  #awaiting: Cell | undefined;

  constructor(sheet: CellSheet, globals: Globals) {
    this.#sheet = sheet;
    this.#globals = globals;
  }

  readonly #kinds: Readonly<Record<number, (cell: Cell) => void>> = {
    [RECORD.sharedText]: (cell) => this.#set(cell, this.#globals.texts[cell.data.readUInt32LE(6)] ?? null),
    [RECORD.text]: (cell) => this.#setText(cell),
    [RECORD.richText]: (cell) => this.#setText(cell),
    [RECORD.number]: (cell) => this.#setNumber(cell, cell.data.readDoubleLE(6)),
    [RECORD.rk]: (cell) => this.#setNumber(cell, rkNumber(cell.data, 6)),
    [RECORD.manyRk]: (cell) => this.#setRow(cell),
    [RECORD.booleanOrError]: (cell) =>
      this.#set(cell, cell.data[7] === 1 ? errorText(cell.data[6]!) : cell.data[6] !== 0),
    [RECORD.formula]: (cell) => this.#setResult(cell),
    [RECORD.olderFormula]: (cell) => this.#setResult(cell),
  };

  /** Reads a record if it is of cells. */
  read({ type, data }: BiffRecord): void {
    const kind = this.#kinds[type];
    if (!kind) return;
    this.#awaiting = undefined;
    const [row, column, style] = [data.readUInt16LE(0), data.readUInt16LE(2), data.readUInt16LE(4)];
    kind({ row, column, style, data });
  }

  /** Reads the text of the formula before it. */
  readFormulaText(record: BiffRecord): void {
    if (!this.#awaiting) return;
    this.#set(this.#awaiting, new ContinuedTexts(record, 0).text());
  }

  #set({ row, column }: Cell, value: string | boolean | null): void {
    this.#sheet.set(row, column, value);
  }

  #setText(cell: Cell): void {
    this.#set(cell, shortText(cell.data, 6, 2));
  }

  #setNumber({ row, column, style }: Cell, value: number): void {
    const { styles, is1904 } = this.#globals;
    this.#sheet.setNumber([row, column], value, styles[style], is1904);
  }

  #setRow({ row, column, data }: Cell): void {
    for (let at = 4, next = column; at + 8 <= data.length; at += 6, next++)
      this.#setNumber({ row, column: next, style: data.readUInt16LE(at), data }, rkNumber(data, at + 2));
  }

  #setResult(cell: Cell): void {
    const { data } = cell;
    if (data.readUInt16LE(12) !== 0xffff) return this.#setNumber(cell, data.readDoubleLE(6));
    if (data[6] === RESULT.text) this.#awaiting = cell;
    else if (data[6] === RESULT.boolean) this.#set(cell, data[8] !== 0);
    else if (data[6] === RESULT.error) this.#set(cell, errorText(data[8]!));
  }
}

function readCells(sheet: CellSheet, records: Iterable<BiffRecord>, globals: Globals): void {
  const cells = new CellReader(sheet, globals);
  for (const record of records) {
    const { type, data } = record;
    if (type === RECORD.row) {
      if (data[12]! & 0x20) sheet.hiddenRows.add(data.readUInt16LE(0));
    } else if (type === RECORD.columns) {
      if (data[8]! & 1) sheet.hideColumns(data.readUInt16LE(0), data.readUInt16LE(2));
    } else if (type === RECORD.merged) readMerged(sheet, data);
    else if (type === RECORD.formulaText) cells.readFormulaText(record);
    else cells.read(record);
  }
}

function readMerged(sheet: CellSheet, data: Buffer): void {
  const count = Math.min(data.readUInt16LE(0), Math.floor((data.length - 2) / 8));
  for (let i = 0; i < count; i++) {
    const [startRow, endRow, startCol, endCol] = [0, 2, 4, 6].map((at) => data.readUInt16LE(2 + 8 * i + at));
    sheet.merge({ startRow: startRow!, endRow: endRow!, startCol: startCol!, endCol: endCol! });
  }
}
