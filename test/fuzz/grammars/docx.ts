/** DOCX: a ZIP archive of XML parts. */
import { join } from "node:path";
import type { Random } from "../../../native-models/random.ts";
import { docxParts } from "../../main/engine/documents/zip-bytes.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { bytesOf, changed, damaged } from "../pieces.ts";
import { archive, escaped, oddXml } from "../zip-pieces.ts";
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
