/** Compound files, the small file system inside old Office files and Outlook messages ([MS-CFB] 2.1 to 2.6). */
import type { ReadAttached } from "./row.ts";
import { BadDocument } from "./bad-document.ts";
import type { DocumentContent } from "./whole-document.ts";

/** A kind of document that is a compound file. */
export interface CompoundFormat {
  /** Lower case, with the dot. */
  readonly extensions: readonly string[];
  /** Whether a file is of this kind. */
  isIn(file: CompoundFile): boolean;
  /** Throws `BadDocument`. */
  read(
    file: CompoundFile,
    readAttached: ReadAttached | undefined,
  ): DocumentContent | Promise<DocumentContent>;
}

const HEADER_BYTES = 512;
const ENTRY_BYTES = 128;
const MINI_SECTOR_BYTES = 64;
const FIRST_TABLE_SECTORS = 109;
const LARGEST_SECTOR = 0xfffffffa;
const [STORAGE, STREAM, ROOT] = [1, 2, 5];

interface Entry {
  readonly name: string;
  readonly type: number;
  readonly left: number;
  readonly right: number;
  readonly child: number;
  readonly start: number;
  readonly sizeBytes: number;
}

/** A compound file in memory. Chains and lists are not followed in circles, so that reading ends whatever its tables contain. */
export class CompoundFile {
  readonly #bytes: Buffer;
  readonly #sectorBytes: number;
  readonly #smallestBigBytes: number;
  /** The next sector of each sector, and of each mini sector. */
  readonly #next: Uint32Array;
  readonly #nextMini: Uint32Array;
  readonly #entries: readonly Entry[];
  readonly #miniStream: Buffer;
  /** What is in each storage that was looked into, by names in upper case. No entry is in two, so that all of them are read once. */
  readonly #contents = new Map<Entry, ReadonlyMap<string, Entry>>();
  readonly #placed = new Set<Entry>();

  /** Throws `BadDocument`. */
  constructor(bytes: Buffer) {
    if (bytes.length < HEADER_BYTES) throw damaged();
    this.#bytes = bytes;
    const shift = bytes.readUInt16LE(30);
    if (shift !== 9 && shift !== 12) throw damaged();
    this.#sectorBytes = 1 << shift;
    this.#smallestBigBytes = bytes.readUInt32LE(56);
    const sectors = Math.ceil(bytes.length / this.#sectorBytes);
    this.#next = this.#tableIn(this.#sectorsOfTable(), sectors);
    this.#entries = this.#entriesIn(this.#chain(bytes.readUInt32LE(48), Infinity));
    const root = this.#entries[0];
    if (root?.type !== ROOT) throw damaged();
    const miniSectors = Math.ceil(bytes.length / MINI_SECTOR_BYTES);
    this.#nextMini = this.#tableIn(chainIn(this.#next, bytes.readUInt32LE(60), Infinity), miniSectors);
    this.#miniStream =
      root.sizeBytes === 0
        ? Buffer.alloc(0)
        : this.#chain(root.start, root.sizeBytes).subarray(0, root.sizeBytes);
  }

  /** The names of the storages and streams in a storage, the root's without a path. */
  names(...storage: readonly string[]): string[] {
    return [...this.#contentOf(storage).values()].map(({ name }) => name);
  }

  /** The content of a stream by its path; undefined if there is none. Throws `BadDocument`. */
  stream(...path: readonly string[]): Buffer | undefined {
    const entry = this.#streamAt(path);
    if (!entry) return undefined;
    if (entry.sizeBytes === 0) return Buffer.alloc(0);
    const isMini = entry.sizeBytes < this.#smallestBigBytes;
    const content = isMini
      ? this.#miniChain(entry.start, entry.sizeBytes)
      : this.#chain(entry.start, entry.sizeBytes);
    if (content.length < entry.sizeBytes) throw damaged();
    return content.subarray(0, entry.sizeBytes);
  }

  /** Whether there is a stream at a path. */
  hasStream(...path: readonly string[]): boolean {
    return this.#streamAt(path) !== undefined;
  }

  #streamAt(path: readonly string[]): Entry | undefined {
    return this.#entryAt(path, STREAM);
  }

  #entryAt(path: readonly string[], type: number): Entry | undefined {
    const entry = this.#contentOf(path.slice(0, -1)).get(path[path.length - 1]!.toUpperCase());
    return entry?.type === type ? entry : undefined;
  }

