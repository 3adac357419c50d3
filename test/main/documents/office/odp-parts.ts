/** Hand-made OpenDocument presentations, in the form in which Impress writes them. */
import type { ZipPart } from "../files/zip-bytes.ts";
import { zipBytes } from "../files/zip-bytes.ts";

const NAMES = ["office", "text", "table", "style", "draw", "presentation"]
  .map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
  .join(" ");

const level = (kind: string, level: number, more = "") =>
  `<text:list-level-style-${kind} text:level="${level}" ${more}/>`;
const ODP_STYLES = [
  '<style:style style:name="dp1" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>',
  `<text:list-style style:name="L1">${level("bullet", 1)}${level("bullet", 2)}</text:list-style>`,
  ...["L2", "L3"].map(
    (name) =>
      `<text:list-style style:name="${name}">${level("number", 1, 'style:num-format="1" style:num-suffix="."')}${level("number", 2, 'style:num-format="a" style:num-suffix=")"')}</text:list-style>`,
  ),
].join("");

export const odpParagraph = (text: string) => `<text:p text:style-name="P1">${text}</text:p>`;

/** A list of items, each of paragraphs and lists. */
export const odpList = (style: string, ...items: readonly string[]) =>
  `<text:list text:style-name="${style}">${items.map((item) => `<text:list-item>${item}</text:list-item>`).join("")}</text:list>`;

/** A frame with text, in a placeholder of a class or a free one. */
export function frame(content: string, placeholder?: string): string {
  const place = placeholder === undefined ? "" : ` presentation:class="${placeholder}"`;
  return `<draw:frame draw:layer="layout"${place}><draw:text-box>${content}</draw:text-box></draw:frame>`;
}

/** The parts of a presentation. `more`: attributes of the slides, by index. */
export function odpParts(slides: readonly string[], more: readonly string[] = []): ZipPart[] {
  const pages = slides.map(
    (shapes, i) =>
      `<draw:page draw:name="page${i + 1}" draw:master-page-name="Default" ${more[i] ?? ""}>${shapes}</draw:page>`,
  );
  const content = `<?xml version="1.0" encoding="UTF-8"?><office:document-content ${NAMES}><office:automatic-styles>${ODP_STYLES}</office:automatic-styles><office:body><office:presentation><presentation:footer-decl presentation:name="f1">FOOTER</presentation:footer-decl>${pages.join("")}<presentation:settings/></office:presentation></office:body></office:document-content>`;
  return [
    { name: "mimetype", content: "application/vnd.oasis.opendocument.presentation" },
    { name: "content.xml", content },
  ];
}

export const odpBytes = (slides: readonly string[], more: readonly string[] = []) =>
  zipBytes(odpParts(slides, more));
