/** Rows of words on a page, and the segments of each, which wide gaps, rules or gutters separate. */
import { WRITTEN_WITHOUT_SPACES } from "./hyphens.ts";
import type { DirectedText, Word } from "./page-content.ts";
import { inReadingOrder } from "./reading-direction.ts";

/** Words of one row that belong together: a line of a paragraph, or of a table's cell. Lengths in points. */
export interface Segment {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly baseline: number;
  readonly size: number;
  readonly isBold: boolean;
  /** Counted from the top; segments at the same height have the same row. */
  readonly row: number;
}

/** Baselines of one row differ by less than this, in font sizes. */
const SAME_ROW = 0.35;
/**
 * Superscripts and subscripts are smaller than this share of the line's font size, and their baselines are nearer than this, in its font
 * size.
 */
const SCRIPT_SIZE = 0.85; // in browsers 0.83
const SCRIPT_DISTANCE = 0.6;
/** A gap this wide, in font sizes, divides a row. */
const SEGMENT_GAP = 1.2;
/** So does a gap of this width if it is at the same place in at least `GUTTER_ROWS` rows below one another: a gutter. */
export const GUTTER_GAP = 0.6;
const GUTTER_ROWS = 4;
/** Words nearer than this, in font sizes, are one word, as when the font changes within it. */
const WORD_GAP = 0.12;
/** Where the file has a space, words may be nearer: a slanted letter reaches over the space after it. They overlap by less than this. */
const SPACE_OVERLAP = 0.3;
/** Between Chinese or Japanese characters, a gap up to this is not a space. */
const CJK_GAP = 0.6;

/** The segments of a text, by rows from the top and from the left. */
export function segmentsOf({ words, rules }: DirectedText): Segment[] {
  const rows = rowsOf(words);
  const gutters = guttersOf(rows);
  const uprights = rules.filter(({ isHorizontal }) => !isHorizontal);
  return rows.flatMap((row, index) => {
    const baseline = baselineOf(row);
    const segments: Word[][] = [];
    for (const word of row) {
      const segment = segments[segments.length - 1];
      const before = segment?.[segment.length - 1];
      const isParted =
        !before ||
        word.left - before.right > SEGMENT_GAP * Math.max(word.size, before.size) ||
        gutters.some((gutter) => gutter.rows.has(index) && isBetween(gutter.x, before, word)) ||
        uprights.some(
          ({ left, right, bottom, top }) =>
            isBetween((left + right) / 2, before, word) && bottom <= baseline + 1 && top >= baseline + 1,
        );
      if (isParted) segments.push([word]);
      else segment!.push(word);
    }
    return segments.map((found) => segmentOf(found, baseline, index));
  });
}

/** The rows of some segments: from the top, each from the left. */
export function byRow(segments: readonly Segment[]): Segment[][] {
  const rows = new Map<number, Segment[]>();
  for (const segment of segments) rows.set(segment.row, [...(rows.get(segment.row) ?? []), segment]);
  return [...rows].sort(([a], [b]) => a - b).map(([, row]) => row.sort((a, b) => a.left - b.left));
}

const isBetween = (x: number, before: Word, after: Word) => x > before.right - 1 && x < after.left + 1;

/** Words at one height, from the left; rows from the top. */
function rowsOf(words: readonly Word[]): Word[][] {
  const rows: Word[][] = [];
  for (const word of [...words].sort((a, b) => b.baseline - a.baseline || a.left - b.left)) {
    const row = rows[rows.length - 1];
    const first = row?.[0];
    if (first && first.baseline - word.baseline < SAME_ROW * Math.min(first.size, word.size)) row.push(word);
    else rows.push([word]);
  }
  return withScripts(rows).map((row) => row.sort((a, b) => a.left - b.left || b.baseline - a.baseline));
}

/** Moves superscripts and subscripts into the rows that they belong to. */
function withScripts(rows: Word[][]): Word[][] {
  for (const [index, row] of rows.entries()) {
    const stay = row.filter((word) => {
      const home = [rows[index + 1], rows[index - 1]].find((other) =>
        other?.some((large) => isScriptOf(word, large) || isNoteMarkOf(row, word, large)),
      );
      home?.push(word);
      return home === undefined;
    });
    row.splice(0, row.length, ...stay);
  }
  return rows.filter((row) => row.length > 0);
}

function isScriptOf(word: Word, large: Word): boolean {
  const gap = Math.max(word.left - large.right, large.left - word.right);
  const isNear =
    Math.abs(word.baseline - large.baseline) < SCRIPT_DISTANCE * large.size &&
    gap < WORD_GAP * 2 * large.size;
  return isNear && word.size < SCRIPT_SIZE * large.size;
}

