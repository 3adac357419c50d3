/** The text of PDF pages as paragraphs: joins lines that belong together and drops text that repeats on pages. */

/** A line of a page: its text, and its place in points, y from the bottom. */
export interface PageLine {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** A paragraph and the 1-based page on which it starts. */
export interface PageParagraph {
  readonly page: number;
  readonly text: string;
}

/** This many lines at the top and at the bottom of a page may be its header and footer. */
const EDGE_LINES = 3;
/** The share of pages that repeat a header: left and right pages have different ones. */
const REPEATED_SHARE = 0.4;
/** More than this many normal line distances separate paragraphs. */
const PARAGRAPH_DISTANCES = 1.3;

/** Removes headers, footers and page numbers: lines at the same height on many pages that differ at most in digits. */
export function withoutRepeatedLines(pages: readonly (readonly PageLine[])[]): PageLine[][] {
  const seen = new Map<string, Set<number>>();
  for (const [page, lines] of pages.entries()) {
    for (const line of edgesOf(lines)) {
      const key = repeatedKey(line);
      seen.set(key, (seen.get(key) ?? new Set()).add(page));
    }
  }
  const needed = Math.max(2, Math.ceil(REPEATED_SHARE * pages.length));
  const isRepeated = (line: PageLine) => (seen.get(repeatedKey(line))?.size ?? 0) >= needed;
  return pages.map((lines) => {
    const edges = new Set(edgesOf(lines).filter(isRepeated));
    return lines.filter((line) => !edges.has(line));
  });
}

function edgesOf(lines: readonly PageLine[]): PageLine[] {
  const byHeight = [...lines].sort((a, b) => b.y - a.y);
  return [...byHeight.slice(0, EDGE_LINES), ...byHeight.slice(EDGE_LINES).slice(-EDGE_LINES)];
}

function repeatedKey({ text, y }: PageLine): string {
  return `${Math.round(y / 4)} ${text.replace(/\d+/g, "#").replace(/\s+/g, " ").trim()}`;
}

/** Joins consecutive lines of the same size, also across the end of a column or page within a sentence. */
export function paragraphsOf(pages: readonly (readonly PageLine[])[]): PageParagraph[] {
  const lines = pages.flatMap((lines, index) => lines.map((line) => ({ ...line, page: index + 1 })));
  const distance = usualDistance(lines);
  const known = wordsWithHyphens(lines);
  const paragraphs: { page: number; text: string }[] = [];
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    const last = paragraphs[paragraphs.length - 1];
    if (!last || !before || parts(before, line, distance)) {
      paragraphs.push({ page: line.page, text: line.text.trim() });
    } else {
      last.text = joined(last.text, line.text.trim(), known);
    }
  }
  return paragraphs;
}

type PlacedLine = PageLine & { readonly page: number };

function parts(before: PlacedLine, line: PlacedLine, distance: number): boolean {
  const down = before.y - line.y;
  if (before.page !== line.page || down < -line.height) return !/[\p{L}\p{N},;-]$/u.test(before.text.trim());
  const [small, large] = [before.height, line.height].sort((a, b) => a - b) as [number, number];
  const usual = Math.max(distance, 1.2 * line.height); // a heading's own lines are further apart
  return down > PARAGRAPH_DISTANCES * usual || large > 1.15 * small;
}

/** The median of the distances between lines of a page. */
function usualDistance(lines: readonly PlacedLine[]): number {
  const distances = lines.flatMap((line, index) => {
    const before = lines[index - 1];
    const down = before && before.page === line.page ? before.y - line.y : 0;
    return down > 0.5 ? [down] : [];
  });
  return distances.sort((a, b) => a - b)[(distances.length - 1) >> 1] ?? Infinity;
}

function wordsWithHyphens(lines: readonly PageLine[]): Set<string> {
  return new Set(lines.flatMap(({ text }) => text.toLowerCase().match(/\p{L}+-\p{L}+/gu) ?? []));
}

/** Joins a word split at a line end; its hyphen is kept if the document also writes the word with a hyphen within a line. */
function joined(text: string, next: string, known: ReadonlySet<string>): string {
  const before = /(\p{L}+)[-\u00ad]$/u.exec(text)?.[1];
  const after = /^\p{L}+/u.exec(next)?.[0];
  if (before === undefined || after === undefined) return `${text} ${next}`;
  const hyphenated = text.endsWith("-") && known.has(`${before}-${after}`.toLowerCase());
  const isOneWord = /^\p{Ll}/u.test(after) || /^\p{Lu}{2,} \p{Lu}{2,}$/u.test(`${before} ${after}`);
  return hyphenated || !isOneWord ? `${text}${next}` : `${text.slice(0, -1)}${next}`;
}
