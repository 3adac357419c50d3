/** Writes ZIP archives without compression, for libraries that read archives without our limits. */

/** A file of an archive, with the checksum of its content. */
interface StoredFile {
  readonly name: string;
  readonly content: Buffer;
  readonly crc32: number;
}

const LOCAL_BYTES = 30;
const ENTRY_BYTES = 46;
const END_BYTES = 22;

/** An archive of files that together have less than 4 GB (PKWARE APPNOTE 6.3.10, section 4.3). */
export function storedZip(files: readonly StoredFile[]): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, crc32 } of files) {
    const nameBytes = Buffer.from(name);
    const local = Buffer.alloc(LOCAL_BYTES);
    local.writeUInt32LE(0x04034b50, 0);
    sizesAt(local, 14, content, crc32, nameBytes);
    const entry = Buffer.alloc(ENTRY_BYTES);
    entry.writeUInt32LE(0x02014b50, 0);
    sizesAt(entry, 16, content, crc32, nameBytes);
    entry.writeUInt32LE(offset, 42);
    pieces.push(local, nameBytes, content);
    directory.push(entry, nameBytes);
    offset += LOCAL_BYTES + nameBytes.length + content.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...pieces, entries, end]);
}

function sizesAt(header: Buffer, at: number, content: Buffer, crc32: number, name: Buffer): void {
  header.writeUInt32LE(crc32, at);
  header.writeUInt32LE(content.length, at + 4);
  header.writeUInt32LE(content.length, at + 8);
  header.writeUInt16LE(name.length, at + 12);
}
