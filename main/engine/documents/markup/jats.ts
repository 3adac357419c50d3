/** Scientific articles in JATS XML (ANSI/NISO Z39.96): title, abstract, sections and tables, without references. */
import { BlockList } from "../blocks/block-list.ts";
import type { Block } from "../blocks/blocks.ts";
import { addHtml } from "./html-blocks.ts";
import { itemMark, writtenNumber } from "../blocks/list-numbers.ts";
import type { NumberFormat } from "../blocks/list-numbers.ts";
import { elementAt, elementsOf, elementsWithin, plainTextOf } from "./markup.ts";
import type { Element } from "./markup.ts";
import { formulaText, isMath } from "./formula.ts";

/** The articles in a file: its root, or those in a set. Empty if it is another kind of XML. */
export function articlesIn(root: Element): Element[] {
  if (root.name === "article") return isArticle(root) ? [root] : [];
  return [...elementsWithin(root, "article")].filter(isArticle);
}

function isArticle(article: Element): boolean {
  return (
    elementAt(article, "front", "article-meta") !== undefined ||
    elementAt(article, "body", "sec") !== undefined
  );
}

/** The blocks of articles, one after another. */
export function articleBlocks(articles: readonly Element[]): Block[] {
  const list = new BlockList();
  for (const article of articles) addArticle(list, article);
  return list.blocks;
}

function addArticle(list: BlockList, article: Element): void {
  const meta = elementAt(article, "front", "article-meta");
  const title = meta && elementAt(meta, "title-group", "article-title");
  if (title) list.heading(1, inline(title));
  for (const abstract of meta ? elementsOf(meta, "abstract", "trans-abstract") : []) {
    if (!elementAt(abstract, "title")) list.heading(2, "Abstract");
    addContent(list, abstract, 2);
  }
  const body = elementAt(article, "body");
  if (body) addContent(list, body, 1);
  const back = elementAt(article, "back");
  if (back) addContent(list, back, 1);
  addNotes(list, article);
}

/** The notes that the text refers to, as a list at the end; other notes are about the article. */
function addNotes(list: BlockList, article: Element): void {
  const body = elementAt(article, "body");
  const marks = new Map(
    body
      ? [...elementsWithin(body, "xref")].flatMap((link) =>
          isNoteLink(link) ? [[link.attributes["rid"] ?? "", plainTextOf(link)] as const] : [],
        )
      : [],
  );
  for (const group of elementsWithin(article, "fn-group"))
    for (const note of elementsOf(group, "fn")) {
      const mark = marks.get(note.attributes["id"] ?? "");
      const texts = elementsOf(note).filter(({ name }) => name !== "label");
      if (mark !== undefined) list.item(1, itemMark(mark), texts.map(inline).join("\n"));
    }
}

const isNoteLink = ({ attributes }: Element) => attributes["ref-type"] === "fn";

/** Elements that are not text of the article, or are read elsewhere. */
const SKIPPED =
  /^(ref-list|label|title|fn-group|glossary|supplementary-material|graphic|media|object-id|sec-meta|permissions|contrib-group|bio)$/;

/** Adds what is in a section at this level: its title, then its content. */
function addContent(list: BlockList, section: Element, level: number): void {
  const title = elementAt(section, "title");
  if (title) {
    const label = elementAt(section, "label");
    list.heading(level, `${label ? `${inline(label)} ` : ""}${inline(title)}`);
  }
  for (const child of elementsOf(section)) addElement(list, child, level);
}

function addElement(list: BlockList, element: Element, level: number): void {
  const { name } = element;
  if (SKIPPED.test(name)) return;
  if (/^(sec|app|ack|notes)$/.test(name)) addContent(list, element, level + 1);
  else if (name === "p") addParagraph(list, element, level);
  else if (name === "list") addList(list, element, 1);
  else if (name === "table-wrap" || name === "fig" || name === "boxed-text")
    addCaptioned(list, element, level);
  else if (name === "table") addHtml(list, { name: "", attributes: {}, children: [element] });
  else if (name === "disp-formula") list.paragraph(inline(element));
  else if (elementsOf(element).length > 0) addContent(list, element, level);
  else list.paragraph(inline(element));
}

/** Lists, tables and figures within a paragraph come after it. */
function addParagraph(list: BlockList, paragraph: Element, level: number): void {
  const isBlock = (child: Element | string): child is Element =>
    typeof child !== "string" && /^(list|table-wrap|fig|boxed-text|disp-quote)$/.test(child.name);
  list.paragraph(inline({ ...paragraph, children: paragraph.children.filter((child) => !isBlock(child)) }));
  for (const child of paragraph.children.filter(isBlock)) addElement(list, child, level);
}

function addCaptioned(list: BlockList, element: Element, level: number): void {
  const [label, caption] = [elementAt(element, "label"), elementAt(element, "caption")];
  list.paragraph([label, caption].flatMap((part) => (part ? [inline(part)] : [])).join(" "));
  for (const child of elementsOf(element)) if (child !== caption) addElement(list, child, level);
}

/** The numbers of a list by its type. */
const FORMATS: Readonly<Record<string, NumberFormat>> = {
  order: "decimal",
  "alpha-lower": "lowerLetter",
  "alpha-upper": "upperLetter",
  "roman-lower": "lowerRoman",
  "roman-upper": "upperRoman",
};

function addList(list: BlockList, element: Element, level: number): void {
  const format = FORMATS[element.attributes["list-type"] ?? ""] ?? "none";
  for (const [index, item] of elementsOf(element, "list-item").entries()) {
    const texts = elementsOf(item).filter(({ name }) => name !== "list" && name !== "label");
    const label = elementAt(item, "label");
    const number = writtenNumber(index + 1, format);
    list.item(level, itemMark(label ? inline(label) : number), texts.map(inline).join("\n"));
    for (const inner of elementsOf(item, "list")) addList(list, inner, level + 1);
  }
}

/** Text in one line, without the TeX source of formulas, which are there in MathML as well. */
function inline(element: Element): string {
  return plainTextOf(withoutSources(element));
}

function withoutSources(element: Element): Element {
  const children = element.children.flatMap((child): (Element | string)[] => {
    if (typeof child === "string") return [child];
    if (isMath(child)) return [formulaText(child)];
    if (/^(tex-math|fn)$/.test(child.name)) return [];
    if (isNoteLink(child) || isRaisedLinks(child))
      return [`[${plainTextOf(child).replace(/^\[(.*)\]$/, "$1")}]`];
    return [child.name === "break" ? " " : withoutSources(child)];
  });
  return { ...element, children };
}

/** Superscript numbers of sources after a word: "shown12" would be another word. */
function isRaisedLinks(element: Element): boolean {
  return (
    element.name === "sup" &&
    elementsOf(element, "xref").length > 0 &&
    /^[[\]\s\d,;–-]+$/.test(plainTextOf(element))
  );
}
