/** What the styles of an OpenDocument file say about its paragraphs, texts and lists (OASIS OpenDocument 1.3, part 3, chapter 16). */
import { FORMAT_BY_SIGN } from "../../blocks/list-numbers.ts";
import type { NumberedLevel } from "../../blocks/list-numbers.ts";
import { elementsOf, elementsWithin } from "../../markup/markup.ts";
import type { Element } from "../../markup/markup.ts";

/** A chain of styles is never longer; a damaged one may be circular. */
const MOST_PARENTS = 20;
const OUTLINE = "text:outline-style";
const PARENT = "style:parent-style-name";
/** Labels refer to their levels by one digit. */
export const MOST_LEVELS = 9;

export class Styles {
  readonly #byName = new Map<string, Element>();
  /** The numbered levels of each list style, by index. */
  readonly #numbered = new Map<string, (NumberedLevel | undefined)[]>();

  /** Of styles with the same name, those of the last file are used. Those of charts in a flat document are not its own. */
  constructor(files: readonly Element[]) {
    const parts = files.flatMap((file) => elementsOf(file, "office:styles", "office:automatic-styles"));
    for (const part of parts) {
      for (const style of elementsWithin(part, "style:style"))
        this.#byName.set(style.attributes["style:name"] ?? "", style);
      for (const style of elementsWithin(part, "text:list-style"))
        this.#numbered.set(style.attributes["style:name"] ?? "", levelsOf(style));
      for (const style of elementsWithin(part, OUTLINE)) this.#numbered.set(OUTLINE, levelsOf(style));
    }
  }

  isTitle(style: string | undefined): boolean {
    return style === "Title" || this.#byName.get(style ?? "")?.attributes[PARENT] === "Title";
  }

  /** The numbered levels of a list, without those that have a bullet. */
  levelsOf(list: string | undefined): readonly (NumberedLevel | undefined)[] {
    return this.#numbered.get(list ?? "") ?? [];
  }

  /** The numbered levels of headings that are in no list; none if the heading's style has no numbers. */
  levelsOfHeadings(style: string | undefined): readonly (NumberedLevel | undefined)[] {
    for (const { attributes } of this.#chain(style)) {
      const list = attributes["style:list-style-name"];
      if (list !== undefined) return list === "" ? [] : this.levelsOf(list);
    }
    return this.levelsOf(OUTLINE);
  }

  /** Whether the text of a style is not shown. */
  isHidden(style: string | undefined): boolean {
    for (const element of this.#chain(style)) {
      const display = [...elementsOf(element, "style:text-properties", "style:section-properties")]
        .map(({ attributes }) => attributes["text:display"])
        .find((value) => value !== undefined);
      if (display !== undefined) return display === "none";
    }
    return false;
  }

  *#chain(name: string | undefined): Generator<Element> {
    for (let count = 0; count < MOST_PARENTS; count++) {
      const style = this.#byName.get(name ?? "");
      if (!style) return;
      yield style;
      name = style.attributes[PARENT];
    }
  }
}

function levelsOf(style: Element): (NumberedLevel | undefined)[] {
  const levels: (NumberedLevel | undefined)[] = [];
  for (const { name, attributes } of elementsOf(style)) {
    const level = Number(attributes["text:level"]);
    const format = FORMAT_BY_SIGN[attributes["style:num-format"] ?? ""];
    const isNumbered = /^text:(list-level-style-number|outline-level-style)$/.test(name);
    if (!isNumbered || format === undefined || !(level >= 1 && level <= MOST_LEVELS)) continue;
    const shown = Math.min(Math.max(Number(attributes["text:display-levels"] ?? 1) || 1, 1), level);
    const numbers = Array.from({ length: shown }, (_, index) => `%${level - shown + index + 1}`).join(".");
    const affixes = [attributes["style:num-prefix"] ?? "", attributes["style:num-suffix"] ?? ""] as const;
    const start = Number(attributes["text:start-value"] ?? 1);
    levels[level - 1] = {
      format,
      text: `${affixes[0]}${numbers}${affixes[1]}`,
      start: Number.isSafeInteger(start) ? start : 1,
    };
  }
  return levels;
}
