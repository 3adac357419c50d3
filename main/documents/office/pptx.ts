/** Presentations (PPTX): the text of their slides in order, with tables and notes (ECMA-376, part 1, chapters 19 and 21). */
import { EXTENSIONS } from "../../../preload/contract/data/data-files.ts";
import { BlockList } from "../blocks/block-list.ts";
import { decodeXml } from "../markup/declared-encoding.ts";
import { drawnText, readable, unreadIn } from "./drawing-text.ts";
import { elementAt, elementsOf, elementsWithin, numberIn, parseXml } from "../markup/markup.ts";
import type { Element } from "../markup/markup.ts";
import { relationsOf } from "../markup/relations.ts";
import { writtenNumber } from "../blocks/list-numbers.ts";
import type { NumberFormat } from "../blocks/list-numbers.ts";
import type { ArchivedFormat } from "../whole-document.ts";
import type { ZipArchive } from "../files/zip.ts";

const MAIN_PART = "ppt/presentation.xml";

export const pptx: ArchivedFormat = {
  extensions: EXTENSIONS.pptx,
  isIn: (archive) => archive.has(MAIN_PART),
  read(archive) {
    const slides = slidesOf(archive);
    const list = new BlockList();
    const roots = slides.map((name, index) => {
      const slide = parseXml(decodeXml(archive.read(name)));
      list.place = index + 1;
      addSlide(list, archive, name, slide);
      return slide;
    });
    const details = {
      slides: slides.length,
      emptySlides: slides.length - list.places,
      ...unreadIn(...roots),
    };
    return { format: "pptx", blocks: list.blocks, details };
  },
};

/** The names of the slides' parts, in order, including hidden slides: whoever edits the file sees them. */
function slidesOf(archive: ZipArchive): string[] {
  const relations = relationsOf(archive, MAIN_PART);
  const presentation = parseXml(decodeXml(archive.read(MAIN_PART)));
  const slides = [...elementsWithin(presentation, "p:sldId")].flatMap(({ attributes }) => {
    const slide = relations.get(attributes["r:id"] ?? "");
    return slide ? [slide.part] : [];
  });
  return [...new Set(slides)];
}

function addSlide(list: BlockList, archive: ZipArchive, name: string, slide: Element): void {
  const shapes = shapesOf(slide);
  const isTitle = (shape: Element) => /^(title|ctrTitle)$/.test(placeholderOf(shape) ?? "");
  for (const shape of shapes.filter(isTitle)) list.heading(1, paragraphsOf(shape).map(drawnText).join(" "));
  const relations = relationsOf(archive, name);
  for (const shape of shapes.filter((shape) => !isTitle(shape))) addShape(list, shape);
  const notes = [...relations.values()].find(({ type }) => type.endsWith("/notesSlide"));
  if (notes) addNotes(list, archive, notes.part);
}

function addNotes(list: BlockList, archive: ZipArchive, name: string): void {
  for (const shape of shapesOf(parseXml(decodeXml(archive.read(name))))) {
    if (placeholderOf(shape) === "body")
      for (const paragraph of paragraphsOf(shape)) list.paragraph(drawnText(paragraph));
  }
}

/** Shapes with text and tables, including those in groups. */
function shapesOf(slide: Element): Element[] {
  const tree = elementAt(slide, "p:cSld", "p:spTree");
  const inGroup = (group: Element): Element[] =>
    readable(group, "p:sp", "p:graphicFrame", "p:grpSp").flatMap((shape) =>
      isHidden(shape) ? [] : shape.name === "p:grpSp" ? inGroup(shape) : [shape],
    );
  return tree ? inGroup(tree) : [];
}

function isHidden(shape: Element): boolean {
  const properties = elementsOf(shape, "p:nvSpPr", "p:nvGraphicFramePr", "p:nvGrpSpPr")[0];
  const { hidden } = (properties && elementAt(properties, "p:cNvPr"))?.attributes ?? {};
  return hidden === "1" || hidden === "true";
}

/** The kind of a shape's placeholder, "obj" if the placeholder names none; undefined if the shape is not a placeholder. */
function placeholderOf(shape: Element): string | undefined {
  const placeholder = elementAt(shape, "p:nvSpPr", "p:nvPr", "p:ph");
  return placeholder && (placeholder.attributes["type"] ?? "obj");
}

