/** DOCX: a ZIP archive of XML parts. */
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import type { Random } from "../../../native-models/random.ts";
import { docxParts } from "../../main/engine/documents/zip-bytes.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { bytesOf, changed, damaged, raw, sizeOf, u16, u32 } from "../pieces.ts";
import type { Piece } from "../pieces.ts";
import { lookedAt } from "./document.ts";

export const docx: FuzzedParser = {
  name: "docx",
  shortCount: 2500,
  make(random, isChanged) {
    const body = several(random, 1, 4, () => paragraph(random, isChanged)).join("");
    const parts = docxParts(isChanged && chance(random, 30) ? oddXml(body, random) : body);
    const files = parts.map(({ name, content }) => {
      const bytes = Buffer.from(content as string);
      return { name, content: isChanged && chance(random, 20) ? damaged(bytes, random) : bytes };
    });
    if (isChanged && chance(random, 20))
      files.push({
        name: pick(random, [
          "../x",
          "word/styles.xml",
          "word/numbering.xml",
          "__proto__",
          "word/_rels/document.xml.rels",
        ]),
        content: Buffer.from(oddXml("<w:styles/>", random)),
      });
    const pieces = archive(random, files);
    return { "text.docx": bytesOf(isChanged && chance(random, 50) ? changed(pieces, random) : pieces) };
  },
  parse: (folder) => lookedAt(join(folder, "text.docx")),
};

function paragraph(random: Random, odd: boolean): string {
  const text = escaped(odd ? textOf(random) : "Some text.");
  const run = `<w:r><w:t>${text}</w:t></w:r>`;
  switch (random.integer(odd ? 7 : 2)) {
    case 0:
      return `<w:p>${run}</w:p>`;
    case 1:
      return `<w:tbl><w:tr><w:tc><w:p>${run}</w:p></w:tc></w:tr></w:tbl>`;
    case 2:
      return `<w:p><w:hyperlink r:id="r9">${run}</w:hyperlink><w:tab/><w:br/></w:p>`;
    case 3:
      return `<w:p><w:pPr><w:pStyle w:val="${text}"/><w:numPr><w:ilvl w:val="99"/><w:numId w:val="-1"/></w:numPr></w:pPr>${run}</w:p>`;
    case 4:
      return `<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>HYPERLINK "${text}"</w:instrText><w:fldChar w:fldCharType="separate"/></w:r>${run}</w:p>`;
    case 5:
      return `<w:p><w:r><w:footnoteReference w:id="7"/><w:sym w:font="x" w:char="F0"/><w:drawing/><w:pict/></w:r></w:p>`;
    default:
      return `<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="${pick(random, ["-1", "0", "1e9", "x"])}"/><w:vMerge/></w:tcPr></w:tc></w:tr></w:tbl>`;
  }
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

function oddXml(xml: string, random: Random): string {
  switch (random.integer(7)) {
    case 0:
      return `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${xml}&b;`;
    case 1:
      return `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>${xml}&a;`;
    case 2:
      return `${"<w:sdt>".repeat(400)}${xml}${"</w:sdt>".repeat(400)}`;
    case 3:
      return xml.replace("<w:p>", '<w:p a="1" a="2" __proto__="3">');
    case 4:
      return xml.replace(/<\/w:r>/, "");
    case 5:
      return `<![CDATA[${xml}]]><?x ${xml}?><!-- ${xml} -->`;
    default:
      return `${xml}&#0;&#xFFFFFFFF;&unknown;`;
  }
}

function archive(random: Random, files: readonly { name: string; content: Buffer }[]): Piece[] {
  const [local, directory]: [Piece[], Piece[]] = [[], []];
  let offset = 0;
  for (const { name, content } of files) {
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
      u16(0),
    ];
    const own = [raw("PK\x03\x04"), ...shared, raw(name), raw(packed)];
    directory.push(
      raw("PK\x01\x02"),
      u16(20),
      ...shared,
      u16(0),
      u16(0),
      u16(0),
      u32(0),
      u32(offset),
      raw(name),
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