/** A note's mark is alone at the left, raised, with its text further right. */
const NOTE_MARK = /^(?:\d{1,3}|[a-z]|[*†‡§¶]+)$/;
const NOTE_GAP = 4;

function isNoteMarkOf(row: readonly Word[], word: Word, large: Word): boolean {
  const gap = large.left - word.right;
  return (
    row.length === 1 &&
    NOTE_MARK.test(word.text) &&
    word.size < SCRIPT_SIZE * large.size &&
    gap > 0 &&
    gap < NOTE_GAP * large.size &&
    word.baseline > large.baseline &&
    word.baseline - large.baseline < SCRIPT_DISTANCE * large.size
  );
}

interface Gutter {
  readonly x: number;
  readonly rows: ReadonlySet<number>;
}

/** Gaps at the same place in rows below one another. */
function guttersOf(rows: readonly (readonly Word[])[]): Gutter[] {
  interface Open {
    left: number;
    right: number;
    rows: Set<number>;
  }
  const found: Gutter[] = [];
  let open: Open[] = [];
  const close = ({ left, right, rows }: Open) => {
    if (rows.size >= GUTTER_ROWS) found.push({ x: (left + right) / 2, rows });
  };
  for (const [index, row] of rows.entries()) {
    const gaps = gapsOf(row);
    const next: Open[] = [];
    for (const gutter of open) {
      const gap = gaps.find(
        ({ left, right }) => overlap(gutter, { left, right }) >= GUTTER_GAP * sizeOf(row),
      );
      if (gap) {
        gap.isTaken = true;
        const [left, right] = [Math.max(gutter.left, gap.left), Math.min(gutter.right, gap.right)];
        next.push({ left, right, rows: gutter.rows.add(index) });
      } else if (row.some((word) => word.left < gutter.right && word.right > gutter.left)) close(gutter);
      else next.push(gutter);
    }
    for (const { left, right, isTaken } of gaps)
      if (!isTaken) next.push({ left, right, rows: new Set([index]) });
    open = next;
  }
  open.forEach(close);
  return found;
}

function gapsOf(row: readonly Word[]): { left: number; right: number; isTaken: boolean }[] {
  return row.slice(1).flatMap((word, index) => {
    const left = row[index]!.right;
    const isWide = word.left - left >= GUTTER_GAP * Math.max(word.size, row[index]!.size);
    return isWide ? [{ left, right: word.left, isTaken: false }] : [];
  });
}

const overlap = (a: { left: number; right: number }, b: { left: number; right: number }) =>
  Math.min(a.right, b.right) - Math.max(a.left, b.left);

const sizeOf = (words: readonly Word[]) => Math.max(...words.map(({ size }) => size));

/** The baseline of the largest words, since superscripts and subscripts have others. */
function baselineOf(row: readonly Word[]): number {
  const size = sizeOf(row);
  return row.find((word) => word.size === size)!.baseline;
}

function segmentOf(words: readonly Word[], baseline: number, row: number): Segment {
  const characters = words.reduce((sum, { text }) => sum + text.length, 0);
  const bold = words.reduce((sum, { text, isBold }) => sum + (isBold ? text.length : 0), 0);
  return {
    text: textOf(words),
    left: words[0]!.left,
    right: Math.max(...words.map(({ right }) => right)),
    baseline,
    size: mostCommonSize(words),
    isBold: bold > 0.8 * characters,
    row,
  };
}

function textOf(words: readonly Word[]): string {
  let text = "";
  let before: Word | undefined;
  for (const word of inReadingOrder(words)) {
    text += (before && isSpaced(before, word) ? " " : "") + word.text;
    before = word;
  }
  return text.replace(/\u00ad(?!$)/g, ""); // a soft hyphen shows only where a line ends
}

function isSpaced(before: Word, word: Word): boolean {
  const gap = Math.max(word.left - before.right, before.left - word.right);
  const size = Math.max(before.size, word.size);
  if (word.isGlued && gap < WORD_GAP * 2 * size) return false;
  const isCjk =
    WRITTEN_WITHOUT_SPACES.test(before.text.slice(-1)) && WRITTEN_WITHOUT_SPACES.test(word.text.slice(0, 1));
  if (isCjk) return gap > CJK_GAP * size;
  return gap > (word.followsSpace ? -SPACE_OVERLAP : WORD_GAP) * size;
}

/** The most common font size, weighted by characters, in steps of half a point. */
function mostCommonSize(words: readonly Word[]): number {
  const counts = new Map<number, number>();
  for (const { text, size } of words) {
    const step = Math.round(2 * size) / 2;
    counts.set(step, (counts.get(step) ?? 0) + text.length);
  }
  return [...counts].sort(([a, count], [b, other]) => other - count || b - a)[0]![0];
}
