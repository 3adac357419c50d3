/** Formulas in one line, as people type them ("(a+b)/2", "x^2", "√(x+1)"): of MathML, and of Office (ECMA-376, part 1, 22.1). */
import { elementAt, elementsOf, plainTextOf, rawText } from "./markup.ts";
import type { Element } from "./markup.ts";

/** Whether an element is a formula in MathML, whatever the prefix of its name. */
export const isMath = ({ name }: Element) => /^(?:[\w-]+:)?math$/.test(name);

/** Anything longer is not a formula, and each of its parts would be copied once per level of nesting. */
const LONGEST_FORMULA_CHARACTERS = 10_000;
const SILENT = /^w:|Pr$|(?:^|:)(?:annotation(?:-xml)?|mphantom|none|mprescripts)$/;

/** A formula's text. */
export function formulaText(formula: Element): string {
  return (
    rawText(formula).length > LONGEST_FORMULA_CHARACTERS ? plainTextOf(formula) : textOf(formula)
  ).trim();
}

function textOf(element: Element): string {
  const parts = elementsOf(element).filter(({ name }) => !SILENT.test(name));
  const texts = parts.map(textOf);
  const [a = "", b = "", c = ""] = texts;
  const name = element.name.replace(/^.*:/, "");
  const set = (key: string) => elementAt(element, `m:${name}Pr`, `m:${key}`)?.attributes["m:val"];
  if (/^(?:f|mfrac)$/.test(name)) return `${grouped(a)}${set("type") === "noBar" ? "¦" : "/"}${grouped(b)}`;
  if (/^(?:sSub|msub|munder|limLow)$/.test(name)) return withScripts(a, b, "");
  if (/^(?:sSup|msup|mover|limUpp)$/.test(name)) return withScripts(a, "", b);
  if (/^(?:sSubSup|msubsup|munderover)$/.test(name)) return withScripts(a, b, c);
  if (name === "nary") return `${withScripts(set("chr") ?? "∫", a, b)} ${c}`;
  if (name === "rad" || name === "mroot") {
    const [degree, radicand] = name === "rad" ? [a, b] : [b, a];
    return degree === "" ? `√${grouped(radicand)}` : `${grouped(radicand)}^(1/${grouped(degree)})`;
  }
  if (name === "msqrt") return `√${grouped(joined(texts))}`;
  if (name === "sPre") return withScripts("", a, b) + c;
  if (name === "acc") return a + (set("chr") ?? "\u0302");
  if (name === "bar") return `${a}¯`;
  if (name === "d")
    return `${set("begChr") ?? "("}${texts.join(set("sepChr") ?? "|")}${set("endChr") ?? ")"}`;
  if (name === "mfenced") return `(${texts.join(",")})`;
  if (/^(?:m|eqArr|mtable)$/.test(name)) return texts.join("; ");
  if (/^m?(?:mr|tr)$/.test(name)) return texts.join(", ");
  if (parts.length > 0) return joined(texts);
  return name === "t" ? rawText(element) : plainTextOf(element).replace(/[\u2061-\u2064]/g, "");
}

/** Texts one after another, words and numbers with a space between them. */
function joined(texts: readonly string[]): string {
  return texts.reduce((text, next) => {
    const touch = `${/[\p{L}\p{N}]*$/u.exec(text)![0]} ${/^[\p{L}\p{N}]*/u.exec(next)![0]}`;
    return /^(?:\p{L}{2,} .|. ?\p{L}{2,}|\p{N}+ \p{N})/u.test(touch) ? `${text} ${next}` : text + next;
  }, "");
}

/** A part as an operand: in parentheses unless it is one sign, word or number, or has them already. */
const grouped = (text: string) =>
  /^(?:[\p{L}\p{M}\p{N}.,]*|.|\([^()]*\))$/u.test(text) ? text : `(${text})`;

/** A base with its subscript and superscript; primes and degree signs follow the base directly. */
function withScripts(base: string, below: string, above: string): string {
  const lowered = below === "" ? "" : `_${grouped(below)}`;
  if (/^[′″‴'"]+$/.test(above)) return base + above + lowered;
  return base + lowered + (/^[∘°]$/.test(above) ? "°" : above && `^${grouped(above)}`);
}
