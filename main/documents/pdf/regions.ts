/** Puts the segments of a page into reading order: columns one after the other, tables row by row. */
import type { Rule } from "./page-objects.ts";
import { runsRightToLeft } from "./reading-direction.ts";
import { byRow, GUTTER_GAP } from "./segments.ts";
import type { Segment } from "./segments.ts";
import { gridIn, tableOf } from "./table.ts";
import type { PageTable } from "./table.ts";

/** A line of running text, and the edges of its column. */
export interface PageLine extends Segment {
  readonly columnLeft: number;
  readonly columnRight: number;
}

/** A part of a page: lines, or a table. */
export type PagePart =
  | { readonly kind: "lines"; readonly lines: readonly PageLine[] }
  | { readonly kind: "table"; readonly table: PageTable };

/** The edges of a column. */
type Edges = readonly [left: number, right: number];

/** The parts of a page, or of a region of it, in reading order. `edges`: those of the enclosing column, if the region is part of one. */
export function partsOf(segments: readonly Segment[], rules: readonly Rule[], edges?: Edges): PagePart[] {
  const rows = byRow(segments);
  const drawn = drawnRows(rows, rules);
  if (drawn)
    return joined([
      ...partsOf(rows.slice(0, drawn.from).flat(), rules, edges ?? edgesOf(segments)),
      ...partsOf(rows.slice(drawn.from, drawn.to + 1).flat(), rules),
      ...partsOf(rows.slice(drawn.to + 1).flat(), rules, edges ?? edgesOf(segments)),
    ]);
  const gutter = widestGutter(rows, rules);
  if (!gutter)
    return segments.length === 0 ? [] : [{ kind: "lines", lines: linesOf(rows, edges ?? edgesOf(segments)) }];
  const { from, to, x } = gutter;
  const inside = rows.slice(from, to + 1).flat();
  const table = tableOf(inside, rules);
  const parting = table ? partingRow(rows.slice(from, to + 1)) : -1;
  if (parting >= 0)
    return joined([
      ...partsOf(rows.slice(0, from + parting).flat(), rules, edges ?? edgesOf(segments)),
      { kind: "lines", lines: linesOf([rows[from + parting]!], edges ?? edgesOf(segments)) },
      ...partsOf(rows.slice(from + parting + 1).flat(), rules, edges ?? edgesOf(segments)),
    ]);
  const left = inside.filter((segment) => segment.left < x);
  const right = inside.filter((segment) => segment.left >= x);
  const sides = runsRightToLeft(inside) ? [right, left] : [left, right];
  return joined([
    ...partsOf(rows.slice(0, from).flat(), rules),
    ...(table ? [{ kind: "table", table } as const] : sides.flatMap((side) => partsOf(side, rules))),
    ...partsOf(rows.slice(to + 1).flat(), rules),
  ]);
}

/** What a table's title begins with. */
const CAPTION = /^(?:table|tabelle|tab\.|figure|fig\.|abbildung|abb\.) ?\d/i;
/** A heading is larger than the rows of a table, by this factor. */
const HEADING = 1.15;

/**
 * The first row that is not a row of a table but its title or a heading: it has only one segment, which begins like a title or is larger
 * than the other rows. -1 if there is none.
 */
function partingRow(rows: readonly SegmentRow[]): number {
  const sizes = rows.flat().map(({ size }) => size);
  const usual = sizes.sort((a, b) => a - b)[sizes.length >> 1]!;
  return rows.findIndex(
    ([first, ...others]) =>
      others.length === 0 && (CAPTION.test(first!.text) || first!.size > HEADING * usual),
  );
}

/**
 * The rows of the first table that is drawn as a grid over the width of a region, unless it fills the region; text above and below it is
 * not part of it.
 */
