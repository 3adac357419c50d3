/** Turns the parts of pages into blocks: lines become headings, items and paragraphs, also across columns and pages. */
import { rowBlock } from "../blocks/blocks.ts";
import type { Block } from "../blocks/blocks.ts";
import { AUSTRIAN_MONTHS, GERMAN_MONTHS } from "../blocks/months.ts";
import { joinLines, knownWords } from "./hyphens.ts";
import type { KnownWords } from "./hyphens.ts";
import type { PageLine, PagePart } from "./regions.ts";

/** Paragraphs are more than this many usual line distances apart. */
const PARAGRAPH_DISTANCES = 1.3;
/** A line distance of up to this many font sizes is usual, whatever the document's median. */
const DEFAULT_DISTANCE = 1.2;
/** Sizes that differ by more than this factor do not belong to one paragraph. */
const SAME_SIZE = 1.15;
/** A heading is larger than the text by this factor, or bold, and at most this many characters long. */
const HEADING_SIZE = 1.12;
const LONGEST_HEADING_CHARACTERS = 160;
/** A first line is indented by more than `least` and less than `most`, in font sizes. */
const INDENT = { least: 0.8, most: 4 };
/** A line ends its paragraph if the next word would have fitted with this much room to spare, in font sizes. */
const ROOM = 2;
const FOOTNOTE_SIZE = 0.93;

const BULLET = /^([•◦▪‣●○■□–—*])\s*(?=\S)/;
/** The number or letter of an item or a section. */
const NUMBER = /^(\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]|\[\d{1,3}\]|\d{1,2}(?:\.\d{1,2})+\.?)\s+(?=\S)/;
const DAY = new RegExp(String.raw`^\d{1,2}\. (?:${[...GERMAN_MONTHS, ...AUSTRIAN_MONTHS].join("|")})\b`);
const numberOf = (text: string) => (DAY.test(text) ? null : NUMBER.exec(text));
const NOTE_MARK = /^(?:\d{1,3}|[*†‡§¶]+)(?:\s*\S)/;

type PlacedLine = PageLine & { readonly page: number };

/** The measures by which the blocks of all pages are recognised. */
interface Measure {
  /** The size of most characters. */
  readonly size: number;
  readonly isBold: boolean;
  /** The usual distance between lines of a paragraph, in points. */
  readonly distance: number;
  /** Sizes of headings, from the largest. */
  readonly headings: readonly number[];
  readonly known: KnownWords;
}

/** The blocks of a document; `place` is the page on which one begins. */
export function blocksOf(pages: readonly (readonly PagePart[])[]): Block[] {
  const all = pages.flatMap((parts, page) => linesIn(parts).map((line) => ({ ...line, page: page + 1 })));
  const maker = new BlockMaker(measureOf(all));
  for (const [index, parts] of pages.entries()) {
    const { body, notes } = withNotesLast(parts, maker.measure.size);
    for (const part of body) {
      if (part.kind === "table") maker.table(part.table, index + 1);
      else part.lines.forEach((line) => maker.line({ ...line, page: index + 1 }));
    }
    maker.notes(notes.map((line) => ({ ...line, page: index + 1 })));
  }
  return maker.end();
}

const linesIn = (parts: readonly PagePart[]) =>
  parts.flatMap((part) => (part.kind === "lines" ? part.lines : []));

function measureOf(lines: readonly PlacedLine[]): Measure {
  const size = mostCommon(lines, (line) => line.size) ?? 10;
  const isBold = mostCommon(lines, (line) => Number(line.isBold)) === 1;
  const sizes = new Set(lines.map((line) => line.size).filter((one) => one > HEADING_SIZE * size));
  return {
    size,
    isBold,
    distance: usualDistance(lines, size),
    headings: [...sizes].sort((a, b) => b - a),
    known: knownWords(lines.map(({ text }) => text)),
  };
}

/** The most common value of lines, weighted by their characters. */
function mostCommon(lines: readonly PlacedLine[], of: (line: PlacedLine) => number): number | undefined {
  const counts = new Map<number, number>();
  for (const line of lines) counts.set(of(line), (counts.get(of(line)) ?? 0) + line.text.length);
  return [...counts].sort(([a, count], [b, other]) => other - count || a - b)[0]?.[0];
}

