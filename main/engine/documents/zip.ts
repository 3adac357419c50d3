/** Reads ZIP archives, with a limit on the unpacked size (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4). */
import { inflateRawSync } from "node:zlib";

/** No text document's archive needs more, but a zip bomb of a few kilobytes would. */
export const LARGEST_UNPACKED_BYTES = 64 * 2 ** 20;

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT_BYTES = 0xffff;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

/** A problem with an archive, as text that follows "the file ". */
export class BadArchive extends Error {}

interface Entry {
  readonly method: number;
  readonly encrypted: boolean;
  readonly packedBytes: number;
  readonly offset: number;
}

/** An archive in memory. All files read from it together stay under the limit. */
export class ZipArchive {
  readonly #bytes: Buffer;
  readonly #entries = new Map<string, Entry>();
  #left: number;

  /** Reads the directory. Throws `BadArchive`. */
  constructor(bytes: Buffer, limitBytes = LARGEST_UNPACKED_BYTES) {
    this.#bytes = bytes;
    this.#left = limitBytes;
    inBounds(() => this.#readDirectory());
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The content of a file. Throws `BadArchive`. */
  read(name: string): Buffer {
    const entry = this.#entries.get(name);
    if (!entry) throw new BadArchive(`lacks its part ${name}`);
    if (entry.encrypted) throw new BadArchive("is protected by a password; save it without one");
    const content = this.#unpacked(
      entry,
      inBounds(() => this.#packed(entry)),
    );
    this.#left -= content.length;
    return content;
  }

  #readDirectory(): void {
    const end = this.#findEnd();
    const count = this.#bytes.readUInt16LE(end + 10);
    let at = this.#bytes.readUInt32LE(end + 16);
    for (let i = 0; i < count; i++) {
      if (this.#bytes.readUInt32LE(at) !== ENTRY_SIGNATURE) throw new BadArchive("has a damaged directory");
      const nameBytes = this.#bytes.readUInt16LE(at + 28);
      const name = this.#bytes.toString("utf8", at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes);
      this.#entries.set(name, {
        encrypted: (this.#bytes.readUInt16LE(at + 8) & 1) === 1,
        method: this.#bytes.readUInt16LE(at + 10),
        packedBytes: this.#bytes.readUInt32LE(at + 20),
        offset: this.#bytes.readUInt32LE(at + 42),
      });
      at += ENTRY_BYTES + nameBytes + this.#bytes.readUInt16LE(at + 30) + this.#bytes.readUInt16LE(at + 32);
    }
  }

  #findEnd(): number {
    const last = this.#bytes.length - END_BYTES;
    for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT_BYTES); at--) {
      if (this.#bytes.readUInt32LE(at) === END_SIGNATURE) return at;
    }
    throw new BadArchive("lacks its end; it is truncated");
  }

  #packed({ offset, packedBytes }: Entry): Buffer {
    if (this.#bytes.readUInt32LE(offset) !== LOCAL_SIGNATURE) throw new BadArchive("has a damaged part");
    const start =
      offset + LOCAL_BYTES + this.#bytes.readUInt16LE(offset + 26) + this.#bytes.readUInt16LE(offset + 28);
    if (start + packedBytes > this.#bytes.length) throw new BadArchive("has a truncated part");
    return this.#bytes.subarray(start, start + packedBytes);
  }

  #unpacked({ method }: Entry, packed: Buffer): Buffer {
    const tooLarge = () =>
      new BadArchive(`unpacks to more than ${LARGEST_UNPACKED_BYTES / 2 ** 20} MiB of text`);
    if (method === STORED) {
      if (packed.length > this.#left) throw tooLarge();
      return packed;
    }
    if (method !== DEFLATED) throw new BadArchive("is packed in a way that is not read");
    if (this.#left <= 0) throw tooLarge();
    try {
      return inflateRawSync(packed, { maxOutputLength: this.#left });
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE"
        ? tooLarge()
        : new BadArchive("has a damaged part");
    }
  }
}

/** Runs code that reads numbers from the archive; an out-of-range read means that the archive is damaged. */
function inBounds<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new BadArchive("has a directory that points outside the file");
    throw error;
  }
}
