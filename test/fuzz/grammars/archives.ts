/** Documents that are archives of XML: OpenDocument texts, books and presentations. */
import { join } from "node:path";
import type { Random } from "../../../native-models/random.ts";
import { epubParts } from "../../main/engine/documents/epub-parts.ts";
import { odtParts } from "../../main/engine/documents/odt-parts.ts";
import { pptxParts, shape, slideParagraph } from "../../main/engine/documents/pptx-parts.ts";
import type { ZipPart } from "../../main/engine/documents/zip-bytes.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { archiveBytes, escaped, oddXml } from "../zip-pieces.ts";
import { lookedAt } from "./document.ts";

const SHORT_COUNT = 150;

function archived(name: string, partsOf: (random: Random, odd: boolean) => ZipPart[]): FuzzedParser {
  return {
    name,
    shortCount: SHORT_COUNT,
    make: (random, isChanged) => {
      const parts = partsOf(random, isChanged).map((part) => {
        const isOdd = isChanged && chance(random, 8);
        return isOdd ? { ...part, content: oddXml(String(part.content), random) } : part;
      });
      return { [`text.${name}`]: archiveBytes(random, parts, isChanged) };
    },
    parse: (folder) => lookedAt(join(folder, `text.${name}`)),
  };
}

const words = (random: Random, odd: boolean) => escaped(odd ? textOf(random) : "Some text.");

export const odt = archived("odt", (random, odd) =>
  odtParts(several(random, 1, 4, () => odtBlock(random, odd)).join("")),
);

function odtBlock(random: Random, odd: boolean): string {
  const text = words(random, odd);
  const p = `<text:p>${text}</text:p>`;
  switch (random.integer(odd ? 8 : 3)) {
    case 0:
      return p;
    case 1:
      return `<text:h text:outline-level="${odd ? text : 1}">${text}</text:h>`;
    case 2:
      return `<text:list text:style-name="L1"><text:list-item>${p}${p}</text:list-item></text:list>`;
    case 3:
      return `<text:list text:continue-list="x"><text:list-item text:start-value="${pick(random, ["-1", "1e9", "x"])}"><text:list>${p}</text:list></text:list-item></text:list>`;
    case 4:
      return `<table:table><table:table-row><table:table-cell>${p}</table:table-cell><table:covered-table-cell/></table:table-row><table:table-row-group/></table:table>`;
    case 5:
      return `<text:p>${text}<text:note><text:note-body>${p}</text:note-body></text:note><text:note/></text:p>`;
    case 6:
      return `<text:p text:style-name="P1"><text:s text:c="${pick(random, ["-1", "1e9", "x"])}"/><text:tab/><draw:frame><draw:text-box>${p}</draw:text-box></draw:frame></text:p>`;
    default:
      return `<text:section>${text}${p}</text:section><text:alphabetical-index>${p}</text:alphabetical-index>`;
  }
}

export const epub = archived("epub", (random, odd) => {
  const chapters = several(random, 1, 3, () => `<h1>${words(random, odd)}</h1><p>${words(random, odd)}</p>`);
  return epubParts(...chapters).map((part) => {
    if (!odd || !part.name.endsWith(".opf") || chance(random, 60)) return part;
    const address = pick(random, ["../../x", "%zz", "", "#x", "/", "http://127.0.0.1:9/x", "OEBPS/book.opf"]);
    return { ...part, content: String(part.content).replace(/href="[^"]*"/, `href="${address}"`) };
  });
});

export const pptx = archived("pptx", (random, odd) => {
  const slides = several(random, 1, 3, () => {
    const level = odd ? pick(random, ["-1", "8", "1e9", "x"]) : 1;
    const mark = pick(random, ["", "<a:buNone/>", "<a:buChar/>", "<a:buAutoNum/>"]);
    const paragraph = slideParagraph(words(random, odd), Number(level), mark);
    return (
      shape(paragraph, "title") +
      shape(paragraph + paragraph, pick(random, ["body", "obj", "sldNum", "x"])) +
      shape(paragraph)
    );
  });
  return pptxParts(slides, odd ? shape(slideParagraph(words(random, odd)), "body") : undefined);
});