function drawnRows(
  rows: readonly SegmentRow[],
  rules: readonly Rule[],
): { from: number; to: number } | undefined {
  const grid = gridIn(rows.flat(), rules);
  if (!grid) return undefined;
  const within = rows.flatMap(([first], index) =>
    first!.baseline < grid.top && first!.baseline > grid.bottom ? [index] : [],
  );
  const [from, to] = [within[0], within[within.length - 1]];
  if (from === undefined || to === undefined || to === from || to - from === rows.length - 1)
    return undefined;
  return { from, to };
}

/** Joins parts with lines that follow one another. */
function joined(parts: readonly PagePart[]): PagePart[] {
  const all: PagePart[] = [];
  for (const part of parts) {
    const last = all[all.length - 1];
    if (part.kind === "lines" && last?.kind === "lines")
      all[all.length - 1] = { kind: "lines", lines: [...last.lines, ...part.lines] };
    else all.push(part);
  }
  return all;
}

type SegmentRow = readonly Segment[];

function edgesOf(segments: readonly Segment[]): Edges {
  return [Math.min(...segments.map(({ left }) => left)), Math.max(...segments.map(({ right }) => right))];
}

function linesOf(rows: readonly SegmentRow[], [columnLeft, columnRight]: Edges): PageLine[] {
  return rows.map((row) => {
    const [first] = row as [Segment];
    const inOrder = runsRightToLeft(row) ? [...row].reverse() : row;
    const text = inOrder.map((segment) => segment.text).join(" ");
    const right = row[row.length - 1]!.right;
    const isBold = row.every((segment) => segment.isBold);
    return { ...first, text, right, size: longestOf(row).size, isBold, columnLeft, columnRight };
  });
}

/** The segment with the most characters: a bullet may be larger than its text. */
function longestOf(row: SegmentRow): Segment {
  return row.reduce((longest, segment) => (segment.text.length > longest.text.length ? segment : longest));
}

/** A vertical stripe without text in the rows with indices `from` to `to`. */
interface Gutter {
  readonly x: number;
  readonly from: number;
  readonly to: number;
  /** The height over which there is text on both of its sides, in points. */
  readonly height: number;
}

/** Text on each side of a gutter has at least this many rows. */
const FEWEST_ROWS = 2;
/** Positions this near, in points, are one. */
const SAME_PLACE = 2;
const MOST_CANDIDATES = 150;

/** The gutter with text on both sides over the greatest height. */
function widestGutter(rows: readonly SegmentRow[], rules: readonly Rule[]): Gutter | undefined {
  const uprights = rules.filter(({ isHorizontal }) => !isHorizontal);
  let best: Gutter | undefined;
  for (const x of candidatesIn(rows)) {
    for (const gutter of guttersAt(x, rows, uprights))
      if (!best || gutter.height > best.height + 0.5) best = gutter;
  }
  return best;
}

/** Possible positions of gutters: just left of where segments begin, and between two segments of a row. */
function candidatesIn(rows: readonly SegmentRow[]): number[] {
  const counts = new Map<number, number>();
  const add = (x: number) => {
    const place = Math.round(x / SAME_PLACE) * SAME_PLACE;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  };
  for (const row of rows) {
    row.forEach(({ left, size }) => add(left - (GUTTER_GAP / 2) * size));
    row.slice(1).forEach(({ left }, index) => add((row[index]!.right + left) / 2));
  }
  const common = [...counts]
    .sort(([a, count], [b, other]) => other - count || a - b)
    .slice(0, MOST_CANDIDATES);
  return common.map(([x]) => x).sort((a, b) => a - b);
}

interface Side {
  readonly rows: number[];
  edge: number;
  readonly segments: Segment[];
}