  #contentOf(path: readonly string[]): ReadonlyMap<string, Entry> {
    const storage = path.length === 0 ? this.#entries[0]! : this.#entryAt(path, STORAGE);
    if (!storage) return new Map();
    let content = this.#contents.get(storage);
    if (!content) this.#contents.set(storage, (content = this.#readContent(storage)));
    return content;
  }

  /** By their names, of which those that differ only in case are the same (2.6.4). */
  #readContent(storage: Entry): Map<string, Entry> {
    const found = new Map<string, Entry>();
    const waiting = [storage.child];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      const entry = this.#entries[index];
      if (!entry || this.#placed.has(entry)) continue;
      this.#placed.add(entry);
      const name = entry.name.toUpperCase();
      if (!found.has(name)) found.set(name, entry);
      waiting.push(entry.right, entry.left);
    }
    return found;
  }

  /** The sectors of the allocation table (FAT): the first are listed in the header, others in a chain of lists. */
  #sectorsOfTable(): number[] {
    const listed: number[] = [];
    for (let i = 0; i < FIRST_TABLE_SECTORS; i++) listed.push(this.#bytes.readUInt32LE(76 + 4 * i));
    const perSector = this.#sectorBytes / 4 - 1;
    const seen = new Set<number>();
    let list = this.#bytes.readUInt32LE(68);
    while (list <= LARGEST_SECTOR && !seen.has(list)) {
      seen.add(list);
      const sector = this.#sector(list);
      for (let i = 0; i < perSector; i++) listed.push(sector.readUInt32LE(4 * i));
      list = sector.readUInt32LE(4 * perSector);
    }
    return [...new Set(listed.filter((sector) => sector <= LARGEST_SECTOR))];
  }

  /** The numbers in the sectors of a table, of which those are left out that would describe more than `most` sectors. */
  #tableIn(sectors: readonly number[], most: number): Uint32Array {
    const perSector = this.#sectorBytes / 4;
    const read = sectors.slice(0, Math.ceil(most / perSector));
    const table = new Uint32Array(read.length * perSector);
    for (const [index, at] of read.entries()) {
      const sector = this.#sector(at);
      for (let i = 0; i < perSector; i++) table[index * perSector + i] = sector.readUInt32LE(4 * i);
    }
    return table;
  }

  #entriesIn(directory: Buffer): Entry[] {
    const count = Math.floor(directory.length / ENTRY_BYTES);
    return Array.from({ length: count }, (_, i) => {
      const at = i * ENTRY_BYTES;
      const nameBytes = Math.min(Math.max(directory.readUInt16LE(at + 64) - 2, 0), 62);
      return {
        name: directory.toString("utf16le", at, at + (nameBytes & ~1)),
        type: directory[at + 66]!,
        left: directory.readUInt32LE(at + 68),
        right: directory.readUInt32LE(at + 72),
        child: directory.readUInt32LE(at + 76),
        start: directory.readUInt32LE(at + 116),
        sizeBytes: directory.readUInt32LE(at + 120),
      };
    });
  }

  #sector(index: number): Buffer {
    const start = (index + 1) * this.#sectorBytes;
    const sector = this.#bytes.subarray(start, start + this.#sectorBytes);
    if (sector.length === this.#sectorBytes) return sector;
    if (sector.length === 0) throw damaged();
    return Buffer.concat([sector, Buffer.alloc(this.#sectorBytes - sector.length)]); // the last may be cut short
  }

  /** The content of the sectors from `start` on, up to that with the last of `sizeBytes`. */
  #chain(start: number, sizeBytes: number): Buffer {
    const sectors = chainIn(this.#next, start, Math.ceil(sizeBytes / this.#sectorBytes));
    return Buffer.concat(sectors.map((index) => this.#sector(index)));
  }

  #miniChain(start: number, sizeBytes: number): Buffer {
    const sectors = chainIn(this.#nextMini, start, Math.ceil(sizeBytes / MINI_SECTOR_BYTES)).map((index) => {
      const sector = this.#miniStream.subarray(index * MINI_SECTOR_BYTES, (index + 1) * MINI_SECTOR_BYTES);
      return sector.length > 0 ? sector : damage();
    });
    return Buffer.concat(sectors);
  }
}

/** The chain of at most `most` sectors from `start` on. Throws `BadDocument` if it is circular or leads out of the table. */
function chainIn(next: Uint32Array, start: number, most: number): number[] {
  const chain = new Set<number>();
  for (let sector = start; sector <= LARGEST_SECTOR && chain.size < most; sector = next[sector]!) {
    if (sector >= next.length || chain.has(sector)) throw damaged();
    chain.add(sector);
  }
  return [...chain];
}

const damaged = () => new BadDocument("damaged");
function damage(): never {
  throw damaged();
}
