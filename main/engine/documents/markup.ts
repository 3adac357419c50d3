/** HTML and XML as small trees, by htmlparser2, which loads nothing and knows no entities but those of the language. */
import { Parser } from "htmlparser2";

/** An element: its name (in XML with its prefix), its attributes, and what is in it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
}

/** Deeper elements are read as children of those at this depth, as in browsers, so that walks may recurse. */
const DEEPEST = 256;

/** The tree of an HTML text; anything is one. The root has no name. */
export function parseHtml(html: string): Element {
  const root: Element = { name: "", attributes: {}, children: [] };
  const open = [root];
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const element: Element = { name, attributes, children: [] };
        open[Math.min(open.length, DEEPEST) - 1]!.children.push(element);
        open.push(element);
      },
      ontext: (text) => void open[Math.min(open.length, DEEPEST) - 1]!.children.push(text),
      onclosetag: () => void open.pop(),
    },
    { recognizeSelfClosing: true },
  );
  parser.end(html);
  return root;
}
