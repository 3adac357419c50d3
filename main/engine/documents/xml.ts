/** XML: articles in JATS, flat OpenDocument files, pages in XHTML, and any other kind: text in the order of its elements, data as tables. */
import { EXTENSIONS } from "../../../preload/contract/data/data-files.ts";
import { BlockList } from "./blocks/block-list.ts";
import type { Block } from "./blocks/blocks.ts";
import { decodeXml } from "./markup/declared-encoding.ts";
import { pageBlocks } from "./markup/html.ts";
import { articleBlocks, articlesIn } from "./markup/jats.ts";
import { elementsOf, parseXml, rawText } from "./markup/markup.ts";
import type { Element } from "./markup/markup.ts";
import { recordTable } from "./markup/xml-table.ts";
import { openDocumentContent } from "./office/odf.ts";
import { paragraphsOf } from "./plain-text.ts";
import type { DocumentFormat } from "./row.ts";
import { isFlatOds, odsContent } from "./sheets/spreadsheet.ts";
import { openWhole } from "./whole-document.ts";
import type { DocumentContent } from "./whole-document.ts";

/** The blocks of an XML file. Throws `not-found`, `unreadable`, and `bad-data`: not well-formed, entities of its own, no text. */
export const xml: DocumentFormat = {
  extensions: EXTENSIONS.xml,
  open: (path) => openWhole(path, (bytes) => contentOf(decodeXml(bytes))),
};

function contentOf(text: string): DocumentContent | Promise<DocumentContent> {
  if (isFlatOds(text)) return odsContent(text);
  const root = parseXml(text);
  if (root.name === "html") return { format: "html", blocks: pageBlocks(text) };
  if (root.name === "office:document") return openDocumentContent(root);
  const articles = articlesIn(root);
  return { format: "xml", blocks: articles.length > 0 ? articleBlocks(articles) : elementBlocks(root) };
}

/** The text of each outermost element that directly contains text, as paragraphs; records as rows of tables. */
function elementBlocks(root: Element): Block[] {
  const list = new BlockList();
  const add = (element: Element): void => {
    const hasText = element.children.some((child) => typeof child === "string" && child.trim() !== "");
    if (hasText) for (const { text } of paragraphsOf(rawText(element))) list.paragraph(text);
    else
      for (const alike of runsOf(elementsOf(element))) {
        const table = alike.length > 1 ? recordTable(alike) : undefined;
        if (table) list.table(table);
        else alike.forEach(add);
      }
  };
  add(root);
  return list.blocks;
}

/** Elements of the same name that follow one another. */
function runsOf(elements: readonly Element[]): Element[][] {
  const runs: Element[][] = [];
  for (const element of elements) {
    const run = runs.at(-1);
    if (run?.[0]!.name === element.name) run.push(element);
    else runs.push([element]);
  }
  return runs;
}
