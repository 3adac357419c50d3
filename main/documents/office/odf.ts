/** OpenDocument texts and presentations (ODT, ODP): OASIS OpenDocument 1.3, part 3. */
import { EXTENSIONS } from "../../../preload/contract/data/data-files.ts";
import { decodeXml } from "../markup/declared-encoding.ts";
import { elementAt, elementsOf, parseXml } from "../markup/markup.ts";
import type { Element } from "../markup/markup.ts";
import { refuseProtected } from "../markup/odf-protected.ts";
import { CONTENT, EmbeddedObjects } from "./odf/objects.ts";
import { Styles } from "./odf/styles.ts";
import { Walk } from "./odf/walk.ts";
import { BadDocument } from "../bad-document.ts";
import type { ArchivedFormat, TextContent } from "../whole-document.ts";

export const odf: ArchivedFormat = {
  extensions: [...EXTENSIONS.odt, ...EXTENSIONS.odp],
  isIn: (archive) =>
    archive.has(CONTENT) &&
    (!archive.has("mimetype") ||
      /opendocument\.(text|presentation)/.test(archive.read("mimetype").toString())),
  read(archive) {
    refuseProtected(archive);
    const content = parseXml(decodeXml(archive.read(CONTENT)));
    const styles = archive.has("styles.xml") ? [parseXml(decodeXml(archive.read("styles.xml")))] : [];
    const objects = new EmbeddedObjects(archive);
    const { details, ...read } = blocksIn(content, new Styles([...styles, content]), objects);
    return {
      ...read,
      details: { ...details, ...(objects.unread > 0 && { unreadDrawings: objects.unread }) },
    };
  },
};

function blocksIn(content: Element, styles: Styles, objects: EmbeddedObjects): TextContent {
  const presentation = elementAt(content, "office:body", "office:presentation");
  if (presentation) return { format: "odp", ...slidesOf(presentation, styles, objects) };
  const text = elementAt(content, "office:body", "office:text");
  if (!text) throw new BadDocument("unknown-odf");
  const walk = new Walk(styles, objects);
  walk.blocksIn(text);
  walk.addNotes();
  return { format: "odt", blocks: walk.list.blocks };
}

/** Classes of shapes that repeat on each slide or page of notes: headers, footers, dates and numbers. */
const RUNNING = /^(header|footer|date-time|page-number)$/;

/** The blocks of a presentation, each placed by its slide. */
function slidesOf(
  presentation: Element,
  styles: Styles,
  objects: EmbeddedObjects,
): Omit<TextContent, "format"> {
  const walk = new Walk(styles, objects);
  const { list } = walk;
  const pages = elementsOf(presentation, "draw:page"); // including hidden ones: whoever edits the file sees them
  for (const [index, page] of pages.entries()) {
    list.place = index + 1;
    addSlide(walk, page);
  }
  return { blocks: list.blocks, details: { slides: pages.length, emptySlides: pages.length - list.places } };
}

/** Adds a slide's titles first, wherever they were drawn, and its notes last. */
function addSlide(walk: Walk, page: Element): void {
  const shapes = shapesOf(page);
  const isTitle = (shape: Element) => classOf(shape) === "title";
  for (const shape of shapes.filter(isTitle)) walk.list.heading(1, walk.textIn(shape));
  for (const shape of shapes.filter((shape) => !isTitle(shape) && !RUNNING.test(classOf(shape))))
    walk.box(shape);
  const notes = elementsOf(page, "presentation:notes").flatMap(shapesOf);
  for (const shape of notes.filter((shape) => classOf(shape) === "notes")) walk.box(shape);
}

const classOf = ({ attributes }: Element) => attributes["presentation:class"] ?? "";

/** The shapes of a page, including those in groups and links, without placeholders that nobody has filled. */
function shapesOf(page: Element): Element[] {
  return elementsOf(page).flatMap((child) => {
    if (/^draw:(g|a)$/.test(child.name)) return shapesOf(child);
    const isShape = child.name.startsWith("draw:");
    return isShape && child.attributes["presentation:placeholder"] !== "true" ? [child] : [];
  });
}
