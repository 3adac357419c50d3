/** Reads ZIP archives, with a limit on the unpacked size (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4). */
import { BadDocument } from "../bad-document.ts";
import { inflateRawSync } from "node:zlib";
import { crc32 } from "./checksum.ts";
import { zipName } from "./zip-names.ts";

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
/** An allowance for incompressible content, which compression makes a little longer. */
const PACKING_BYTES = 2 ** 20;
const ZIP64 = 0xffffffff;
/** The bits of the file type in the upper half of an entry's external attributes, as on Unix. */
const FILE_TYPE = 0xf000;
const LINK = 0xa000;
/** Enough for ten thousand long names. */
const LARGEST_DIRECTORY_BYTES = 16 * 2 ** 20;

/** Bytes with random access; reading returns fewer than `length` at their end. */
export interface RandomBytes {
  readonly sizeBytes: number;
  read(offset: number, length: number): Buffer;
}

/** What the directory says about a file in an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  /** A symbolic link, whose content is the path that it points to. */
  readonly isLink: boolean;
  readonly crc32: number;
  readonly packedBytes: number;
  /** As claimed; not checked. */
  readonly unpackedBytes: number;
  readonly offset: number;
}

/** How many bytes several archives together may still unpack. */
export interface UnpackingBudget {
  leftBytes: number;
}

/** An archive. All files read from it together stay under the limit. */
export class ZipArchive {
  /** All files and folders in the directory's order, including those with the same name. */
  readonly entries: readonly ZipEntry[];
  readonly #bytes: RandomBytes;
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  readonly #shared: UnpackingBudget;
  #limitBytes: number;
  #left: number;

  /** Reads the directory. Throws `BadDocument`. */
  constructor(
    bytes: Buffer | RandomBytes,
    limitBytes = LARGEST_UNPACKED_BYTES,
    shared: UnpackingBudget = { leftBytes: Infinity },
  ) {
    this.#shared = shared;
    this.#bytes = bytes instanceof Uint8Array ? inMemory(bytes) : bytes;
    this.#limitBytes = limitBytes;
    this.#left = limitBytes;
    this.entries = inBounds(() => this.#readDirectory());
    refuseOverlaps(this.entries);
    this.#entries = new Map(this.entries.map((entry) => [entry.name, entry]));
  }

  /** Sets another limit for all files together that are read from now on. */
  limitTo(limitBytes: number): void {
    this.#limitBytes = limitBytes;
    this.#left = limitBytes;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The content of a file, by its name or, since several may have one, by its entry. Throws `BadDocument`. */
  read(file: string | ZipEntry): Buffer {
    const entry = typeof file === "string" ? this.#entries.get(file) : file;
    if (!entry) throw new BadDocument("damaged");
    if (entry.packedBytes > this.#most + PACKING_BYTES) throw this.#tooLarge();
    if (entry.encrypted) throw new BadDocument("password");
    const content = this.#unpacked(
      entry,
      inBounds(() => this.#packed(entry)),
    );
    if (crc32(content) !== entry.crc32) throw new BadDocument("damaged");
    this.#left -= content.length;
    this.#shared.leftBytes -= content.length;
    return content;
  }

  get #most(): number {
    return Math.min(this.#left, this.#shared.leftBytes);
  }

  #readDirectory(): ZipEntry[] {
    const end = this.#readEnd();
    const count = end.readUInt16LE(10);
    const [size, offset] = [end.readUInt32LE(12), end.readUInt32LE(16)];
    if (offset === ZIP64) throw new BadDocument("archive-over-4-gb");
    if (size > LARGEST_DIRECTORY_BYTES) throw new BadDocument("damaged-or-unsupported");
    const directory = this.#bytes.read(offset, size);
    const entries: ZipEntry[] = [];
    for (let i = 0, at = 0; i < count; i++) {
      if (directory.readUInt32LE(at) !== ENTRY_SIGNATURE) throw new BadDocument("damaged");
      const extraAt = at + ENTRY_BYTES + directory.readUInt16LE(at + 28);
      const commentAt = extraAt + directory.readUInt16LE(at + 30);
      const mode = directory.readUInt16LE(at + 40);
      const [name, extra] = [
        directory.subarray(at + ENTRY_BYTES, extraAt),
        directory.subarray(extraAt, commentAt),
      ];
      entries.push({
        name: zipName(name, extra, directory.readUInt8(at + 5)),
        encrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
        isLink: (mode & FILE_TYPE) === LINK,
        method: directory.readUInt16LE(at + 10),
        crc32: directory.readUInt32LE(at + 16),
        packedBytes: directory.readUInt32LE(at + 20),
        unpackedBytes: directory.readUInt32LE(at + 24),
        offset: directory.readUInt32LE(at + 42),
      });
      at = commentAt + directory.readUInt16LE(at + 32);
    }
    return entries;
  }

  /** The bytes from the end record on. */
  #readEnd(): Buffer {
    const { sizeBytes } = this.#bytes;
    const tail = this.#bytes.read(
      Math.max(0, sizeBytes - END_BYTES - LONGEST_COMMENT_BYTES),
      END_BYTES + LONGEST_COMMENT_BYTES,
    );
    for (let at = tail.length - END_BYTES; at >= 0; at--)
      if (tail.readUInt32LE(at) === END_SIGNATURE) return tail.subarray(at);
    throw new BadDocument("truncated");
  }

  #packed({ offset, packedBytes }: ZipEntry): Buffer {
    const local = this.#bytes.read(offset, LOCAL_BYTES);
    if (local.readUInt32LE(0) !== LOCAL_SIGNATURE) throw new BadDocument("damaged");
    const start = offset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
    if (start + packedBytes > this.#bytes.sizeBytes) throw new BadDocument("truncated");
    return this.#bytes.read(start, packedBytes);
  }

  #tooLarge(): BadDocument {
    return new BadDocument({ code: "unpacks-to-much", mib: this.#limitBytes / 2 ** 20, parts: true });
  }

  #unpacked({ method }: ZipEntry, packed: Buffer): Buffer {
    if (method === STORED) {
      if (packed.length > this.#most) throw this.#tooLarge();
      return packed;
    }
    if (method !== DEFLATED) throw new BadDocument({ code: "compression", method: null });
    if (this.#most <= 0) throw this.#tooLarge();
    try {
      return inflateRawSync(packed, { maxOutputLength: this.#most });
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE"
        ? this.#tooLarge()
        : new BadDocument("damaged");
    }
  }
}

/** Refuses entries that share bytes: a small archive could unpack the same ones thousands of times. Throws `BadDocument`. */
function refuseOverlaps(entries: readonly ZipEntry[]): void {
  let end = 0;
  for (const { offset, packedBytes } of [...entries].sort((a, b) => a.offset - b.offset)) {
    if (offset < end) throw new BadDocument("damaged");
    end = offset + LOCAL_BYTES + packedBytes;
  }
}

/** Bytes that are in memory. */
export function inMemory(bytes: Buffer): RandomBytes {
  return { sizeBytes: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** Runs code that reads numbers from the archive; an out-of-range read means that the archive is damaged. */
function inBounds<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new BadDocument("damaged");
    throw error;
  }
}
