/** The text of drawings (DrawingML; ECMA-376, part 1, chapters 20 and 21). */
import { formulaText } from "../markup/formula.ts";
import { elementAt, elementsOf, elementsWithin } from "../markup/markup.ts";
import type { Element } from "../markup/markup.ts";

const ALTERNATIVES = "mc:AlternateContent";

/** The child elements with these names; of alternatives for different programs (part 3), those of the first that has any. */
export function readable(element: Element, ...names: readonly string[]): Element[] {
  return elementsOf(element, ALTERNATIVES, ...names).flatMap((child) => {
    if (child.name !== ALTERNATIVES) return [child];
    const alternatives = elementsOf(child, "mc:Choice", "mc:Fallback").map((one) => readable(one, ...names));
    return alternatives.find((found) => found.length > 0) ?? [];
  });
}

/** How many diagrams and charts, which are not read, an element has. */
export function unreadIn(...elements: readonly Element[]): { unreadDrawings?: number } {
  const kinds = ["dgm:relIds", "c:chart", "cx:chart"];
  const found = elements.flatMap((element) => kinds.flatMap((name) => [...elementsWithin(element, name)]));
  return found.length > 0 ? { unreadDrawings: found.length } : {};
}

/** The text of a paragraph (a:p). */
export function drawnText(paragraph: Element): string {
  return readable(paragraph, "a:r", "a:fld", "a:br", "a14:m")
    .map((run) => {
      if (run.name === "a14:m") return formulaText(run);
      return run.name === "a:br" ? "\n" : (elementAt(run, "a:t")?.children.join("") ?? "");
    })
    .join("");
}
