/** Tables of contents: what stands in them stands in the headings, too, so they are left out as those of other formats are. */
import { byRow } from "./segments.ts";
import type { Segment } from "./segments.ts";

/** Its title, alone in a row. */
const TITLE = /^(?:(?:table of )?contents|inhalt|inhaltsverzeichnis|inhaltsübersicht)$/i;
/** A row of it: a heading, often dots, and the number of a page. */
const ENTRY = /^(?=.*\p{L}).*?[\s.…·_]+(\d{1,4}|[ivxlc]{1,7})$/u;
const DOTS = /(?:[.·…_] ?){4}/;
/** Fewer are none. */
const FEWEST_ENTRIES = 3;
/** A long heading goes on in so many rows. */
const MOST_ROWS = 3;

/** The segments of pages without tables of contents that begin with their title, and may go on over pages. */
export function withoutContents(pages: readonly Segment[][]): readonly Segment[][] {
  /** The number that the last entry of the page before names, if entries end that page. */
  let open: number | undefined;
  const rest = pages.map((segments) => {
    const rows = byRow(segments);
    const texts = rows.map((row) =>
      row
        .map(({ text }) => text)
        .join(" ")
        .trim(),
    );
    const title = open === undefined ? texts.findIndex((text) => TITLE.test(text)) : -1;
    if (title < 0 && open === undefined) return segments;
    const { end, page } = entriesIn(texts, title + 1, open);
    open = end === rows.length && end > title + 1 ? page : undefined;
    return end === title + 1 ? segments : [...rows.slice(0, Math.max(title, 0)), ...rows.slice(end)].flat();
  });
  return rest.some((segments) => segments.length > 0) ? rest : pages;
}

/** Where the entries that begin at `from` end, whose pages only grow, and the last of these pages; `from` if they are no entries. */
function entriesIn(
  texts: readonly string[],
  from: number,
  open: number | undefined,
): { end: number; page: number } {
  let [end, count, last] = [from, 0, open ?? 0];
  for (let i = from; i < texts.length && i - end < MOST_ROWS; i++) {
    const page = ENTRY.exec(texts[i]!)?.[1];
    if (page === undefined) continue;
    const number = Number(page);
    if (number < last) break;
    if (!Number.isNaN(number)) last = number;
    [end, count] = [i + 1, count + 1];
  }
  const hasDots = texts.slice(from, end).some((text) => DOTS.test(text));
  return { end: count >= (open !== undefined && hasDots ? 1 : FEWEST_ENTRIES) ? end : from, page: last };
}
