/** Hand-made OpenDocument texts. */
import type { ZipPart } from "../files/zip-bytes.ts";
import { zipBytes } from "../files/zip-bytes.ts";

const NAMES = ["office", "text", "table", "style", "draw"]
  .map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
  .join(" ");

const ODT_STYLES = `<style:style style:name="P1" style:parent-style-name="Title"/><text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/><text:list-level-style-bullet text:level="2"/></text:list-style>`;

/** A content.xml with this body and these styles, or a flat document under its root's name. */
export function odtContent(body: string, root = "document-content"): string {
  return `<?xml version="1.0" encoding="UTF-8"?><office:${root} ${NAMES}><office:automatic-styles>${ODT_STYLES}</office:automatic-styles><office:body><office:text>${body}</office:text></office:body></office:${root}>`;
}

/** The parts of an OpenDocument text. */
export function odtParts(body: string): ZipPart[] {
  return [
    { name: "mimetype", content: "application/vnd.oasis.opendocument.text" },
    { name: "content.xml", content: odtContent(body) },
  ];
}

/** A frame with an object, which is in a folder of the archive. */
export const odtObject = (folder: string) =>
  `<draw:frame text:anchor-type="as-char"><draw:object xlink:href="./${folder}" xlink:type="simple"/><draw:image xlink:href="./ObjectReplacements/${folder}"/><svg:desc>DESCRIPTION</svg:desc></draw:frame>`;

/** A text with embedded objects, by their folders. */
export const odtWithObjects = (body: string, objects: Readonly<Record<string, string>>): ZipPart[] => [
  ...odtParts(body),
  ...Object.entries(objects).map(([folder, content]) => ({ name: `${folder}/content.xml`, content })),
];

/** A formula as LibreOffice stores it. */
export const mathObject = (content: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><semantics><mrow>${content}</mrow><annotation encoding="StarMath 5.0">SOURCE</annotation></semantics></math>`;

export const odtBytes = (body: string) => zipBytes(odtParts(body));