/** The median of the distances between lines of the usual size. */
function usualDistance(lines: readonly PlacedLine[], size: number): number {
  const distances = lines.flatMap((line, index) => {
    const before = lines[index - 1];
    const isUsual = before?.page === line.page && line.size === size && before.size === size;
    const down = isUsual ? before.baseline - line.baseline : 0;
    return down > 0.5 ? [down] : [];
  });
  return distances.sort((a, b) => a - b)[(distances.length - 1) >> 1] ?? Infinity;
}

/** Moves footnotes after the page's text: they are at the bottom of a column, smaller, and begin with their mark. */
function withNotesLast(parts: readonly PagePart[], size: number): { body: PagePart[]; notes: PageLine[] } {
  const notes: PageLine[] = [];
  const body = parts.map((part): PagePart => {
    if (part.kind === "table") return part;
    const columns = byColumn(part.lines);
    const lines = columns.flatMap((column) => {
      const large = column.map((line) => line.size >= FOOTNOTE_SIZE * size).lastIndexOf(true);
      const first = column.findIndex((line, index) => index > large && NOTE_MARK.test(line.text));
      if (first < 0 || first === 0) return column;
      notes.push(...column.slice(first));
      return column.slice(0, first);
    });
    return { kind: "lines", lines };
  });
  return { body, notes };
}

/** Divides lines into columns: in each, every line is below the one before. */
function byColumn(lines: readonly PageLine[]): PageLine[][] {
  const columns: PageLine[][] = [];
  for (const line of lines) {
    const column = columns[columns.length - 1];
    const before = column?.[column.length - 1];
    if (before && line.baseline < before.baseline) column!.push(line);
    else columns.push([line]);
  }
  return columns;
}

interface OpenBlock {
  readonly kind: "paragraph" | "heading" | "item";
  readonly page: number;
  readonly level: number;
  readonly mark: string;
  text: string;
  last: PlacedLine;
  /** Where its lines after the first begin; undefined until there are any. */
  textLeft: number | undefined;
}

class BlockMaker {
  readonly measure: Measure;
  readonly #blocks: Block[] = [];
  #open: OpenBlock | undefined;
  #notes: PlacedLine[] = [];
  #tables = 0;
  /** The left edges of the enclosing items, from the outermost. */
  #itemLefts: number[] = [];

  constructor(measure: Measure) {
    this.measure = measure;
  }

  line(line: PlacedLine): void {
    const open = this.#open;
    if (open && this.#goesOn(open, line)) {
      open.text = joinLines(open.text, line.text.trim(), this.measure.known);
      open.textLeft ??= line.left;
      open.last = line;
      return;
    }
    this.#close();
    this.#open = this.#begun(line);
  }

  /** Holds notes back until a paragraph that continues on the next page is complete. */
  notes(lines: readonly PlacedLine[]): void {
    this.#notes.push(...lines);
  }

  table(
    { rows, hasHeader }: { readonly rows: readonly (readonly string[])[]; readonly hasHeader: boolean },
    page: number,
  ): void {
    this.#close();
    const table = ++this.#tables;
    for (const [index, cells] of rows.entries()) {
      const block = rowBlock(page, { cells, table, isHeader: hasHeader && index === 0 });
      if (block) this.#blocks.push(block);
    }
  }

  end(): Block[] {
    this.#close();
    return this.#blocks;
  }