function addShape(list: BlockList, shape: Element): void {
  const table = elementAt(shape, "a:graphic", "a:graphicData", "a:tbl");
  if (table) return addTable(list, table);
  const placeholder = placeholderOf(shape);
  if (placeholder !== undefined && /^(sldNum|dt|ftr|hdr)$/.test(placeholder)) return;
  const isList = placeholder === "body" || placeholder === "obj";
  addParagraphs(
    list,
    paragraphsOf(shape).map((paragraph) => ({
      text: drawnText(paragraph),
      level: levelOf(paragraph),
      mark: markOf(paragraph, isList),
    })),
  );
}

/** From 1; the format has nine levels. */
function levelOf(paragraph: Element): number {
  const level = Number(elementAt(paragraph, "a:pPr")?.attributes["lvl"] ?? 0);
  return Number.isInteger(level) && level >= 0 && level < 9 ? level + 1 : 1;
}

/** The paragraph's mark: the kind of its numbers is that of 20.1.10.61. */
function markOf(paragraph: Element, isList: boolean): SlideParagraph["mark"] {
  const properties = elementAt(paragraph, "a:pPr");
  const has = (name: string) => properties !== undefined && elementAt(properties, name) !== undefined;
  const numbered = properties && elementAt(properties, "a:buAutoNum");
  if (numbered) {
    const { type: kind = "arabicPeriod", startAt = "1" } = numbered.attributes;
    return { kind, start: Number.parseInt(startAt, 10) || 1 };
  }
  if (has("a:buChar") || has("a:buBlip")) return "-";
  return isList && !has("a:buNone") ? "-" : null;
}

function addTable(list: BlockList, table: Element): void {
  const hasHeader = elementAt(table, "a:tblPr")?.attributes["firstRow"] === "1";
  const isCovered = ({ attributes }: Element) =>
    [attributes["hMerge"], attributes["vMerge"]].some((value) => value === "1" || value === "true");
  const rows = elementsOf(table, "a:tr").map((row, index) => ({
    cells: elementsOf(row, "a:tc")
      .filter((cell) => !isCovered(cell))
      .map((cell) => ({
        text: paragraphsOf(cell).map(drawnText).join(" "),
        rows: numberIn(cell, "rowSpan"),
        columns: numberIn(cell, "gridSpan"),
      })),
    isHeader: hasHeader && index === 0,
  }));
  list.table(rows);
}

function paragraphsOf(shape: Element): Element[] {
  const body = elementAt(shape, "p:txBody") ?? elementAt(shape, "a:txBody");
  return body ? elementsOf(body, "a:p") : [];
}

interface SlideParagraph {
  readonly text: string;
  /** From 1. */
  readonly level: number;
  /** "-", or the kind of its number in PPTX and the first one; null if the paragraph is not an item. */
  readonly mark: "-" | { readonly kind: string; readonly start: number } | null;
}

/** Adds the paragraphs of a shape. Numbered ones count on in their level as long as they have the same kind of number. */
function addParagraphs(list: BlockList, paragraphs: readonly SlideParagraph[]): void {
  /** For each level, the kind of number of its last paragraph, and how many in a row have it. */
  const numbers: ({ readonly kind: string; readonly count: number } | undefined)[] = [];
  for (const { text, level, mark } of paragraphs) {
    if (text.trim() === "") continue;
    const before = numbers[level - 1];
    numbers.length = level - 1;
    if (mark === null) list.paragraph(text);
    else if (mark === "-") list.item(level, mark, text);
    else {
      const { kind, start } = mark;
      const count = before?.kind === kind ? before.count + 1 : 1;
      numbers[level - 1] = { kind, count };
      list.item(level, numberText(kind, start + count - 1), text);
    }
  }
}

const NUMBERS: Readonly<Record<string, NumberFormat>> = {
  alphaLc: "lowerLetter",
  alphaUc: "upperLetter",
  romanLc: "lowerRoman",
  romanUc: "upperRoman",
};

/** A number in a format of 20.1.10.61: "romanUcParenBoth" is (IV). Formats of other scripts get digits. */
function numberText(kind: string, number: number): string {
  const text = writtenNumber(number, NUMBERS[/^(?:alpha|roman)[UL]c/.exec(kind)?.[0] ?? ""] ?? "decimal");
  if (kind.endsWith("ParenBoth")) return `(${text})`;
  return kind.endsWith("ParenR") ? `${text})` : `${text}.`;
}
