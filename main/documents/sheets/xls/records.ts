/** The records of an Excel workbook of 1997 to 2003 ([MS-XLS] 2.1.4), and the texts in them. */
import { BadDocument } from "../../bad-document.ts";

/** Numbers of records ([MS-XLS] 2.3.2). */
export const RECORD = {
  formula: 0x06,
  end: 0x0a,
  dateMode: 0x22,
  encrypted: 0x2f,
  continued: 0x3c,
  columns: 0x7d,
  sheet: 0x85,
  manyRk: 0xbd,
  richText: 0xd6,
  cellFormat: 0xe0,
  merged: 0xe5,
  sharedTexts: 0xfc,
  sharedText: 0xfd,
  number: 0x203,
  text: 0x204,
  booleanOrError: 0x205,
  formulaText: 0x207,
  row: 0x208,
  rk: 0x27e,
  /** That of Excel 4, which Numbers writes into newer workbooks, too. */
  olderFormula: 0x406,
  format: 0x41e,
  beginning: 0x809,
} as const;

/** The fewest bytes of the records that are read; shorter ones are damaged and left out. */
const LEAST_BYTES: Readonly<Record<number, number>> = {
  [RECORD.formula]: 14,
  [RECORD.dateMode]: 2,
  [RECORD.columns]: 10,
  [RECORD.sheet]: 7,
  [RECORD.manyRk]: 12,
  [RECORD.richText]: 8,
  [RECORD.cellFormat]: 4,
  [RECORD.merged]: 2,
  [RECORD.sharedTexts]: 8,
  [RECORD.sharedText]: 10,
  [RECORD.number]: 14,
  [RECORD.text]: 8,
  [RECORD.booleanOrError]: 8,
  [RECORD.formulaText]: 2,
  [RECORD.row]: 14,
  [RECORD.rk]: 10,
  [RECORD.olderFormula]: 14,
  [RECORD.format]: 3,
  [RECORD.beginning]: 4,
};

/** A record with the content of those that continue it. */
export interface BiffRecord {
  readonly type: number;
  readonly data: Buffer;
  readonly continued: readonly Buffer[];
}

/** Reads records from a place in the stream on. All that are read together are no longer than the stream, as its parts do not overlap. */
export class BiffStream {
  readonly #bytes: Buffer;
  #left: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#left = bytes.length;
  }

  /** The records of the part that begins at an offset, without those of parts within it, such as charts. Throws `BadDocument`. */
  *part(offset: number): Generator<BiffRecord> {
    let depth = 0;
    for (let at = offset; at + 4 <= this.#bytes.length;) {
      const type = this.#bytes.readUInt16LE(at);
      const data = this.#content(at);
      at += 4 + data.length;
      const continued: Buffer[] = [];
      while (at + 4 <= this.#bytes.length && this.#bytes.readUInt16LE(at) === RECORD.continued) {
        continued.push(this.#content(at));
        at += 4 + continued[continued.length - 1]!.length;
      }
      if (type === RECORD.beginning) depth++;
      if (depth === 0) return; // no part begins here
      if (type === RECORD.end && --depth === 0) return;
      if (depth === 1 && data.length >= (LEAST_BYTES[type] ?? 0)) yield { type, data, continued };
    }
  }

  #content(at: number): Buffer {
    const data = this.#bytes.subarray(at + 4, at + 4 + this.#bytes.readUInt16LE(at + 2));
    this.#left -= 4 + data.length;
    if (this.#left < 0) throw new BadDocument("damaged");
    return data;
  }
}

const [IS_WIDE, HAS_PHONETIC, HAS_RUNS] = [1, 4, 8];

/** Texts that may be continued in further records, each time with a byte that says how wide its characters are. */
export class ContinuedTexts {
  readonly #blocks: readonly Buffer[];
  #block = 0;
  #at = 0;

  constructor({ data, continued }: BiffRecord, at: number) {
    this.#blocks = [data, ...continued];
    this.#at = at;
  }

  get isAtEnd(): boolean {
    return this.#left === 0 && this.#block >= this.#blocks.length - 1;
  }

  /** A text after its length, with what follows its characters (XLUnicodeRichExtendedString, [MS-XLS] 2.5.293). */
  text(): string {
    const length = this.#number(2);
    const flags = this.#number(1);
    const runs = flags & HAS_RUNS ? this.#number(2) : 0;
    const phoneticBytes = flags & HAS_PHONETIC ? this.#number(4) : 0;
    const text = this.#characters(length, (flags & IS_WIDE) !== 0);
    this.#skip(4 * runs + phoneticBytes);
    return text;
  }

  #characters(length: number, isWide: boolean): string {
    let text = "";
    for (let left = length; left > 0;) {
      if (this.#left === 0) {
        if (this.isAtEnd) break;
        isWide = (this.#number(1) & IS_WIDE) !== 0;
        continue;
      }
      const count = Math.min(left, Math.ceil(this.#left / (isWide ? 2 : 1)));
      const end = this.#at + count * (isWide ? 2 : 1);
      text += this.#blocks[this.#block]!.toString(isWide ? "utf16le" : "latin1", this.#at, end);
      this.#at = Math.min(end, this.#blocks[this.#block]!.length);
      left -= count;
    }
    return text;
  }

  get #left(): number {
    return (this.#blocks[this.#block]?.length ?? 0) - this.#at;
  }

  /** A number, perhaps across two records; 0 after the end. */
  #number(bytes: number): number {
    let value = 0;
    for (let i = 0; i < bytes; i++) {
      while (this.#left === 0 && !this.isAtEnd) this.#nextBlock();
      if (this.#left > 0) value += this.#blocks[this.#block]![this.#at++]! * 2 ** (8 * i);
    }
    return value;
  }

  #skip(bytes: number): void {
    for (let left = bytes; left > 0 && !this.isAtEnd;) {
      if (this.#left === 0) this.#nextBlock();
      const count = Math.min(left, this.#left);
      this.#at += count;
      left -= count;
    }
  }

  #nextBlock(): void {
    this.#block++;
    this.#at = 0;
  }
}

/** A text in one record, its length in `lengthBytes` at `at`. */
export function shortText(data: Buffer, at: number, lengthBytes: 1 | 2): string {
  if (at + lengthBytes > data.length) return "";
  const length = data.readUIntLE(at, lengthBytes);
  const start = at + lengthBytes;
  const isWide = ((data[start] ?? 0) & IS_WIDE) !== 0;
  return data.toString(isWide ? "utf16le" : "latin1", start + 1, start + 1 + length * (isWide ? 2 : 1));
}
