/** Reads a GGUF header from start to end, one window at a time, and trusts no count or length in it. */
import type { FileBytes } from "../bytes.ts";
import { StringList } from "../string-list.ts";

const WINDOW_BYTES = 2 ** 20;

/** Metadata and tensor list together. The largest vocabularies take about a tenth of it. */
const LARGEST_HEADER_BYTES = 2 ** 27;

export class GgufCursor {
  /** The part of the header that failures name. */
  section = "header";
  position = 0;
  readonly #file: FileBytes;
  #window: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #windowAt = 0;
  /** The position in the window of the bytes requested last. */
  #at = 0;

  constructor(file: FileBytes) {
    this.#file = file;
  }

  /** Bytes that the header can still have. */
  get remaining(): number {
    return Math.min(this.#file.sizeBytes, LARGEST_HEADER_BYTES) - this.position;
  }

  u8 = () => this.#next(1).getUint8(this.#at);
  i8 = () => this.#next(1).getInt8(this.#at);
  u16 = () => this.#next(2).getUint16(this.#at, true);
  i16 = () => this.#next(2).getInt16(this.#at, true);
  u32 = () => this.#next(4).getUint32(this.#at, true);
  i32 = () => this.#next(4).getInt32(this.#at, true);
  u64 = () => this.#next(8).getBigUint64(this.#at, true);
  i64 = () => this.#next(8).getBigInt64(this.#at, true);
  f32 = () => this.#next(4).getFloat32(this.#at, true);
  f64 = () => this.#next(8).getFloat64(this.#at, true);

  /** The number of following items, each of at least `itemBytes`; more than the header can hold are refused. */
  count(what: string, itemBytes: number, most = Infinity): number {
    const claimed = this.u64();
    const possible = Math.min(most, Math.floor(this.remaining / itemBytes));
    if (claimed > possible) this.corrupt(`it claims ${claimed} ${what}, but at most ${possible} fit`);
    return Number(claimed);
  }

  /** The next bytes, in separate memory. */
  bytes(length: number): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#take(length));
  }

  /**
   * A string. Bytes that are not UTF-8 become U+FFFD: the format requires UTF-8, but descriptions in real files violate that, and
   * they are only displayed.
   */
  string(): string {
    return this.#take(this.count("bytes", 1)).toString("utf8");
  }

  /** Strings, in separate memory. */
  strings(count: number): StringList {
    const first = this.position;
    const [starts, ends] = [new Uint32Array(count), new Uint32Array(count)];
    for (let index = 0; index < count; index++) {
      const view = this.#next(8);
      const length = view.getUint32(this.#at, true);
      if (view.getUint32(this.#at + 4, true) !== 0 || length > this.remaining)
        this.corrupt(
          `it claims ${view.getBigUint64(this.#at, true)} bytes, but at most ${this.remaining} fit`,
        );
      starts[index] = this.position - first;
      this.position += length;
      ends[index] = this.position - first;
    }
    return new StringList(this.#file.read(first, this.position - first, this.section), starts, ends);
  }

  /** A string used as a key: it must be UTF-8, not empty and not longer than `mostBytes`. */
  name(mostBytes: number): string {
    const length = this.count("bytes", 1);
    if (length === 0) this.corrupt("its name is empty");
    if (length > mostBytes) this.corrupt(`its name has ${length} bytes, above the limit of ${mostBytes}`);
    const bytes = this.#take(length);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return this.corrupt("its name is not UTF-8");
    }
  }

  /** Throws `corrupt-file` for the section that is being read. */
  corrupt(reason: string): never {
    return this.#file.corrupt(this.section, reason);
  }

  /** The next bytes, valid until the next call. */
  #take(length: number): Buffer {
    this.#next(length);
    return this.#window.subarray(this.#at, this.#at + length);
  }

  /** Advances past the next bytes, which are then in the returned window at `#at`. */
  #next(length: number): DataView {
    if (length > this.remaining) this.#refuseEnd();
    if (this.position + length > this.#windowAt + this.#window.length) {
      const size = Math.min(Math.max(length, WINDOW_BYTES), this.remaining);
      const bytes = this.#file.read(this.position, size, this.section);
      this.#window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      this.#windowAt = this.position;
    }
    this.#at = this.position - this.#windowAt;
    this.position += length;
    return this.#view;
  }

  #refuseEnd(): never {
    const end = this.position + this.remaining;
    const isLimit = end < this.#file.sizeBytes;
    return this.corrupt(
      isLimit ? `the header is longer than ${end} bytes` : `the file ends within it, at ${end}`,
    );
  }
}
