/** Hand-made ZIP archives and Word documents. */
import { deflateRawSync } from "node:zlib";
import { crc32 } from "../../../../main/documents/files/checksum.ts";

export interface ZipPart {
  readonly name: string;
  /** The name as it is written, if it is not in UTF-8. */
  readonly nameBytes?: Buffer;
  readonly content: string | Uint8Array;
  /** Marks it as encrypted. */
  readonly encrypted?: boolean;
  /** The extra field of its entry. */
  readonly extra?: Buffer;
  /** The system that it was made on: 0 for Windows, 3 for Unix. */
  readonly system?: number;
}

/** An archive with these files, deflated. */
export function zipBytes(parts: readonly ZipPart[]): Buffer {
  const [files, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const part of parts) {
    const { name, content, encrypted = false, extra = Buffer.alloc(0), system = 0 } = part;
    const { nameBytes = Buffer.from(name) } = part;
    const packed = deflateRawSync(content);
    const checksum = crc32(Buffer.from(content as string));
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(checksum, 14);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt16LE(nameBytes.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt8(system, 5);
    entry.writeUInt16LE(encrypted ? 1 : 0, 8);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(checksum, 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(Buffer.byteLength(content), 24);
    entry.writeUInt16LE(nameBytes.length, 28);
    entry.writeUInt16LE(extra.length, 30);
    entry.writeUInt32LE(offset, 42);
    files.push(local, nameBytes, packed);
    directory.push(entry, nameBytes, extra);
    offset += local.length + nameBytes.length + packed.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, entries, end]);
}

const WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument";

/** The parts of a Word document whose body is this XML. */
export function docxParts(body: string): ZipPart[] {
  const types =
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';
  const relations = `<Relationships xmlns="${RELATIONS}"><Relationship Id="r1" Type="${OFFICE}" Target="word/document.xml"/></Relationships>`;
  return [
    { name: "[Content_Types].xml", content: types },
    { name: "_rels/.rels", content: relations },
    {
      name: "word/document.xml",
      content: `<w:document xmlns:w="${WORD}"><w:body>${body}</w:body></w:document>`,
    },
  ];
}

/** A Word document of these paragraphs. */
export function docxBytes(...paragraphs: string[]): Buffer {
  return zipBytes(docxParts(paragraphs.map((text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`).join("")));
}
