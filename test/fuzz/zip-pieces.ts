/** A ZIP archive as pieces, and XML that stumbles. */
import { crc32, deflateRawSync } from "node:zlib";
import type { Random } from "../../native-models/random.ts";
import type { ZipPart } from "../main/documents/files/zip-bytes.ts";
import { chance } from "./draw.ts";
import { bytesOf, changed, damaged, raw, sizeOf, u16, u32 } from "./pieces.ts";
import type { Piece } from "./pieces.ts";

export interface ArchivedFile {
  readonly name: string | Uint8Array;
  readonly content: Buffer;
  /** The extra field of its entry. */
  readonly extra?: readonly Piece[];
}

/** An archive of these parts. Changed: parts damaged or lost, or the archive's own numbers changed. */
export function archiveBytes(random: Random, parts: readonly ZipPart[], isChanged: boolean): Buffer {
  const files = parts.flatMap(({ name, content }) => {
    const bytes = Buffer.from(content as string);
    if (isChanged && chance(random, 3)) return [];
    return [{ name, content: isChanged && chance(random, 20) ? damaged(bytes, random) : bytes }];
  });
  return archiveOf(random, files, isChanged);
}

/** An archive of these files. Changed: its own numbers may be. */
export function archiveOf(random: Random, files: readonly ArchivedFile[], isChanged: boolean): Buffer {
  const pieces = archive(random, files);
  return bytesOf(isChanged && chance(random, 40) ? changed(pieces, random) : pieces);
}

/** A text in XML. */
export const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** XML with what parsers stumble over. */
export function oddXml(xml: string, random: Random): string {
  switch (random.integer(7)) {
    case 0:
      return `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${xml}&b;`;
    case 1:
      return `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>${xml}&a;`;
    case 2:
      return `${"<x>".repeat(400)}${xml}${"</x>".repeat(400)}`;
    case 3:
      return xml.replace(/<[\w:]+>/, (tag) => `${tag.slice(0, -1)} a="1" a="2" __proto__="3">`);
    case 4:
      return xml.replace(/<\/[\w:]+>/, "");
    case 5:
      return `<![CDATA[${xml}]]><?x ${xml}?><!-- ${xml} -->`;
    default:
      return `${xml}&#0;&#xFFFFFFFF;&unknown;`;
  }
}

/** The archive, stored or deflated. */
export function archive(random: Random, files: readonly ArchivedFile[]): Piece[] {
  const [local, directory]: [Piece[], Piece[]] = [[], []];
  let offset = 0;
  for (const { name, content, extra = [] } of files) {
    const isStored = chance(random, 30);
    const packed = isStored ? content : deflateRawSync(content);
    const shared = [
      u16(20),
      u16(0),
      u16(isStored ? 0 : 8),
      u32(0),
      u32(crc32(content)),
      u32(packed.length),
      u32(content.length),
      u16(Buffer.byteLength(name)),
    ];
    const own = [raw("PK\x03\x04"), ...shared, u16(0), raw(name), raw(packed)];
    directory.push(
      raw("PK\x01\x02"),
      u16(20),
      ...shared,
      u16(sizeOf(extra)),
      u16(0),
      u16(0),
      u16(0),
      u32(0),
      u32(offset),
      raw(name),
      ...extra,
    );
    local.push(...own);
    offset += sizeOf(own);
  }
  const size = sizeOf(directory);
  return [
    ...local,
    ...directory,
    raw("PK\x05\x06"),
    u16(0),
    u16(0),
    u16(files.length),
    u16(files.length),
    u32(size),
    u32(offset),
    u16(0),
  ];
}
