/** The lists of a Word document, whose numbers are counted from its beginning (ECMA-376, part 1, 17.9). */
import { countOn, labelOf } from "../list-numbers.ts";
import type { NumberedLevel, NumberFormat } from "../list-numbers.ts";
import { elementAt, elementsOf } from "../markup.ts";
import type { Element } from "../markup.ts";
import type { WordStyles } from "./styles.ts";
import { hasSwitch } from "./styles.ts";

/** A paragraph's place in a list. */
export interface ListPlace {
  /** From 1. */
  readonly level: number;
  /** What is shown before it; undefined for a bullet. */
  readonly label: string | undefined;
}

interface Level extends NumberedLevel {
  readonly isBullet: boolean;
  /** A paragraph of this style has this level. */
  readonly style: string | undefined;
}

interface List {
  /** Lists of one kind count together. */
  readonly kind: string;
  readonly levels: readonly (Level | undefined)[];
  /** The first numbers of levels that start over with this list. */
  readonly starts: ReadonlyMap<number, number>;
}

const LEVELS = 9;

export class WordNumbering {
  readonly #lists = new Map<string, List>();
  /** The numbers of all levels, by the kind of list. */
  readonly #numbers = new Map<string, (number | undefined)[]>();
  /** The lists that have begun. */
  readonly #begun = new Set<string>();
  readonly #styles: WordStyles;

  constructor(root: Element | undefined, styles: WordStyles) {
    this.#styles = styles;
    if (!root) return;
    const kinds = new Map(
      elementsOf(root, "w:abstractNum").map((kind) => [kind.attributes["w:abstractNumId"] ?? "", kind]),
    );
    const lists = elementsOf(root, "w:num");
    for (const list of lists) {
      const named = kinds.get(valueOf(list, "w:abstractNumId") ?? "");
      const linked = named && valueOf(named, "w:numStyleLink");
      const other = linked === undefined ? undefined : styles.listOfStyle(linked);
      const source = lists.find(({ attributes }) => attributes["w:numId"] === other);
      const kind = source ? kinds.get(valueOf(source, "w:abstractNumId") ?? "") : named;
      if (kind) this.#lists.set(list.attributes["w:numId"] ?? "", listOf(list, kind));
    }
  }

  /** Counts the next paragraph of the document and returns its place; undefined if it is in no list. */
  next(paragraph: Element): ListPlace | undefined {
    const { list: id, level: said, styles } = this.#styles.listOf(paragraph);
    const list = id === undefined ? undefined : this.#lists.get(id);
    if (!list) return undefined;
    const styled = list.levels.findIndex(
      (level) => level?.style !== undefined && styles.includes(level.style),
    );
    const index = Math.min(said ?? Math.max(styled, 0), LEVELS - 1);
    const level = list.levels[index];
    if (!level) return undefined;
    if (level.isBullet) return level.text.trim() === "" ? undefined : { level: index + 1, label: undefined };
    return { level: index + 1, label: labelOf(list.levels, this.#count(id!, list, index)) };
  }

  #count(id: string, { kind, levels, starts }: List, index: number): number[] {
    const numbers = this.#numbers.get(kind) ?? [];
    this.#numbers.set(kind, numbers);
    if (!this.#begun.has(id)) {
      this.#begun.add(id);
      for (const [level, start] of starts) numbers[level] = start - 1;
    }
    return countOn(numbers, index, levels);
  }
}

function listOf(list: Element, kind: Element): List {
  const levels: (Level | undefined)[] = [];
  const starts = new Map<number, number>();
  for (const level of elementsOf(kind, "w:lvl")) levels[indexOf(level)] ??= levelOf(level);
  for (const override of elementsOf(list, "w:lvlOverride")) {
    const index = indexOf(override);
    const level = elementAt(override, "w:lvl");
    if (level) levels[index] = levelOf(level);
    const start = valueOf(override, "w:startOverride");
    if (start !== undefined || level) starts.set(index, numberOf(start) ?? levels[index]?.start ?? 1);
  }
  return { kind: kind.attributes["w:abstractNumId"] ?? "", levels, starts };
}

/** Some programs write a list's only level without its number. */
const indexOf = ({ attributes }: Element) =>
  Math.min(Math.max(numberOf(attributes["w:ilvl"]) ?? 0, 0), LEVELS - 1);

const FORMATS = new Set([
  ...[
    "decimalZero",
    "lowerLetter",
    "upperLetter",
    "russianLower",
    "russianUpper",
    "lowerRoman",
    "upperRoman",
  ],
  "none",
]);

function levelOf(level: Element): Level {
  const format = valueOf(level, "w:numFmt") ?? "decimal";
  const isBullet = format === "bullet";
  return {
    isBullet,
    format: FORMATS.has(format) ? (format as NumberFormat) : "decimal",
    text: valueOf(level, "w:lvlText") ?? (isBullet ? "•" : `%${indexOf(level) + 1}.`),
    start: numberOf(valueOf(level, "w:start")) ?? 0, // as Word leaves it out (17.9.25)
    isLegal: hasSwitch(level, "w:isLgl"),
    style: valueOf(level, "w:pStyle"),
    neverRestarts: valueOf(level, "w:lvlRestart") === "0",
  };
}

const valueOf = (element: Element, name: string) => elementAt(element, name)?.attributes["w:val"];

function numberOf(value: string | undefined): number | undefined {
  const number = Number(value);
  return value !== undefined && Number.isInteger(number) ? number : undefined;
}
