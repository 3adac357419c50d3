/** Formulas of Word documents and slides in one line (ECMA-376, part 1, 22.1). */
import { fraction, marked, root, rowsText, withScripts } from "../blocks/formula.ts";
import { elementAt, elementsOf, rawText } from "../markup/markup.ts";
import type { Element } from "../markup/markup.ts";

/** A formula's text: "(a+b)/2", "x^2", "√(x+1)". */
export function formulaText(element: Element): string {
  return elementsOf(element).map(partText).join("");
}

function partText(element: Element): string {
  const part = (name: string) => within(elementAt(element, name));
  switch (element.name) {
    case "m:t":
      return rawText(element);
    case "m:f":
      return fraction(part("m:num"), part("m:den"), say(element, "m:fPr", "m:type") !== "noBar");
    case "m:sSup":
      return withScripts(part("m:e"), "", part("m:sup"));
    case "m:sSub":
      return withScripts(part("m:e"), part("m:sub"), "");
    case "m:sSubSup":
      return withScripts(part("m:e"), part("m:sub"), part("m:sup"));
    case "m:sPre":
      return withScripts("", part("m:sub"), part("m:sup")) + part("m:e");
    case "m:limLow":
      return withScripts(part("m:e"), part("m:lim"), "");
    case "m:limUpp":
      return withScripts(part("m:e"), "", part("m:lim"));
    case "m:rad":
      return root(part("m:deg"), part("m:e"));
    case "m:acc":
      return marked(part("m:e"), say(element, "m:accPr", "m:chr") ?? "\u0302");
    case "m:bar":
      return say(element, "m:barPr", "m:pos") === "top" ? marked(part("m:e"), "¯") : part("m:e");
    case "m:d":
      return delimited(element);
    case "m:m":
      return rowsText(elementsOf(element, "m:mr").map((row) => elementsOf(row, "m:e").map(formulaText)));
    case "m:eqArr":
      return rowsText(elementsOf(element, "m:e").map((row) => [formulaText(row)]));
    case "m:nary":
      return `${withScripts(say(element, "m:naryPr", "m:chr") ?? "∫", part("m:sub"), part("m:sup"))} ${part("m:e")}`;
    case "m:func":
      return `${part("m:fName")} ${part("m:e")}`;
    default:
      return /^(m:.*Pr|w:.*|m:ctrlPr)$/.test(element.name) ? "" : formulaText(element);
  }
}

const within = (element: Element | undefined) => (element ? formulaText(element) : "");

/** The value of one of a part's properties. */
const say = (element: Element, properties: string, name: string) =>
  elementAt(element, properties, name)?.attributes["m:val"];

function delimited(element: Element): string {
  const inside = elementsOf(element, "m:e")
    .map(formulaText)
    .join(say(element, "m:dPr", "m:sepChr") ?? "|");
  return `${say(element, "m:dPr", "m:begChr") ?? "("}${inside}${say(element, "m:dPr", "m:endChr") ?? ")"}`;
}
