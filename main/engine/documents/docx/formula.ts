/** Formulas of Word documents in one line, as Word shows them when they are typed (ECMA-376, part 1, 22.1). */
import { elementAt, elementsOf, rawText } from "../markup.ts";
import type { Element } from "../markup.ts";

/** A formula's text: "(a+b)/2", "x^2", "√(x)". */
export function formulaText(element: Element): string {
  return elementsOf(element)
    .map((child) => {
      const part = (name: string) => within(elementAt(child, name));
      switch (child.name) {
        case "m:t":
          return rawText(child);
        case "m:f":
          return `${grouped(part("m:num"))}/${grouped(part("m:den"))}`;
        case "m:sSup":
          return `${part("m:e")}^${grouped(part("m:sup"))}`;
        case "m:sSub":
          return `${part("m:e")}_${grouped(part("m:sub"))}`;
        case "m:sSubSup":
          return `${part("m:e")}_${grouped(part("m:sub"))}^${grouped(part("m:sup"))}`;
        case "m:rad":
          return `${part("m:deg")}√${grouped(part("m:e"))}`;
        case "m:d":
          return delimited(child);
        case "m:nary":
          return `${signOf(child)}${raised("_", part("m:sub"))}${raised("^", part("m:sup"))} ${part("m:e")}`;
        case "m:func":
          return `${part("m:fName")} ${part("m:e")}`;
        default:
          return /^(m:.*Pr|w:.*|m:ctrlPr)$/.test(child.name) ? "" : formulaText(child);
      }
    })
    .join("");
}

const within = (element: Element | undefined) => (element ? formulaText(element) : "");
const grouped = (text: string) => (/^[\p{L}\p{N}.,]*$/u.test(text) ? text : `(${text})`);
const raised = (mark: string, text: string) => (text === "" ? "" : mark + grouped(text));

function delimited(element: Element): string {
  const say = (name: string, otherwise: string) =>
    elementAt(element, "m:dPr", name)?.attributes["m:val"] ?? otherwise;
  const inside = elementsOf(element, "m:e").map(formulaText).join(say("m:sepChr", "|"));
  return `${say("m:begChr", "(")}${inside}${say("m:endChr", ")")}`;
}

const signOf = (element: Element) => elementAt(element, "m:naryPr", "m:chr")?.attributes["m:val"] ?? "∫";
