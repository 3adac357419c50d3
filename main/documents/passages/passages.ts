/** Divides any text into passages: at headings, then between paragraphs, lists and tables, then between sentences. */
import { between, written } from "../blocks/blocks.ts";
import type { Block, TableRow } from "../blocks/blocks.ts";
import { sentencesOf } from "./sentences.ts";

/** About 300 tokens of English: several paragraphs, and a typical training row. */
export const LONGEST_PASSAGE_CHARACTERS = 1200;

/** How texts are cut. */
export interface Cut {
  /** The most characters of a passage. */
  readonly longest: number;
  /** How many sentences at the end of a passage the next one of the same section repeats at its beginning. */
  readonly overlap: number;
}

/** Text, and the place at which it begins (`Block`). */
export interface Passage {
  readonly place: number;
  readonly text: string;
  /** Whether a section begins with it. */
  readonly beginsSection: boolean;
  /** Its text without the repeated sentences; missing if it repeats none. */
  readonly fresh?: string;
}

/**
 * Cuts blocks into passages: whole sections if they fit, otherwise their paragraphs, lists and tables; if these are too long, their items,
 * rows and sentences, and last a sentence between its words. A passage below headings that it does not contain begins with a line of them;
 * a row of a table names its columns.
 */
export function* passagesOf(blocks: Iterable<Block>, cut: Partial<Cut> = {}): Generator<Passage> {
  const { longest = LONGEST_PASSAGE_CHARACTERS, overlap = 0 } = cut;
  let open: Section[] = [];
  let length = 0;
  for (const section of sectionsOf(blocks)) {
    const own = textOf(section.units).length;
    const isFull = 2 * length >= longest && open.length > 0 && section.level <= open[0]!.level;
    if (isFull || (open.length > 0 && length + GAP.length + own > longest)) {
      yield* passagesIn(open, { longest, overlap });
      [open, length] = [[], 0];
    }
    length += (open.length > 0 ? GAP.length : 0) + own;
    open.push(section);
  }
  if (open.length > 0) yield* passagesIn(open, { longest, overlap });
}

/** The passages of sections that fit into one, or of a section that may be too long. */
function* passagesIn(sections: readonly Section[], { longest, overlap }: Cut): Generator<Passage> {
  const [{ above, headings }] = sections as readonly [Section];
  const context = (path: readonly string[]) => contextLine(path, longest / SHORTEST_CONTEXT_SHARE);
  const [first, later] = [context(above), context([...above, ...headings])];
  const units = sections.flatMap(({ units }) => units);
  const room = longest - Math.max(first.length, textOf(units).length > longest ? later.length : 0);
  let isFirst = true;
  for (const parts of packed(units, room, overlap)) {
    const line = isFirst ? first : later;
    const repeats = parts[0]!.kind === "repeated";
    yield {
      place: parts[0]!.place,
      text: line + textOf(parts),
      beginsSection: isFirst && headings.length > 0,
      ...(repeats && { fresh: line + textOf(parts.slice(1)) }),
    };
    isFirst = false;
  }
}

/** Between the headings of a context line. */
export const HEADING_PATH = " › ";

/** A context line takes up to a sixth of a passage. */
const SHORTEST_CONTEXT_SHARE = 6;

/** The nearest headings as a line, "Employment › Notice", with the blank line after it; empty if none is short enough. */
function contextLine(path: readonly string[], longest: number): string {
  let line = "";
  for (const heading of [...path].reverse()) {
    const longer = line === "" ? heading : heading + HEADING_PATH + line;
    if (longer.length + GAP.length > longest) break;
    line = longer;
  }
  return line && line + GAP;
}

/** Between paragraphs. */
const GAP = "\n\n";

