/** Diagrams of Office (SmartArt): their texts as the list that Office edits them in (ECMA-376, part 1, 21.4.3). */
import type { BlockList } from "../blocks/block-list.ts";
import { drawnText } from "./drawing-text.ts";
import { addTo } from "../blocks/lists.ts";
import { elementAt, elementsOf } from "../markup/markup.ts";
import type { Element } from "../markup/markup.ts";

/** The identifier of the part with a drawing's diagram; undefined if it is none. */
export const diagramOf = (graphic: Element): string | undefined =>
  elementAt(graphic, "a:graphicData", "dgm:relIds")?.attributes["r:dm"];

/** Adds the texts of a data model (dgm:dataModel) as a list. */
export function addDiagram(list: BlockList, model: Element): void {
  const points = new Map(
    elementsOf(elementAt(model, "dgm:ptLst") ?? model, "dgm:pt").map((point) => [
      point.attributes["modelId"] ?? "",
      point,
    ]),
  );
  const children = childrenIn(elementAt(model, "dgm:cxnLst"));
  const root = [...points].find(([, { attributes }]) => attributes["type"] === "doc")?.[0];
  const left = [{ id: root ?? "", level: 0 }];
  const seen = new Set<string>(); // a damaged diagram may be circular
  for (let next; (next = left.pop()) !== undefined;) {
    const { id, level } = next;
    const point = points.get(id);
    if (!point || seen.has(id)) continue;
    seen.add(id);
    if (level > 0 && !isPlaceholder(point)) list.item(level, "-", textOf(point));
    left.push(...(children.get(id) ?? []).map((child) => ({ id: child, level: level + 1 })).reverse());
  }
}

/** The identifiers of each point's parts, in order. */
function childrenIn(connections: Element | undefined): Map<string, string[]> {
  const children = new Map<string, string[]>();
  const order = ({ attributes }: Element) => Number(attributes["srcOrd"]) || 0;
  const parts = (connections ? elementsOf(connections, "dgm:cxn") : [])
    .filter(({ attributes }) => (attributes["type"] ?? "parOf") === "parOf")
    .sort((a, b) => order(a) - order(b));
  for (const { attributes } of parts) addTo(children, attributes["srcId"] ?? "", attributes["destId"] ?? "");
  return children;
}

/** Whether a point still asks for its text. */
const isPlaceholder = (point: Element) => elementAt(point, "dgm:prSet")?.attributes["phldr"] === "1";

function textOf(point: Element): string {
  const text = elementAt(point, "dgm:t");
  return text ? elementsOf(text, "a:p").map(drawnText).join("\n") : "";
}
