/** The pages of 512 bytes that say what applies to the characters and paragraphs at each offset ([MS-DOC] 2.8: PlcBteChpx, PlcBtePapx; 2.9: ChpxFkp, PapxFkp). */
import { lastAtOrBefore } from "../../blocks/ascending.ts";
import { part, u8, u32 } from "./numbers.ts";
import { Plc } from "./plc.ts";

const PAGE_BYTES = 512;
const PAGE_NUMBER = 2 ** 22 - 1;
const [CHARACTER_ENTRY_BYTES, PARAGRAPH_ENTRY_BYTES] = [1, 13];

/** A range of bytes in the main stream up to `end`, and the properties that all of its text has. */
interface FormattedRange<Properties> {
  readonly end: number;
  readonly properties: Properties;
}

/** Finds properties by offset. Each list of changes is read once. */
export class FormattedPages<Properties> {
  readonly #main: Buffer;
  readonly #pages: Plc;
  readonly #entryBytes: number;
  readonly #changesAt: (page: Buffer, at: number) => Buffer;
  readonly #read: (changes: Buffer) => Properties;
  readonly #none: Properties;
  readonly #known = new Map<number, Properties>();
  /** The range that was found last, and the offset that it was found for: the next one is mostly in it, too. */
  #last: FormattedRange<Properties>;
  #lastOffset = 0;

  private constructor(
    main: Buffer,
    pages: Buffer,
    entryBytes: number,
    changesAt: (page: Buffer, at: number) => Buffer,
    read: (changes: Buffer) => Properties,
  ) {
    this.#main = main;
    this.#pages = new Plc(pages, 4);
    this.#entryBytes = entryBytes;
    this.#changesAt = changesAt;
    this.#read = read;
    this.#none = read(Buffer.alloc(0));
    this.#last = { end: 0, properties: this.#none };
  }

  static ofCharacters<Properties>(main: Buffer, pages: Buffer, read: (changes: Buffer) => Properties) {
    return new FormattedPages(main, pages, CHARACTER_ENTRY_BYTES, characterChanges, read);
  }

  /** What is read begins with the number of the paragraph's style. */
  static ofParagraphs<Properties>(main: Buffer, pages: Buffer, read: (changes: Buffer) => Properties) {
    return new FormattedPages(main, pages, PARAGRAPH_ENTRY_BYTES, paragraphChanges, read);
  }

  /** The range that an offset is in. Throws `BadDocument`: a page that is outside of the stream. */
  at(offset: number): FormattedRange<Properties> {
    if (offset < this.#lastOffset || offset >= this.#last.end) {
      this.#last = this.#rangeAt(offset);
      this.#lastOffset = offset;
    }
    return this.#last;
  }

  #rangeAt(offset: number): FormattedRange<Properties> {
    const index = this.#pages.indexAt(offset);
    const end = this.#pages.count === 0 ? Infinity : this.#pages.position(index + 1);
    if (index < 0 || offset >= end) return this.#without(offset, end);
    const start = PAGE_BYTES * (u32(this.#pages.data(index), 0) & PAGE_NUMBER);
    const page = part(this.#main, start, PAGE_BYTES);
    const count = u8(page, PAGE_BYTES - 1);
    const entry = lastAtOrBefore(offset, count, (i) => u32(page, 4 * i));
    if (entry < 0) return this.#without(offset, end);
    const entryEnd = u32(page, 4 * (entry + 1));
    if (offset >= entryEnd) return this.#without(offset, end);
    const at = 2 * u8(page, 4 * (count + 1) + this.#entryBytes * entry);
    return { end: entryEnd, properties: at === 0 ? this.#none : this.#propertiesAt(start + at, page, at) };
  }

  #without(offset: number, end: number): FormattedRange<Properties> {
    return { end: end > offset ? end : Infinity, properties: this.#none };
  }

  #propertiesAt(offset: number, page: Buffer, at: number): Properties {
    let properties = this.#known.get(offset);
    if (properties === undefined) {
      properties = this.#read(this.#changesAt(page, at));
      this.#known.set(offset, properties);
    }
    return properties;
  }
}

function characterChanges(page: Buffer, at: number): Buffer {
  return part(page, at + 1, u8(page, at));
}

/** Their length is counted in two bytes each. */
function paragraphChanges(page: Buffer, at: number): Buffer {
  const half = u8(page, at);
  return half === 0 ? part(page, at + 2, 2 * u8(page, at + 1)) : part(page, at + 1, 2 * half - 1);
}