  #close(): void {
    this.#finish();
    const notes = this.#notes;
    this.#notes = [];
    for (const line of notes) this.line(line);
    if (notes.length > 0) this.#finish();
  }

  #finish(): void {
    const open = this.#open;
    this.#open = undefined;
    if (!open || open.text === "") return;
    const { kind, page: place, text, level, mark } = open;
    if (kind === "item") this.#blocks.push({ kind, place, text, level, mark });
    else if (kind === "heading") this.#blocks.push({ kind, place, text, level });
    else this.#blocks.push({ kind, place, text });
    if (kind !== "item") this.#itemLefts = [];
  }

  #begun(line: PlacedLine): OpenBlock {
    const text = line.text.trim();
    const heading = this.#headingLevel(line);
    const common = { page: line.page, last: line, textLeft: undefined };
    if (heading > 0) return { ...common, kind: "heading", level: heading, mark: "", text };
    const mark = BULLET.exec(text) ?? numberOf(text);
    if (!mark) return { ...common, kind: "paragraph", level: 0, mark: "", text };
    this.#itemLefts = [...this.#itemLefts.filter((left) => left < line.left - 2), line.left];
    const level = Math.min(6, this.#itemLefts.length);
    return {
      ...common,
      kind: "item",
      level,
      text: text.slice(mark[0].length),
      mark: BULLET.test(text) ? "-" : mark[1]!,
    };
  }

  /** The level of a line that is a heading; 0 for another line. */
  #headingLevel({ text, size, isBold }: PlacedLine): number {
    const { headings, isBold: isUsual } = this.measure;
    if (text.length > LONGEST_HEADING_CHARACTERS || !/\p{L}/u.test(text)) return 0;
    const rank = headings.indexOf(size);
    if (rank >= 0) return Math.min(6, rank + 1);
    const isSentence = /[,;:]$|[.!?]["”“’‘»«)]?$/.test(text) && !/^\d/.test(text);
    return isBold && !isUsual && !isSentence && size >= this.measure.size
      ? Math.min(6, headings.length + 1)
      : 0;
  }

  #goesOn(open: OpenBlock, line: PlacedLine): boolean {
    const { last, kind } = open;
    const isSameSize = Math.max(last.size, line.size) <= SAME_SIZE * Math.min(last.size, line.size);
    if (!isSameSize || this.#beginsItem(open, line)) return false;
    if (kind === "heading") return this.#isHeadingsLine(open, line);
    if (this.#headingLevel(line) > 0 && !last.isBold) return false;
    const down = last.baseline - line.baseline;
    if (last.page !== line.page || down <= 0) return this.#goesOnElsewhere(open, line);
    const usual = Math.max(Math.min(this.measure.distance, 2 * line.size), DEFAULT_DISTANCE * line.size);
    return down <= PARAGRAPH_DISTANCES * usual && !isIndented(open, line) && !endsEarly(last, line);
  }

  #isHeadingsLine({ last }: OpenBlock, line: PlacedLine): boolean {
    const down = last.baseline - line.baseline;
    const isNext = last.page === line.page && down > 0 && down <= 1.6 * line.size;
    return isNext && last.isBold === line.isBold && Math.abs(last.size - line.size) < 0.6;
  }

  #beginsItem(open: OpenBlock, line: PlacedLine): boolean {
    const text = line.text.trim();
    if (BULLET.test(text)) return !/^[–—]\s?\p{Ll}/u.test(text) || open.mark === "-";
    if (!numberOf(text)) return false;
    // "… under section\n12. The tenant": a number within a sentence begins where the item's other lines do.
    const isWithin =
      open.textLeft !== undefined && Math.abs(line.left - open.textLeft) < 1 && open.kind === "item";
    return !isWithin && (open.kind === "item" || /[.:;!?)]$/.test(open.text) || line.left !== open.last.left);
  }

  /** Whether a block continues in a line at the top of the next column or page. */
  #goesOnElsewhere(open: OpenBlock, line: PlacedLine): boolean {
    const isBegun = /^\P{L}*\p{Lu}/u.test(line.text) && hasRoom(open.last, line);
    return (
      !isBegun &&
      /[\p{L}\p{N},;\-\u00ad\u2010]$/u.test(open.text) &&
      this.#isUsual(open.last) === this.#isUsual(line)
    );
  }

  #isUsual = ({ size }: PlacedLine) => Math.abs(size - this.measure.size) < 0.6;
}

/** Whether a line begins further right than the block's lines before it, which begin at the column's edge. */
function isIndented(open: OpenBlock, line: PlacedLine): boolean {
  const before = open.textLeft ?? (open.kind === "paragraph" ? open.last.left : undefined);
  if (before === undefined) return false;
  const indent = (line.left - before) / line.size;
  return indent > INDENT.least && indent < INDENT.most && Math.abs(before - line.columnLeft) < line.size;
}

/** Whether a line ends a sentence and has room for the next word. */
function endsEarly(last: PlacedLine, line: PlacedLine): boolean {
  return /[.!?:]["”“’‘»«)]?$/.test(last.text) && hasRoom(last, line);
}

/** Whether the first word of a line would have fitted into the line before. */
function hasRoom(last: PlacedLine, line: PlacedLine): boolean {
  const [word] = line.text.split(" ");
  const width = ((line.right - line.left) * word!.length) / line.text.length;
  return last.columnRight - last.right > width + ROOM * line.size;
}
