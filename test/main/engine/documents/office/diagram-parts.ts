/** Hand-made diagrams (SmartArt), as parts of presentations and Word documents. */

const MODEL = "http://schemas.openxmlformats.org/drawingml/2006/diagram";
const DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main";

/** A drawing's reference to a diagram. */
export const diagramFrame = (id: string) =>
  `<a:graphic xmlns:a="${DRAWING}"><a:graphicData uri="${MODEL}"><dgm:relIds xmlns:dgm="${MODEL}" r:dm="${id}" r:lo="x"/></a:graphicData></a:graphic>`;

/** A diagram: a management with two boards, stored in another order, and a point without text. `more` are further connections. */
export function diagramModel(more = ""): string {
  const point = (id: string, text: string, properties = "") =>
    `<dgm:pt modelId="${id}"><dgm:prSet ${properties}/><dgm:t><a:p><a:r><a:t>${text}</a:t></a:r></a:p></dgm:t></dgm:pt>`;
  const part = (of: string, id: string, order: number, type = "") =>
    `<dgm:cxn modelId="${of}${id}" ${type} srcId="${of}" destId="${id}" srcOrd="${order}"/>`;
  const points = [
    '<dgm:pt modelId="doc" type="doc"/>',
    ...[point("b", "Second board"), point("a", "First board"), point("m", "Management")],
    ...[point("empty", "[Text]", 'phldr="1"'), point("line", "", 'presName="connector"')],
  ];
  const parts = [part("m", "b", 1), part("m", "a", 0), part("doc", "m", 0), part("doc", "empty", 1)];
  const presented = part("m", "line", 2, 'type="presOf"');
  return `<dgm:dataModel xmlns:dgm="${MODEL}" xmlns:a="${DRAWING}"><dgm:ptLst>${points.join("")}</dgm:ptLst><dgm:cxnLst>${parts.join("")}${presented}${more}</dgm:cxnLst></dgm:dataModel>`;
}

/** Connections that lead back to the root, and to a point that is missing. */
export const circular =
  '<dgm:cxn modelId="1" srcId="a" destId="doc" srcOrd="0"/><dgm:cxn modelId="2" srcId="a" destId="none" srcOrd="1"/>';

export const DIAGRAM_ITEMS = ["- Management", "  - First board", "  - Second board"];
