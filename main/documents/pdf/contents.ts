/** Leaves out tables of contents, as other formats' readers do: their text is in the headings too. */
import { byRow } from "./segments.ts";
import type { Segment } from "./segments.ts";

/** The title of a table of contents, alone in a row. */
const TITLE = /^(?:(?:table of )?contents|inhalt|inhaltsverzeichnis|inhaltsübersicht)$/i;
/** An entry: a heading, often dots, and the number of a page. */
const ENTRY = /^(?=.*\p{L}).*?[\s.…·_]+(\d{1,4}|[ivxlc]{1,7})$/u;
const DOTS = /(?:[.·…_] ?){4}/;
/** Fewer entries are not a table of contents. */
const FEWEST_ENTRIES = 3;
/** An entry with a long heading takes up to this many rows. */
const MOST_ROWS = 3;

/** The segments of pages without tables of contents. A table begins with its title and may continue over several pages. */
export function withoutContents(pages: readonly Segment[][]): readonly Segment[][] {
  /** The page number of the last entry on the page before, if that page ends with entries. */
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

/**
 * Where the entries that begin at `from` end, whose page numbers never decrease, and the last of these numbers; `from` if the rows are not
 * entries.
 */
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
