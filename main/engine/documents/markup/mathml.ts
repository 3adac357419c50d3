/** Formulas in MathML as text in one line (MathML 3, chapter 3), as in OpenDocument files, web pages and articles. */
import { fraction, grouped, marked, root, rowsText, withScripts } from "../blocks/formula.ts";
import { elementsOf, plainTextOf, rawText } from "./markup.ts";
import type { Element } from "./markup.ts";

/** Whether an element is a formula, whatever the prefix of its name. */
export const isMath = ({ name }: Element) => /^(?:[\w-]+:)?math$/.test(name);

/** Including its source. Anything longer is not a formula, and each of its parts would be copied once per level of nesting. */
const LONGEST_FORMULA_CHARACTERS = 10_000;

/** A formula's text: "(a+b)/2", "x^2"; if it has none, its source. */
export function mathText(math: Element): string {
  const isFormula = rawText(math).length <= LONGEST_FORMULA_CHARACTERS;
  return (isFormula ? textOf(math).replace(/\s+/g, " ").trim() : plainTextOf(math)) || sourceOf(math);
}

const localName = ({ name }: Element) => name.replace(/^.*:/, "");
const attributeOf = ({ attributes }: Element, name: string) => attributes[name] ?? attributes[`math:${name}`];

function sourceOf(math: Element): string {
  const inside = elementsOf(math);
  const source = inside.find((child) => localName(child) === "annotation");
  if (source) return plainTextOf(source);
  return inside.length === 1 ? sourceOf(inside[0]!) : "";
}

/** The text of one element. */
function textOf(element: Element): string {
  const parts = elementsOf(element);
  const part = (index: number) => (parts[index] ? textOf(parts[index]) : "");
  switch (localName(element)) {
    case "mi":
    case "mn":
    case "mo":
      return plainTextOf(element)
        .replace(/[\u2061-\u2063]/g, "")
        .replace("\u2064", "+");
    case "mtext":
    case "ms":
      return rawText(element).replace(/\s+/g, " ");
    case "mspace":
      return " ";
    case "mfrac":
      return fraction(part(0), part(1), !/^0(?:\D|$)/.test(attributeOf(element, "linethickness") ?? ""));
    case "msqrt":
      return root("", joined(element));
    case "mroot":
      return root(part(1), part(0));
    case "msub":
    case "munder":
      return withScripts(baseOf(parts[0]), part(1), "");
    case "msup":
      return withScripts(baseOf(parts[0]), "", part(1));
    case "mover":
      return isMark(parts[1]) ? marked(part(0), part(1)) : withScripts(baseOf(parts[0]), "", part(1));
    case "msubsup":
    case "munderover":
      return withScripts(baseOf(parts[0]), part(1), part(2));
    case "mmultiscripts":
      return multiscripts(parts);
    case "mfenced":
      return fenced(element, parts.map(textOf));
    case "mtable":
      return rowsText(parts.map((row) => elementsOf(row).map(textOf)));
    case "semantics":
    case "maction":
      return part(0);
    case "annotation":
    case "annotation-xml":
    case "mphantom":
    case "none":
    case "mprescripts":
      return "";
    default:
      return parts.length === 0 ? plainTextOf(element) : joined(element);
  }
}

/** Large operators, which have a space after them. */
const LARGE = /^[∑∏∐∫∬∭∮⋃⋂⨁⨂⋁⋀]$/;

/** How a part is spaced: words have spaces around them, large operators one after them. */
function kindOf(element: Element): "large" | "word" | "number" | "sign" {
  const [first, ...others] = elementsOf(element);
  const name = localName(element);
  if (first && (others.length === 0 || /^(?:msub|msup|munder|mover|msubsup|munderover)$/.test(name)))
    return kindOf(first);
  if (first) return "sign";
  const text = rawText(element).trim();
  if (LARGE.test(text)) return "large";
  if (/^(?:mi|mo|mtext)$/.test(name) && /^[\p{L} ]{2,}$/u.test(text)) return "word";
  return name === "mn" ? "number" : "sign";
}

/** The texts of an element's parts, one after another. */
function joined(element: Element): string {
  let text = "";
  let before: ReturnType<typeof kindOf> = "sign";
  for (const child of elementsOf(element)) {
    const piece = textOf(child);
    if (piece === "") continue;
    const kind = kindOf(child);
    const touches = /[\p{L}\p{N})\]]$/u.test(text) && /^[\p{L}\p{N}√]/u.test(piece);
    const isApart = before === "word" || kind === "word" || (before === "number" && kind === "number");
    text += before === "large" || (touches && isApart) ? ` ${piece}` : piece;
    before = kind;
  }
  return text;
}

/** The base of a subscript or superscript; an expression of several signs is put in parentheses. */
function baseOf(base: Element | undefined): string {
  const text = base ? textOf(base) : "";
  return base && /[-+−±=/ ]./.test(text) && kindOf(base) === "sign" ? grouped(text) : text;
}

const isMark = (element: Element | undefined) =>
  element !== undefined &&
  /^(?:[\^~.\u00a8\u00af\u00b4\u02c6\u02c7\u02d8-\u02dc\u203e\u2192]|\p{M})$/u.test(textOf(element));

function fenced(element: Element, parts: readonly string[]): string {
  const [open, close] = [attributeOf(element, "open") ?? "(", attributeOf(element, "close") ?? ")"];
  const separators = [...(attributeOf(element, "separators") ?? ",").replace(/\s/g, "")];
  const inside = parts.map((part, i) => {
    const separator = i === 0 ? "" : (separators[Math.min(i, separators.length) - 1] ?? "");
    return separator + part;
  });
  return `${open}${inside.join("")}${close}`;
}

/** Parts: a base, then pairs of a subscript and a superscript, then, after `mprescripts`, those that precede the base. */
function multiscripts([base, ...scripts]: readonly Element[]): string {
  const middle = scripts.findIndex((script) => localName(script) === "mprescripts");
  const [after, before] = middle < 0 ? [scripts, []] : [scripts.slice(0, middle), scripts.slice(middle + 1)];
  const pairs = (of: readonly Element[], start: string) => {
    let text = start;
    for (let i = 0; i < of.length; i += 2)
      text = withScripts(text, textOf(of[i]!), of[i + 1] ? textOf(of[i + 1]!) : "");
    return text;
  };
  return pairs(before, "") + pairs(after, baseOf(base));
}
