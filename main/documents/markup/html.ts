/** HTML pages: their main content, without navigation, scripts and hidden elements. */
import { EXTENSIONS } from "../../../preload/contract/data/data-files.ts";
import { BlockList } from "../blocks/block-list.ts";
import type { Block } from "../blocks/blocks.ts";
import { decodeHtml } from "./declared-encoding.ts";
import { addHtml } from "./html-blocks.ts";
import { elementsOf, elementsWithin, parseHtml, plainTextOf } from "./markup.ts";
import type { Element } from "./markup.ts";
import { isMath } from "./formula.ts";
import type { DocumentFormat } from "../row.ts";
import { isSavedPage, savedHtml } from "./saved-page.ts";
import { openWhole } from "../whole-document.ts";

/** The blocks of a page. Throws `not-found`, `unreadable`, and `bad-data`: an unknown encoding, no text. */
export const html: DocumentFormat = {
  extensions: EXTENSIONS.html,
  open: (path) =>
    openWhole(path, async (bytes) => {
      const page = isSavedPage(bytes) ? await savedHtml(bytes) : bytes;
      return { format: "html", blocks: pageBlocks(decodeHtml(path, page)) };
    }),
};

/** The blocks of a page's main content, after its title if the content has no heading of the first level. */
export function pageBlocks(text: string): Block[] {
  const page = parseHtml(text);
  const content = mainBlocks(page);
  const title = elementsWithin(page, "title").next().value;
  if (
    !title ||
    content.length === 0 ||
    content.some((block) => block.kind === "heading" && block.level === 1)
  )
    return content;
  const list = new BlockList();
  list.heading(1, plainTextOf(title));
  list.append(content);
  return list.blocks;
}

/** The blocks of HTML that is all content, such as a message. */
export function htmlBlocks(text: string): Block[] {
  return blocksIn(parseHtml(text));
}

/** The content of `main`, or else of articles, or else everything except what surrounds a page's content: the first of these with text. */
function mainBlocks(page: Element): Block[] {
  const parts = [within(page, isMain), within(page, isArticle), without(page, isAroundContent)];
  return parts.map(blocksIn).find((blocks) => blocks.length > 0) ?? [];
}

function blocksIn(element: Element): Block[] {
  const list = new BlockList();
  addHtml(list, visible(element));
  return list.blocks;
}

const isArticle = ({ name }: Element) => name === "article";
const isMain = ({ name, attributes }: Element) => name === "main" || attributes["role"] === "main";

function isAroundContent({ name, attributes }: Element): boolean {
  const role = attributes["role"] ?? "";
  return (
    isPageEdge(name, attributes) ||
    /^(nav|aside|footer)$/.test(name) ||
    /^(navigation|banner|contentinfo|complementary|search)$/.test(role)
  );
}

/** The header and the footer of pages, as LibreOffice marks them. */
function isPageEdge(name: string, { title = "" }: Element["attributes"]): boolean {
  return name === "div" && /^(header|footer)$/.test(title);
}

function visible(root: Element): Element {
  return without(root, (element) => {
    const { name, attributes } = element;
    const isHidden = "hidden" in attributes || attributes["aria-hidden"] === "true";
    return name === "nav" || isHidden || (isUndisplayed(attributes) && !isMathAlone(element));
  });
}

const isUndisplayed = ({ style = "" }: Element["attributes"]) => /display\s*:\s*none/i.test(style);

/** Whether an element contains only a formula: it may be hidden because a picture shows it, as on Wikipedia. */
function isMathAlone(element: Element): boolean {
  const [first, ...others] = elementsOf(element);
  return first !== undefined && others.length === 0 && isMath(first);
}

/** The outermost elements of a kind, as the children of one. */
function within(element: Element, isIt: (element: Element) => boolean): Element {
  const found = (at: Element): Element[] =>
    elementsOf(at).flatMap((child) => (isIt(child) ? [child] : found(child)));
  return { ...element, children: found(element) };
}

/** A tree without the elements of a kind. */
function without(element: Element, isIt: (element: Element) => boolean): Element {
  const children = element.children.flatMap((child): (Element | string)[] => {
    if (typeof child === "string") return [child];
    return isIt(child) ? [] : [without(child, isIt)];
  });
  return { ...element, children };
}