/** A piece of text that is cut only if it is too long, and what separates it from the one before. */
interface Unit {
  readonly place: number;
  readonly text: string;
  readonly gap: string;
  readonly kind: "heading" | "text" | "lines" | "repeated";
  /** What it is cut into if it is too long; if undefined, its sentences. */
  readonly parts?: readonly Unit[];
  /** Whether it is a sentence, or a part of one. */
  readonly isSentence?: boolean;
}

/** A heading, or several without text between them, and the text up to the next one. */
interface Section {
  /** The headings above, outermost first. */
  readonly above: readonly string[];
  /** Its own headings. */
  readonly headings: readonly string[];
  /** The level of its first heading; without one, a level deeper than any heading's. */
  readonly level: number;
  readonly units: readonly Unit[];
}

const NO_LEVEL = 7;

function* sectionsOf(blocks: Iterable<Block>): Generator<Section> {
  const above: { level: number; text: string }[] = [];
  let own: (Block & { kind: "heading" })[] = [];
  let rest: Block[] = [];
  const complete = (): Section => {
    const level = own[0]?.level ?? NO_LEVEL;
    const section: Section = {
      above: above.filter((heading) => heading.level < level || own.length === 0).map(({ text }) => text),
      headings: own.map(({ text }) => oneLine(text)),
      level,
      units: [...own.map(headingUnit), ...unitsOf(rest)],
    };
    for (const { level, text } of own) {
      while (above.length > 0 && above[above.length - 1]!.level >= level) above.pop();
      above.push({ level, text: oneLine(text) });
    }
    [own, rest] = [[], []];
    return section;
  };
  for (const block of blocks) {
    if (block.kind === "heading" && rest.length > 0) yield complete();
    if (block.kind === "heading") own.push(block);
    else rest.push(block);
  }
  if (own.length + rest.length > 0) yield complete();
}

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();

function headingUnit(block: Block): Unit {
  return { place: block.place, text: written(block), gap: GAP, kind: "heading" };
}

/** Paragraphs, whole lists with the line that introduces them, and whole tables. */
function unitsOf(blocks: readonly Block[]): Unit[] {
  const units: Unit[] = [];
  for (let i = 0; i < blocks.length;) {
    const block = blocks[i]!;
    const isTable = block.kind === "row";
    const isList = block.kind === "item";
    let end = i + 1;
    if (isTable || isList)
      while (end < blocks.length && between(blocks[end - 1]!, blocks[end]!) === "\n") end++;
    const run = blocks.slice(i, end);
    const introduction = isList && units.at(-1)?.text.endsWith(":") ? units.pop() : undefined;
    if (isTable) units.push(...wholes(tableUnits(run as Row[])));
    else if (isList) units.push(...wholes(introduced(introduction, run.map(lineUnit))));
    else units.push({ place: block.place, text: written(block), gap: GAP, kind: "text" });
    i = end;
  }
  return units;
}

/** Items after the paragraph that introduces them, if one does. */
function introduced(introduction: Unit | undefined, items: readonly Unit[]): Unit[] {
  if (!introduction) return [...items];
  return [introduction, { ...items[0]!, gap: GAP }, ...items.slice(1)];
}

type Row = Block & TableRow;

function lineUnit(block: Block): Unit {
  return { place: block.place, text: written(block), gap: "\n", kind: "lines" };
}

/** Joins units into one that has them as its parts; none if there are no units. */
function wholes(parts: readonly Unit[]): Unit[] {
  return parts.length === 0
    ? []
    : [{ place: parts[0]!.place, text: textOf(parts), gap: GAP, kind: "lines", parts }];
}

/** The rows of a table, each with the names of its columns: "Year: 2021; Sales: 5". A table with only a header stays as it is. */
function tableUnits(rows: readonly Row[]): Unit[] {
  const header = rows[0]!.isHeader ? rows[0]! : undefined;
  const data = rows.filter(({ isHeader }) => !isHeader);
  if (!header || data.length === 0) return rows.map(lineUnit);
  return data.map((row) => ({ ...lineUnit(row), text: namedCells(header.cells, row) }));
}

