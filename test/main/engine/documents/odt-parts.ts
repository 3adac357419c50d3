/** Hand-made OpenDocument texts. */
import type { ZipPart } from "./zip-bytes.ts";
import { zipBytes } from "./zip-bytes.ts";

const NAMES = ["office", "text", "table", "style", "draw"]
  .map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
  .join(" ");

export const ODT_STYLES = `<style:style style:name="P1" style:parent-style-name="Title"/><text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/><text:list-level-style-bullet text:level="2"/></text:list-style>`;

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

export const odtBytes = (body: string) => zipBytes(odtParts(body));
