/** DOCX: a ZIP archive of XML parts. */
import { join } from "node:path";
import type { Random } from "../../../native-models/random.ts";
import { docxParts } from "../../main/documents/files/zip-bytes.ts";
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
    const parts = [
      ...docxParts(isChanged && chance(random, 30) ? oddXml(body, random) : body),
      ...beside(random, isChanged),
    ];
    const files = parts.map(({ name, content }) => {
      const bytes = Buffer.from(content);
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

/** The parts that a body refers to, some of them at a time: styles based on each other, lists and their kinds, notes with notes. */
function beside(random: Random, odd: boolean): { name: string; content: string }[] {
  const id = () => pick(random, odd ? ["1", "2", "-1", "", "1e9", "__proto__"] : ["1", "2"]);
  const value = (name: string, given: string) => `<w:${name} w:val="${given}"/>`;
  const format = () => pick(random, ["decimal", "lowerRoman", "upperLetter", "bullet", odd ? "x" : "none"]);
  const level = (index: number) =>
    `<w:lvl w:ilvl="${index}">${value("start", pick(random, odd ? ["0", "-5", "4e9", "x"] : ["1", "3"]))}${value("numFmt", format())}${value("lvlText", pick(random, ["%1.", "(%2)", "%9%1", ""]))}${value("pStyle", id())}</w:lvl>`;
  const style = () =>
    `<w:style w:type="${pick(random, ["paragraph", "table"])}" w:default="${pick(random, ["1", "0"])}" w:styleId="${id()}">${value("name", pick(random, ["heading 1", "toc 1", "Normal", "List"]))}${value("basedOn", id())}<w:pPr>${value("outlineLvl", pick(random, ["0", "9", odd ? "-1" : "1"]))}<w:numPr>${value("ilvl", id())}${value("numId", id())}</w:numPr></w:pPr><w:rPr><w:vanish/><w:b/></w:rPr></w:style>`;
  const note = () => `<w:footnote w:id="${id()}">${paragraph(random, odd)}</w:footnote>`;
  const all = [
    { name: "word/styles.xml", content: `<w:styles>${several(random, 0, 4, style).join("")}</w:styles>` },
    {
      name: "word/numbering.xml",
      content: `<w:numbering><w:abstractNum w:abstractNumId="${id()}">${value("numStyleLink", id())}${level(0)}${level(odd ? 99 : 1)}</w:abstractNum><w:num w:numId="${id()}">${value("abstractNumId", id())}<w:lvlOverride w:ilvl="${id()}">${value("startOverride", id())}</w:lvlOverride></w:num></w:numbering>`,
    },
    {
      name: "word/footnotes.xml",
      content: `<w:footnotes>${several(random, 0, 3, note).join("")}</w:footnotes>`,
    },
  ];
  return all.filter(() => chance(random, 60));
}

function paragraph(random: Random, odd: boolean): string {
  const text = escaped(odd ? textOf(random) : "Some text.");
  const run = `<w:r><w:t>${text}</w:t></w:r>`;
  switch (random.integer(odd ? 8 : 3)) {
    case 0:
      return `<w:p>${run}</w:p>`;
    case 1:
      return `<w:tbl><w:tr><w:tc><w:p>${run}</w:p></w:tc></w:tr></w:tbl>`;
    case 2:
      return `<w:p>${run}</w:p><w:altChunk r:id="i1"/>`;
    case 3:
      return `<w:p><w:hyperlink r:id="r9">${run}</w:hyperlink><w:tab/><w:br/></w:p>`;
    case 4:
      return `<w:p><w:pPr><w:pStyle w:val="${text}"/><w:numPr><w:ilvl w:val="${pick(random, ["0", "1", "99"])}"/><w:numId w:val="${pick(random, ["1", "2", "-1"])}"/></w:numPr></w:pPr>${run}</w:p>`;
    case 5:
      return `<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>HYPERLINK "${text}"</w:instrText><w:fldChar w:fldCharType="separate"/></w:r>${run}</w:p>`;
    case 6:
      return `<w:p><w:r><w:footnoteReference w:id="${pick(random, ["1", "2", "7"])}"/><w:sym w:font="x" w:char="F0"/><w:drawing/><w:pict/></w:r></w:p>`;
    default:
      return `<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="${pick(random, ["-1", "0", "1e9", "x"])}"/><w:vMerge/></w:tcPr></w:tc></w:tr></w:tbl>`;
  }
}
