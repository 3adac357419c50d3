/** HTML and XML as trees, by htmlparser2, which loads nothing and resolves only the language's own entities. */
import { Parser } from "htmlparser2";
import { BadDocument } from "../bad-document.ts";

/** An element: its name (in XML with its prefix), its attributes, and what is in it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
}

/** Deeper elements are read as children of those at this depth, as in browsers, so that walks may recurse. */
const DEEPEST = 256;
/** The parser's time grows with the square of the depth; careless pages stay far below. */
const DEEPEST_PARSED = 10_000;

/** The tree of an HTML text; any text is accepted. The root has no name. Throws `BadDocument` if it is nested over 10,000 deep. */
export function parseHtml(html: string): Element {
  const tree = new Tree();
  new Parser(new Events(tree), { recognizeSelfClosing: true }).end(html);
  return tree.root;
}

/** The root element of an XML text. Throws `BadDocument`: no element, truncated, entities of its own, nested over 10,000 deep. */
export function parseXml(xml: string): Element {
  const tree = new Tree();
  walkXml(xml, tree);
  const root = elementsOf(tree.root)[0];
  if (!root) throw new BadDocument("no-text");
  return root;
}

/** Is called while a text is read, for texts that are too large for a tree. */
export interface MarkupHandler {
  opened(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  closed(name: string): void;
}

/** Reads an XML text from beginning to end. Throws `BadDocument` as `parseXml` does, except for a text without elements. */
export function walkXml(xml: string, handler: MarkupHandler): void {
  const events = new Events(handler);
  const parser = new Parser(events, { xmlMode: true });
  parser.write(withoutProlog(xml));
  if (events.depth > 0) throw new BadDocument("truncated");
  parser.end();
}

/** Passes the parser's events on, and limits how deep elements may be nested. */
class Events {
  depth = 0;
  readonly #handler: MarkupHandler;

  constructor(handler: MarkupHandler) {
    this.#handler = handler;
  }

  onopentag(name: string, attributes: Record<string, string>): void {
    if (this.depth >= DEEPEST_PARSED) throw new BadDocument("nested-too-deep");
    this.depth++;
    this.#handler.opened(name, attributes);
  }

  ontext(text: string): void {
    this.#handler.text(text);
  }

  onclosetag(name: string): void {
    this.depth--;
    this.#handler.closed(name);
  }
}

class Tree implements MarkupHandler {
  readonly root: Element = { name: "", attributes: {}, children: [] };
  readonly #open = [this.root];

  opened(name: string, attributes: Readonly<Record<string, string>>): void {
    const element: Element = { name, attributes, children: [] };
    this.#parent.children.push(element);
    this.#open.push(element);
  }

  text(text: string): void {
    const { children } = this.#parent;
    const last = children.length - 1;
    if (typeof children[last] === "string") children[last] += text;
    else children.push(text);
  }

  closed(): void {
    this.#open.pop();
  }

  get #parent(): Element {
    return this.#open[Math.min(this.#open.length - 1, DEEPEST)]!;
  }
}

/** An XML text from its first element on: a document type may define entities, which are not read. */
function withoutProlog(xml: string): string {
  for (let at = 0; ;) {
    at += /^\s*/.exec(xml.slice(at, at + 4096))![0].length;
    const end = xml.startsWith("<?", at)
      ? endOf(xml, "?>", at)
      : xml.startsWith("<!--", at)
        ? endOf(xml, "-->", at)
        : xml.startsWith("<!DOCTYPE", at)
          ? endOfDocumentType(xml, at)
          : at;
    if (end === at) return xml.slice(at);
    at = end;
  }
}

function endOf(xml: string, mark: string, from: number): number {
  const at = xml.indexOf(mark, from);
  return at < 0 ? xml.length : at + mark.length;
}

function endOfDocumentType(xml: string, from: number): number {
  const end = endOf(xml, ">", from);
  const subset = xml.indexOf("[", from);
  if (subset < 0 || subset > end) return end;
  const endOfSubset = /\]\s*>/g;
  endOfSubset.lastIndex = subset;
  if (!endOfSubset.test(xml)) return xml.length;
  if (xml.slice(subset, endOfSubset.lastIndex).includes("<!ENTITY")) throw new BadDocument("entities");
  return endOfSubset.lastIndex;
}

/** The child elements of an element: all, or those with these names. */
export function elementsOf({ children }: Element, ...names: readonly string[]): Element[] {
  return children.filter(
    (child): child is Element =>
      typeof child !== "string" && (names.length === 0 || names.includes(child.name)),
  );
}

/** The first element along a path of names; undefined if there is none. */
export function elementAt(element: Element, ...path: readonly string[]): Element | undefined {
  return path.reduce<Element | undefined>((at, name) => at && elementsOf(at, name)[0], element);
}

/** All elements with this name within an element, in order. */
export function* elementsWithin(element: Element, name: string): Generator<Element> {
  for (const child of elementsOf(element)) {
    if (child.name === name) yield child;
    yield* elementsWithin(child, name);
  }
}

/** All text within an element, as it is written. */
export function rawText({ children }: Element): string {
  return children.map((child) => (typeof child === "string" ? child : rawText(child))).join("");
}

/** All text within an element, in one line. */
export function plainTextOf(element: Element): string {
  return rawText(element).replace(/\s+/g, " ").trim();
}

/** An attribute as a number of at least 1; 1 if it is missing or not a number. */
export function numberIn({ attributes }: Element, name: string): number {
  return Math.max(1, Number.parseInt(attributes[name] ?? "", 10) || 1);
}
