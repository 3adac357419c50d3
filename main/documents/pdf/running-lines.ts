/** Headers, footers and page numbers: rows at the top and bottom of pages that have the same text, or count the pages. Watermarks. */
import { addTo } from "../blocks/lists.ts";
import type { Segment } from "./segments.ts";

/** The row of a page, with the text of all its segments. */
interface Row {
  readonly number: number;
  readonly text: string;
  readonly baseline: number;
  readonly size: number;
}

/** This many rows at the top and at the bottom of a page may be its header and footer. */
const EDGE_ROWS = 3;
/** The share of pages that repeat a header: left and right pages have different ones. */
const REPEATED_SHARE = 0.4;
/** Heights of rows are rounded to multiples of this, in points. */
const HEIGHT_STEP = 4;
/** Page numbers must count up on at least this share of the pages. */
const COUNTING_SHARE = 0.6;
/** A gap of more than this many line gaps sets a header or footer off from the text. */
const SET_OFF = 1.3;
/** Lines are at most this far apart, in font sizes; paragraphs, or rows of a spacious table, are further apart. */
const WIDEST_LINES = 1.6;

/**
 * Leaves out the outermost rows that have the same text at the same height on many pages, and those that count the pages. They must be set
 * off from the text, since rows of a table at the edges of pages may have the same text too. `lines`: the texts left out.
 */
export function withoutRunningLines(pages: readonly (readonly Segment[])[]): {
  readonly pages: Segment[][];
  readonly lines: string[];
} {
  const all = pages.map(rowsOf);
  const repeats = repeated(all.map(edgesOf));
  const dropped = all.map((rows) => {
    const edges = [rows, [...rows].reverse()];
    return new Set(edges.flatMap((from) => outermost(from, repeats)));
  });
  const rest = all.map((rows, page) => rows.filter((row) => !dropped[page]!.has(row)));
  for (const [page, row] of [...counting(all), ...counting(rest)]) dropped[page]!.add(row);
  return {
    pages: pages.map((segments, page) => withoutRows(segments, [...dropped[page]!])),
    lines: dropped.flatMap((rows) => [...rows].map(({ text }) => text)),
  };
}

/**
 * Leaves out texts in other directions that many pages have at the same place: watermarks across the page, stamps along the margin.
 * `pages`: the segments of each page, in one list for each of its other directions.
 */
export function withoutStamps(pages: readonly (readonly (readonly Segment[])[])[]): {
  readonly pages: Segment[][][];
  readonly lines: string[];
} {
  const all = pages.map((directions) => directions.map(rowsOf));
  const stamps = repeated(all.map((directions) => directions.flat()));
  const stampsIn = (page: number, direction: number) =>
    all[page]![direction]!.filter((row) => stamps.has(row));
  return {
    pages: pages.map((directions, page) =>
      directions.map((segments, direction) => withoutRows(segments, stampsIn(page, direction))),
    ),
    lines: [...stamps].map(({ text }) => text),
  };
}

function withoutRows(segments: readonly Segment[], rows: readonly Row[]): Segment[] {
  const numbers = new Set(rows.map(({ number }) => number));
  return segments.filter(({ row }) => !numbers.has(row));
}

function rowsOf(segments: readonly Segment[]): Row[] {
  const rows = new Map<number, Row>();
  for (const { row, text, baseline, size } of segments) {
    const before = rows.get(row);
    const all = before ? `${before.text} ${text}` : text;
    rows.set(row, { number: row, text: all, baseline, size: Math.max(size, before?.size ?? 0) });
  }
  return [...rows.values()].sort((a, b) => b.baseline - a.baseline);
}

function edgesOf(rows: readonly Row[]): Row[] {
  return [...rows.slice(0, EDGE_ROWS), ...rows.slice(EDGE_ROWS).slice(-EDGE_ROWS)];
}

/** The repeated rows at one edge of a page, as many as are together set off from the next row. */
function outermost(rows: readonly Row[], repeats: ReadonlySet<Row>): Row[] {
  for (let count = EDGE_ROWS; count > 0; count--) {
    const found = rows.slice(0, count);
    if (found.every((row) => repeats.has(row)) && isSetOff(rows, count - 1)) return found;
  }
  return [];
}

/**
 * Whether the next row is further away than the lines of the page usually are, judged by its closest rows; false if there is no next row.
 */