function namedCells(names: readonly string[], { cells, text }: Row): string {
  const named = cells.flatMap((cell, i) => {
    if (cell === "") return [];
    return [names[i] === undefined || names[i] === "" ? cell : `${names[i]}: ${cell}`];
  });
  return named.length === 0 ? text : named.join("; ");
}

function textOf(units: readonly Unit[]): string {
  return units.map(({ gap, text }, i) => (i === 0 ? text : gap + text)).join("");
}

/** Packs units into lists that fit into `room` characters: whole if possible, and never a heading without text after it. */
function* packed(units: readonly Unit[], room: number, overlap: number): Generator<readonly Unit[]> {
  const waiting = [...units].reverse();
  let parts: Unit[] = [];
  let length = 0;
  for (let unit; (unit = waiting.pop()) !== undefined;) {
    const left = room - length - (parts.length === 0 ? 0 : unit.gap.length);
    const hasText = parts.some(({ kind }) => kind !== "heading" && kind !== "repeated");
    if (unit.text.length <= left) {
      parts.push(unit);
      length = room - left + unit.text.length;
      continue;
    }
    const isBegun = !hasText && parts.length > 0 && 4 * left > room;
    if (isBegun || unit.text.length > room)
      for (const part of smaller(unit, isBegun ? left : room).reverse()) waiting.push(part);
    else {
      if (hasText || parts.some(({ kind }) => kind === "heading")) yield parts;
      waiting.push(unit);
      parts = hasText ? repeated(parts, overlap, room / 4) : [];
      length = textOf(parts).length;
    }
  }
  if (parts.some(({ kind }) => kind !== "repeated")) yield parts;
}

/** Splits a unit: into its parts, its sentences, or its first `room` characters and the rest. */
function smaller(unit: Unit, room: number): Unit[] {
  if (unit.parts && unit.parts.length > 1)
    return unit.parts.map((part, i) => (i === 0 ? { ...part, gap: unit.gap } : part));
  const sentences = unit.isSentence
    ? []
    : sentencesOf(unit.text).filter((sentence) => sentence.trim() !== "");
  if (sentences.length > 1) {
    const gaps = [unit.gap, ...sentences.map((sentence) => sentence.slice(sentence.trimEnd().length))];
    return sentences.map((sentence, i) => ({
      ...unit,
      text: sentence.trim(),
      gap: gaps[i]!,
      isSentence: true,
    }));
  }
  const end = cutBefore(unit.text, room);
  const [start, rest] = [unit.text.slice(0, end).trimEnd(), unit.text.slice(end).trimStart()];
  const gap = start.length + rest.length < unit.text.length ? " " : "";
  const part = { ...unit, isSentence: true };
  return [{ ...part, text: start }, ...(rest === "" ? [] : [{ ...part, text: rest, gap }])];
}

/** The last sentences of the text at the end of a passage, unless they are longer than `longest`. */
function repeated(parts: readonly Unit[], overlap: number, longest: number): Unit[] {
  const last = parts.at(-1)!;
  if (overlap === 0 || last.kind !== "text") return [];
  let from = parts.length - 1;
  while (from > 0 && parts[from - 1]!.kind === "text") from--;
  const text = sentencesOf(textOf(parts.slice(from)))
    .slice(-overlap)
    .join("")
    .trim();
  return text.length > longest ? [] : [{ place: last.place, text, gap: "", kind: "repeated" }];
}

/** Where to cut a sentence that is too long: after a word in its second half, otherwise anywhere except within a surrogate pair. */
function cutBefore(text: string, longest: number): number {
  const half = longest >> 1;
  const last = [...text.slice(half, longest).matchAll(/\s/g)].pop();
  if (last) return half + last.index + 1;
  return /[\ud800-\udbff]/.test(text[longest - 1]!) ? Math.max(1, longest - 1) : longest;
}