/** The runs of rows that leave a stripe at `x` free, which may be narrow where a rule divides it. */
function guttersAt(x: number, rows: readonly SegmentRow[], uprights: readonly Rule[]): Gutter[] {
  const found: Gutter[] = [];
  let left: Side = { rows: [], edge: -Infinity, segments: [] };
  let right: Side = { rows: [], edge: Infinity, segments: [] };
  const end = () => {
    const gutter = gutterOf(x, rows, left, right);
    if (gutter) found.push(gutter);
    left = { rows: [], edge: -Infinity, segments: [] };
    right = { rows: [], edge: Infinity, segments: [] };
  };
  const add = (row: SegmentRow, index: number): boolean => {
    const [before, after] = [row.filter((one) => one.right <= x), row.filter((one) => one.left >= x)];
    if (before.length + after.length < row.length) return false;
    const leftEdge = Math.max(left.edge, ...before.map((one) => one.right));
    const rightEdge = Math.min(right.edge, ...after.map((one) => one.left));
    const isWide = rightEdge - leftEdge >= GUTTER_GAP * Math.min(...row.map(({ size }) => size));
    if (!isWide && !uprights.some((rule) => divides(rule, leftEdge, rightEdge, row[0]!.baseline)))
      return false;
    [left.edge, right.edge] = [leftEdge, rightEdge];
    left.segments.push(...before);
    right.segments.push(...after);
    if (before.length > 0) left.rows.push(index);
    if (after.length > 0) right.rows.push(index);
    return true;
  };
  for (const [index, row] of rows.entries()) {
    if (add(row, index)) continue;
    end();
    add(row, index);
  }
  end();
  return found;
}

/** Whether a vertical rule stands between two edges in the row at `baseline`. */
function divides({ left, right, bottom, top }: Rule, leftEdge: number, rightEdge: number, baseline: number) {
  const x = (left + right) / 2;
  return x > leftEdge && x < rightEdge && bottom <= baseline + 1 && top >= baseline + 1;
}

/** Paragraphs are more than this many font sizes apart. */
const APART = 1.8;
/** The mark of a list's item: a bullet, a number, a letter. */
const MARK =
  /^(?:[•◦▪‣●○■□–—*-]|\[\d{1,3}\]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-z]{1,4}|[A-Z]{1,4})[.)]?|§+ ?\d{0,4})$/;

function gutterOf(x: number, rows: readonly SegmentRow[], left: Side, right: Side): Gutter | undefined {
  if (left.rows.length < FEWEST_ROWS || right.rows.length < FEWEST_ROWS) return undefined;
  if (left.segments.every(({ text }) => MARK.test(text))) return undefined; // a list
  const [from, to] = trimmed(rows, left, right);
  const within = (index: number) => index >= from && index <= to;
  const [leftRows, rightRows] = [left.rows.filter(within), right.rows.filter(within)];
  if (leftRows.length < FEWEST_ROWS || rightRows.length < FEWEST_ROWS) return undefined;
  const y = (index: number) => rows[index]![0]!.baseline;
  const top = Math.min(y(leftRows[0]!), y(rightRows[0]!));
  const bottom = Math.max(y(leftRows[leftRows.length - 1]!), y(rightRows[rightRows.length - 1]!));
  return top > bottom ? { x, from, to, height: top - bottom } : undefined;
}

/**
 * The rows of a gutter without those at the top that have text only on its left, and without a few such rows at the bottom that are set
 * apart.
 */
function trimmed(rows: readonly SegmentRow[], left: Side, right: Side): [from: number, to: number] {
  const [first, last] = [right.rows[0]!, right.rows[right.rows.length - 1]!];
  const end = Math.max(left.rows[left.rows.length - 1]!, last);
  const start = Math.min(first, left.rows.find((index) => index >= first) ?? first);
  const below = left.rows.filter((index) => index > last);
  if (below.length === 0) return [start, end];
  const [before, after] = [left.rows.filter((index) => index <= last).pop() ?? last, below[0]!];
  const [upper, lower] = [rows[before]![0]!, rows[after]![0]!];
  const isApart = upper.baseline - lower.baseline > APART * Math.max(upper.size, lower.size);
  return [start, below.length < 3 && isApart ? last : end];
}
