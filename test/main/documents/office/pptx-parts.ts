/** Hand-made presentations in PPTX. */
import type { ZipPart } from "../files/zip-bytes.ts";
import { zipBytes } from "../files/zip-bytes.ts";

const NAMES = `xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"`;
const RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

const relations = (...list: readonly [id: string, type: string, target: string][]) =>
  `<Relationships>${list.map(([id, type, target]) => `<Relationship Id="${id}" Type="${RELATION}/${type}" Target="${target}"/>`).join("")}</Relationships>`;

const slide = (root: string, shapes: string) =>
  `<?xml version="1.0"?><p:${root} ${NAMES}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:${root}>`;

/** A paragraph of a shape; `properties` are what is in its `a:pPr`. */
export const slideParagraph = (text: string, level = 0, properties = "") =>
  `<a:p><a:pPr lvl="${level}">${properties}</a:pPr><a:r><a:t>${text}</a:t></a:r></a:p>`;

/** A shape with paragraphs, in a placeholder or a free one. */
export function shape(paragraphs: string, placeholder?: string): string {
  const place = placeholder === undefined ? "" : `<p:ph type="${placeholder}"/>`;
  return `<p:sp><p:nvSpPr><p:cNvPr id="1" name="x"/><p:cNvSpPr/><p:nvPr>${place}</p:nvPr></p:nvSpPr><p:txBody>${paragraphs}</p:txBody></p:sp>`;
}

/** The parts of a presentation; its slides are stored in the reverse order. `notes` are those of the first slide. */
export function pptxParts(slides: readonly string[], notes?: string): ZipPart[] {
  const name = (index: number) => `slides/slide${slides.length - index}.xml`;
  const ids = slides.map((_, i) => `<p:sldId id="${256 + i}" r:id="r${i}"/>`).join("");
  return [
    { name: "[Content_Types].xml", content: "<Types/>" },
    {
      name: "ppt/presentation.xml",
      content: `<p:presentation ${NAMES}><p:sldIdLst>${ids}</p:sldIdLst></p:presentation>`,
    },
    {
      name: "ppt/_rels/presentation.xml.rels",
      content: relations(...slides.map((_, i): [string, string, string] => [`r${i}`, "slide", name(i)])),
    },
    ...slides.map((shapes, i) => ({ name: `ppt/${name(i)}`, content: slide("sld", shapes) })),
    ...(notes === undefined
      ? []
      : [
          { name: "ppt/notesSlides/notesSlide1.xml", content: slide("notes", notes) },
          {
            name: `ppt/slides/_rels/slide${slides.length}.xml.rels`,
            content: relations(["r1", "notesSlide", "../notesSlides/notesSlide1.xml"]),
          },
        ]),
  ];
}

export const pptxBytes = (slides: readonly string[], notes?: string) => zipBytes(pptxParts(slides, notes));