function isSetOff(rows: readonly Row[], index: number): boolean {
  const gaps = rows.slice(1).map(({ baseline }, i) => Math.abs(baseline - rows[i]!.baseline));
  const gap = gaps[index];
  if (gap === undefined) return false;
  const near = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 4)]!;
  return gap > SET_OFF * Math.min(near, WIDEST_LINES * rows[index]!.size);
}

type PlacedRow = readonly [page: number, row: Row];

/** The rows whose text enough pages have at the same height, with the same numbers or one that counts the pages. */
function repeated(pages: readonly (readonly Row[])[]): Set<Row> {
  const byText = new Map<string, PlacedRow[]>();
  for (const [page, rows] of pages.entries()) {
    for (const row of rows)
      addTo(byText, `${Math.round(row.baseline / HEIGHT_STEP)} ${withoutNumbers(row.text)}`, [page, row]);
  }
  const needed = Math.max(2, Math.ceil(REPEATED_SHARE * pages.length));
  const many = [...byText.values()].filter((found) => pagesOf(found) >= needed);
  return new Set(many.flatMap(withSameNumbers).map(([, row]) => row));
}

/** The rows that have the same numbers as one on another page, except for at most one that grows with the page. */
function withSameNumbers(found: readonly PlacedRow[]): PlacedRow[] {
  const byNumbers = new Map<string, PlacedRow[]>();
  for (const [page, row] of found) {
    const numbers = (row.text.match(/\d+/g) ?? []).map(Number);
    addTo(byNumbers, `${numbers}`, [page, row]);
    for (const [at, number] of numbers.entries())
      addTo(byNumbers, `${at}: ${numbers.map((one, i) => (i === at ? number - page : one))}`, [page, row]);
  }
  return [...byNumbers.values()].filter((same) => pagesOf(same) > 1).flat();
}

const pagesOf = (found: readonly PlacedRow[]) => new Set(found.map(([page]) => page)).size;

const withoutNumbers = (text: string) =>
  text
    .replace(/\d+/g, "#")
    .replace(/(?<=^|\s)[ivxlc]+(?=$|\s)/g, "#")
    .replace(/\s+/g, " ")
    .trim();

/** Nothing but a number, as in "12", "– 12 –", "Page 12 of 40", "12/40". */
const PAGE_NUMBER = /^\W*(?:(?:page|seite|p\.|s\.)\s*)?(\d{1,5})(?:\s*(?:of|von|\/)\s*\d{1,5})?\W*$/i;

/** A number among other text counts pages only if it does so on this many. */
const FEWEST_PAGES = 3;

/** The outermost rows, set off from the text, that consist of, begin or end with a number that grows with the pages. */
function counting(pages: readonly (readonly Row[])[]): PlacedRow[] {
  const numbered = pages.flatMap((rows, page) =>
    [rows, [...rows].reverse()]
      .filter((from) => isSetOff(from, 0))
      .flatMap(([row]) => numbersIn(row!).map((number) => ({ page, row: row!, ...number }))),
  );
  const byOffset = new Map<number, typeof numbered>();
  for (const found of numbered) addTo(byOffset, found.value - found.page, found);
  const withText = pages.filter((rows) => rows.length > 0).length;
  return [...byOffset.values()].flatMap((all) => {
    const usual = Math.min(...all.map(({ row }) => row.size));
    const found = all.filter(({ row, isAlone }) => isAlone || row.size <= usual + 0.5);
    const onPages = new Set(found.map(({ page }) => page)).size;
    const fewest = found.every(({ isAlone }) => isAlone) ? 2 : FEWEST_PAGES;
    const counts = onPages >= Math.max(fewest, Math.ceil(COUNTING_SHARE * withText));
    return counts ? found.map(({ page, row }) => [page, row] as const) : [];
  });
}

/** The number that a row consists of, or those at its ends. */
function numbersIn({ text }: Row): { value: number; isAlone: boolean }[] {
  const own = PAGE_NUMBER.exec(text)?.[1];
  if (own !== undefined) return [{ value: Number(own), isAlone: true }];
  const ends = [/^(\d{1,5})\s/.exec(text)?.[1], /\s(\d{1,5})$/.exec(text)?.[1]];
  return ends.flatMap((found) => (found === undefined ? [] : [{ value: Number(found), isAlone: false }]));
}
