/** The slides of an OpenDocument presentation, in order (OASIS OpenDocument 1.3, part 3, 3.6 and 10.2.4). */
import { elementsOf } from "../../markup/markup.ts";
import type { Element } from "../../markup/markup.ts";
import type { EmbeddedObjects } from "./objects.ts";
import type { Styles } from "./styles.ts";
import { Walk } from "./walk.ts";
import type { TextContent } from "../../whole-document.ts";

/** Classes of shapes that repeat on each slide or page of notes: headers, footers, dates and numbers. */
const RUNNING = /^(header|footer|date-time|page-number)$/;

/** The blocks of a presentation, each placed by its slide. */
export function slidesOf(
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
