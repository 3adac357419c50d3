/** Lists of positions with data between them, as everything that applies to a range of text is stored ([MS-DOC] 2.2.2). */
import { lastAtOrBefore } from "../../blocks/ascending.ts";
import { part, u32 } from "./numbers.ts";

/** `count` ranges: range `i` is from position `i` up to position `i + 1`. */
export class Plc {
  readonly count: number;
  readonly #bytes: Buffer;
  readonly #dataBytes: number;

  constructor(bytes: Buffer, dataBytes: number) {
    this.#bytes = bytes;
    this.#dataBytes = dataBytes;
    this.count = Math.max(0, Math.floor((bytes.length - 4) / (4 + dataBytes)));
  }

  position(index: number): number {
    return u32(this.#bytes, 4 * index);
  }

  data(index: number): Buffer {
    return part(this.#bytes, 4 * (this.count + 1) + this.#dataBytes * index, this.#dataBytes);
  }

  /** The last range that begins at or before a position; -1 if there is none. */
  indexAt(position: number): number {
    return lastAtOrBefore(position, this.count, (index) => this.position(index));
  }
}
