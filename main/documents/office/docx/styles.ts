/** The styles of a Word document: what they say about paragraphs, characters and tables (ECMA-376, part 1, 17.7). */
import type { ListReference } from "../counted-lists.ts";
import { headingLevelNamed, isContentsName } from "../../blocks/heading-names.ts";
import { elementAt, elementsOf } from "../../markup/markup.ts";
import type { Element } from "../../markup/markup.ts";

/** A chain of styles is never longer; a damaged one may be circular. */
const MOST_BASES = 20;
/** Outline levels are counted from 0; the one after the last is body text. */
const OUTLINE_LEVELS = 9;

export class WordStyles {
  readonly #byId = new Map<string, Element>();
  readonly #default: string | undefined;

  constructor(root: Element | undefined) {
    const styles = root ? elementsOf(root, "w:style") : [];
    for (const style of styles) this.#byId.set(style.attributes["w:styleId"] ?? "", style);
    const isDefault = ({ attributes }: Element) =>
      attributes["w:type"] === "paragraph" && isOn(attributes["w:default"]);
    this.#default = styles.find(isDefault)?.attributes["w:styleId"];
  }

  /** The level of a heading from 1; undefined for a paragraph of text. */
  headingLevel(paragraph: Element): number | undefined {
    const own = outlineOf(elementAt(paragraph, "w:pPr"));
    if (own !== undefined) return levelOfOutline(own);
    const id = styleOf(paragraph, "w:pPr", "w:pStyle");
    if (id !== undefined && !this.#byId.has(id)) return headingLevelNamed(id);
    for (const style of this.#chain(id ?? this.#default)) {
      const named = headingLevelNamed(nameOf(style));
      if (named !== undefined) return named;
      const outline = outlineOf(elementAt(style, "w:pPr"));
      if (outline !== undefined) return levelOfOutline(outline);
    }
    return undefined;
  }

  /** Whether a paragraph is a line of a table of contents or of an index. */
  isContents(paragraph: Element): boolean {
    const id = styleOf(paragraph, "w:pPr", "w:pStyle");
    if (id === undefined) return false;
    const style = this.#byId.get(id);
    return isContentsName(style ? nameOf(style) : id);
  }

  /** The list of a paragraph, from its own properties or from its styles. */
  listOf(paragraph: Element): ListReference<string> {
    const styles = [...this.#chain(styleOf(paragraph, "w:pPr", "w:pStyle") ?? this.#default)];
    const references = [paragraph, ...styles].map(listReference);
    return {
      list: references.find(({ list }) => list !== undefined)?.list,
      level: references.find(({ level }) => level !== undefined)?.level,
      styles: styles.map(({ attributes }) => attributes["w:styleId"] ?? ""),
    };
  }

  /** The list that a list style refers to. */
  listOfStyle(id: string): string | undefined {
    const style = this.#byId.get(id);
    return style && listReference(style).list;
  }

  /** Whether a run's text is hidden, by its own properties, its style or its paragraph's style. */
  isHidden(run: Element, paragraph: Element): boolean {
    return this.#isSwitchedOn("w:vanish", run, paragraph);
  }

  isBold(run: Element, paragraph: Element): boolean {
    return this.#isSwitchedOn("w:b", run, paragraph);
  }

  /** The value of a switch in the first properties that have it: those of the run, of its style, of its paragraph's style. */
  #isSwitchedOn(name: string, run: Element, paragraph: Element): boolean {
    const properties = [
      elementAt(run, "w:rPr"),
      ...this.#runProperties(styleOf(run, "w:rPr", "w:rStyle")),
      ...this.#runProperties(styleOf(paragraph, "w:pPr", "w:pStyle")),
    ];
    const found = properties.find((one) => one && elementAt(one, name));
    return hasSwitch(found, name);
  }

  /** Whether a table's style formats the first row differently. */
  hasFirstRow(table: Element): boolean {
    const chain = [...this.#chain(styleOf(table, "w:tblPr", "w:tblStyle"))];
    return chain.some((style) =>
      elementsOf(style, "w:tblStylePr").some(
        (part) => part.attributes["w:type"] === "firstRow" && elementsOf(part).length > 0,
      ),
    );
  }

  #runProperties(style: string | undefined): (Element | undefined)[] {
    return [...this.#chain(style)].map((one) => elementAt(one, "w:rPr"));
  }

  /** A style and those that it is based on. */
  *#chain(id: string | undefined): Generator<Element> {
    for (let count = 0; id !== undefined && count < MOST_BASES; count++) {
      const style = this.#byId.get(id);
      if (!style) return;
      yield style;
      id = elementAt(style, "w:basedOn")?.attributes["w:val"];
    }
  }
}

/** Whether an attribute's value switches something on; a missing one does not. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && !/^(0|false|off)$/.test(value);
}

/** Whether an element contains a switch that is on. */
export function hasSwitch(element: Element | undefined, name: string): boolean {
  const found = element && elementAt(element, name);
  return found !== undefined && isOn(found.attributes["w:val"] ?? "1");
}

function styleOf(element: Element, ...path: readonly [string, string]): string | undefined {
  return elementAt(element, ...path)?.attributes["w:val"];
}

const nameOf = (style: Element) => elementAt(style, "w:name")?.attributes["w:val"] ?? "";

function outlineOf(properties: Element | undefined): number | undefined {
  const value = properties && elementAt(properties, "w:outlineLvl")?.attributes["w:val"];
  return value === undefined ? undefined : Number(value);
}

const levelOfOutline = (outline: number) =>
  outline >= 0 && outline < OUTLINE_LEVELS ? outline + 1 : undefined;

function listReference(of: Element): Omit<ListReference<string>, "styles"> {
  const properties = elementAt(of, "w:pPr", "w:numPr");
  const level = Number(properties && elementAt(properties, "w:ilvl")?.attributes["w:val"]);
  return {
    list: properties && elementAt(properties, "w:numId")?.attributes["w:val"],
    level: Number.isInteger(level) ? level : undefined,
  };
}
