/** Headers, footers and page numbers: rows at the top and bottom of pages that say the same, or count. */
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
/** Rows at the same height, in points, within half of this. */
const HEIGHT_STEP = 4;
/** The page numbers of this share of the pages must count up. */
const COUNTING_SHARE = 0.6;

/** Leaves out the rows that repeat, digits aside, at one height of many pages, and those that count the pages. */
export function withoutRunningLines(pages: readonly (readonly Segment[])[]): Segment[][] {
  const edges = pages.map((segments) => edgesOf(rowsOf(segments)));
  const dropped = pages.map(() => new Set<number>());
  const drop = (page: number, row: Row) => dropped[page]!.add(row.number);
  for (const found of repeated(edges)) found.forEach(([page, row]) => drop(page, row));
  const rest = edges.map((rows, page) => rows.filter(({ number }) => !dropped[page]!.has(number)));
  for (const [page, row] of [...counting(edges), ...counting(rest)]) drop(page, row);
  return pages.map((segments, page) => segments.filter(({ row }) => !dropped[page]!.has(row)));
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

type PlacedRow = readonly [page: number, row: Row];

/** The rows of each text that enough pages have at one height. */
function repeated(pages: readonly (readonly Row[])[]): PlacedRow[][] {
  const byKey = new Map<string, PlacedRow[]>();
  for (const [page, rows] of pages.entries()) {
    for (const row of rows) {
      const key = `${Math.round(row.baseline / HEIGHT_STEP)} ${withoutNumbers(row.text)}`;
      byKey.set(key, [...(byKey.get(key) ?? []), [page, row]]);
    }
  }
  const needed = Math.max(2, Math.ceil(REPEATED_SHARE * pages.length));
  return [...byKey.values()].filter((found) => new Set(found.map(([page]) => page)).size >= needed);
}

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

/** The outermost rows that are, or begin or end with, a number that grows as the pages do. */
function counting(pages: readonly (readonly Row[])[]): PlacedRow[] {
  const numbered = pages.flatMap((rows, page) =>
    [rows[0], rows[rows.length - 1]].flatMap((row) =>
      row ? numbersIn(row).map((number) => ({ page, row, ...number })) : [],
    ),
  );
  const byOffset = new Map<number, typeof numbered>();
  for (const found of numbered) {
    const offset = found.value - found.page;
    byOffset.set(offset, [...(byOffset.get(offset) ?? []), found]);
  }
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
