/** Formulas in one line, as people type them: "(a+b)/2", "x^2", "√(x+1)" (UnicodeMath, Unicode Technical Note 28). */

/** A part as an operand: in parentheses unless it is one sign, word or number, or has them already. */
export function grouped(text: string): string {
  return /^(?:[\p{L}\p{M}\p{N}.,]*|.)$/u.test(text) || isFenced(text) ? text : `(${text})`;
}

/** Whether one pair of parentheses encloses the whole text. */
function isFenced(text: string): boolean {
  if (!text.startsWith("(")) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") depth++;
    else if (text[at] === ")" && --depth === 0) return at === text.length - 1;
  }
  return false;
}

export function fraction(above: string, below: string, hasBar = true): string {
  return `${grouped(above)}${hasBar ? "/" : "¦"}${grouped(below)}`;
}

/** A base with its subscript and superscript; primes and degree signs follow the base directly. */
export function withScripts(base: string, below: string, above: string): string {
  const lowered = below === "" ? "" : `_${grouped(below)}`;
  if (/^[′″‴⁗'"]+$/.test(above)) return `${base}${above}${lowered}`;
  const raised = /^[∘°]$/.test(above) ? "°" : above === "" ? "" : `^${grouped(above)}`;
  return `${base}${lowered}${raised}`;
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

export function root(degree: string, text: string): string {
  const shown = /^[\dn]*$/.test(degree)
    ? degree.replace(/./g, (sign) => (sign === "n" ? "ⁿ" : RAISED[Number(sign)]!))
    : grouped(degree);
  return `${shown}√${grouped(text)}`;
}

/** The rows of a matrix, of a choice of cases or of several equations. */
export function rowsText(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => cells.join(", ")).join("; ");
}

/** Combining marks by the characters that stand for them on their own. */
const COMBINING: Readonly<Record<string, string>> = {
  "^": "\u0302",
  ˆ: "\u0302",
  "~": "\u0303",
  "˜": "\u0303",
  "¯": "\u0304",
  "‾": "\u0304",
  "→": "\u20d7",
  "˙": "\u0307",
  ".": "\u0307",
  "¨": "\u0308",
  ˇ: "\u030c",
  "´": "\u0301",
  "˘": "\u0306",
};

/** A base with a mark above it, such as a vector's arrow. */
export function marked(base: string, mark: string): string {
  const combining = /^\p{M}$/u.test(mark) ? mark : COMBINING[mark];
  return combining !== undefined && /^\p{L}$/u.test(base) ? base + combining : `${grouped(base)}${mark}`;
}
