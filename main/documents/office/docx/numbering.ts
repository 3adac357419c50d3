/** The lists of a Word document (ECMA-376, part 1, 17.9). */
import { CountedLists, LIST_LEVELS } from "../counted-lists.ts";
import type { CountedList, ListLevel } from "../counted-lists.ts";
import type { NumberFormat } from "../../blocks/list-numbers.ts";
import { elementAt, elementsOf } from "../../markup/markup.ts";
import type { Element } from "../../markup/markup.ts";
import type { WordStyles } from "./styles.ts";
import { hasSwitch } from "./styles.ts";

/** The lists of a document's numbering part, which may refer to each other by styles. */
export function wordNumbering(root: Element | undefined, styles: WordStyles): CountedLists<string> {
  const found = new Map<string, CountedList<string>>();
  const kinds = new Map(
    (root ? elementsOf(root, "w:abstractNum") : []).map((kind) => [
      kind.attributes["w:abstractNumId"] ?? "",
      kind,
    ]),
  );
  const lists = root ? elementsOf(root, "w:num") : [];
  for (const list of lists) {
    const named = kinds.get(valueOf(list, "w:abstractNumId") ?? "");
    const linked = named && valueOf(named, "w:numStyleLink");
    const other = linked === undefined ? undefined : styles.listOfStyle(linked);
    const source = lists.find(({ attributes }) => attributes["w:numId"] === other);
    const kind = source ? kinds.get(valueOf(source, "w:abstractNumId") ?? "") : named;
    if (kind) found.set(list.attributes["w:numId"] ?? "", listOf(list, kind));
  }
  return new CountedLists(found);
}

function listOf(list: Element, kind: Element): CountedList<string> {
  const levels: (ListLevel<string> | undefined)[] = [];
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
  Math.min(Math.max(numberOf(attributes["w:ilvl"]) ?? 0, 0), LIST_LEVELS - 1);

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

function levelOf(level: Element): ListLevel<string> {
  const format = valueOf(level, "w:numFmt") ?? "decimal";
  const isBullet = format === "bullet";
  return {
    isBullet,
    format: FORMATS.has(format) ? (format as NumberFormat) : "decimal",
    text: valueOf(level, "w:lvlText") ?? (isBullet ? "•" : `%${indexOf(level) + 1}.`),
    start: numberOf(valueOf(level, "w:start")) ?? 0, // as Word leaves it out (17.9.25)
    isLegal: hasSwitch(level, "w:isLgl"),
    style: valueOf(level, "w:pStyle"),
    restartsAfter: numberOf(valueOf(level, "w:lvlRestart")),
  };
}

const valueOf = (element: Element, name: string) => elementAt(element, name)?.attributes["w:val"];

function numberOf(value: string | undefined): number | undefined {
  const number = Number(value);
  return value !== undefined && Number.isInteger(number) ? number : undefined;
}
