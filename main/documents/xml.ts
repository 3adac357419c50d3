/** XML: pages in XHTML, and any other kind: text in the order of its elements. */
import { EXTENSIONS } from "../../preload/contract/data/data-files.ts";
import { BlockList } from "./blocks/block-list.ts";
import type { Block } from "./blocks/blocks.ts";
import { decodeXml } from "./markup/declared-encoding.ts";
import { pageBlocks } from "./markup/html.ts";
import { elementsOf, parseXml, rawText } from "./markup/markup.ts";
import type { Element } from "./markup/markup.ts";
import { paragraphsOf } from "./plain-text.ts";
import type { DocumentFormat } from "./row.ts";
import { BadDocument } from "./bad-document.ts";
import { openWhole } from "./whole-document.ts";
import type { DocumentContent } from "./whole-document.ts";

/** The blocks of an XML file. Throws `not-found`, `unreadable`, and `bad-data`: not well-formed, entities of its own, no text. */
export const xml: DocumentFormat = {
  extensions: EXTENSIONS.xml,
  open: (path) => openWhole(path, (bytes) => contentOf(decodeXml(bytes))),
};

function contentOf(text: string): DocumentContent | Promise<DocumentContent> {
  if (/^\s*(?:<[?!][^>]*>\s*)*<office:document[\s>]/.test(text))
    throw new BadDocument({ code: "refused-format", format: "flatOpenDocument" });
  const root = parseXml(text);
  if (root.name === "html") return { format: "html", blocks: pageBlocks(text) };
  const blocks = elementBlocks(root);
  if (isData(blocks)) throw new BadDocument("xml-data");
  return { format: "xml", blocks };
}

const FEWEST_VALUES = 20;
/** The values of data, such as dates, names and amounts, are shorter. */
const TEXT_CHARACTERS = 30;

function isData(blocks: readonly Block[]): boolean {
  const texts = blocks.filter(({ text }) => text.length >= TEXT_CHARACTERS);
  return blocks.length >= FEWEST_VALUES && 4 * texts.length < blocks.length;
}

/** The text of each outermost element that directly contains text, as paragraphs. */
function elementBlocks(root: Element): Block[] {
  const list = new BlockList();
  const add = (element: Element): void => {
    const hasText = element.children.some((child) => typeof child === "string" && child.trim() !== "");
    if (hasText) for (const { text } of paragraphsOf(rawText(element))) list.paragraph(text);
    else elementsOf(element).forEach(add);
  };
  add(root);
  return list.blocks;
}
