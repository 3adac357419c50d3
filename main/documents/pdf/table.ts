/** Tables on a page: segments in columns that are not columns of running text. */
import { joinLines } from "./hyphens.ts";
import type { Rule } from "./page-objects.ts";
import { runsRightToLeft } from "./reading-direction.ts";
import { byRow, GUTTER_GAP } from "./segments.ts";
import type { Segment } from "./segments.ts";

export interface PageTable {
  /** From the top, each with one text for each column, which may be empty. */
  readonly rows: readonly (readonly string[])[];
  readonly hasHeader: boolean;
}

interface Column {
  readonly left: number;
  readonly right: number;
  readonly segments: readonly Segment[];
}

/**
 * Running text has at least this many rows, whose lines fill this share of their column and have this many characters; this share of them
 * begins in the middle of a sentence.
 */
const TEXT = { fill: 0.7, characters: 18, continued: 0.25, rows: 3 };
/** At least this share of the rows of a table has more than one cell. */
const SHARED_ROWS = 0.5;
/** A drawn table has at least this many horizontal rules, or this many vertical ones. */
const RULES = { across: 3, upright: 2 };
/** Rules are joined if they touch within this many points. */
const JOINED = 3;
/** The lines of one cell are at most this far apart, in font sizes. */
const CELL_LINE = 1.45;
/** A number below another one is a value of its own, like the total of a bill. */
const VALUE = /^[-+−]?[\d.,' \u00a0]*\d[\d.,' \u00a0]*(?:[€$£%]|EUR|CHF|USD)?$/;
/** The lines of one cell are nearer than rows usually are, by this factor. */
const NEARER = 0.8;

/** The table that the segments form; undefined if they are columns of text. */
export function tableOf(segments: readonly Segment[], rules: readonly Rule[]): PageTable | undefined {
  const columns = columnsOf(segments);
  const rows = byRow(segments);
  const isText = columns.every(isRunningText);
  const around = rulesAround(segments, rules);
  const isDrawn = around.across.length >= RULES.across || around.upright.length >= RULES.upright;
  const shared = rows.filter((row) => row.length > 1).length / rows.length;
  if (columns.length < 2 || (isText && !isDrawn) || (!isDrawn && shared < SHARED_ROWS)) return undefined;
  const cells = rows.map((row) => ({ row, baseline: row[0]!.baseline, texts: cellsOf(row, columns) }));
  const merged = mergedRows(cells, around);
  return { rows: merged.map(({ texts }) => texts), hasHeader: hasHeader(merged, around.across) };
}

/** The columns in reading order: segments that overlap horizontally are in one column. */
function columnsOf(segments: readonly Segment[]): Column[] {
  const columns: { left: number; right: number; segments: Segment[] }[] = [];
  for (const segment of [...segments].sort((a, b) => a.left - b.left)) {
    const last = columns[columns.length - 1];
    if (last && segment.left < last.right + (GUTTER_GAP / 2) * segment.size) {
      last.segments.push(segment);
      last.right = Math.max(last.right, segment.right);
    } else columns.push({ left: segment.left, right: segment.right, segments: [segment] });
  }
  return runsRightToLeft(segments) ? columns.reverse() : columns;
}

function isRunningText({ left, right, segments }: Column): boolean {
  const rows = byRow(segments);
  if (rows.length < TEXT.rows) return false;
  const widths = rows.map((row) => row[row.length - 1]!.right - row[0]!.left).sort((a, b) => a - b);
  const characters = segments.reduce((sum, { text }) => sum + text.length, 0) / rows.length;
  const continued = rows.filter((row) => /^[\p{Ll}\p{Lo}]/u.test(row[0]!.text)).length;
  return (
    widths[widths.length >> 1]! >= TEXT.fill * (right - left) &&
    characters >= TEXT.characters &&
    continued >= TEXT.continued * rows.length
  );
}

interface RulesAround {
  /** The heights of rules over more than half of the table, from the top. */
  readonly across: readonly number[];
  readonly upright: readonly number[];
}

function rulesAround(segments: readonly Segment[], rules: readonly Rule[]): RulesAround {
  const left = Math.min(...segments.map((segment) => segment.left));
  const right = Math.max(...segments.map((segment) => segment.right));
  const size = Math.max(...segments.map((segment) => segment.size));
  const top = Math.max(...segments.map((segment) => segment.baseline)) + 2.5 * size;
  const bottom = Math.min(...segments.map((segment) => segment.baseline)) - 1.5 * size;
  const isAcross = (rule: Rule) =>
    Math.min(rule.right, right) - Math.max(rule.left, left) > 0 && rule.bottom >= bottom && rule.top <= top;
  const widths = new Map<number, number>();
  for (const rule of rules.filter((one) => one.isHorizontal && isAcross(one))) {
    const height = Math.round(rule.top);
    widths.set(height, (widths.get(height) ?? 0) + Math.min(rule.right, right) - Math.max(rule.left, left));
  }
  const across = [...widths].filter(([, width]) => width > (right - left) / 2).map(([height]) => height);
  const upright = rules.filter(
    (rule) =>
      !rule.isHorizontal &&
      rule.left >= left - size &&
      rule.right <= right + size &&
      rule.top > bottom &&
      rule.bottom < top,
  );
  return {
    across: across.sort((a, b) => b - a),
    upright: [...new Set(upright.map((rule) => Math.round(rule.left / 2)))],
  };
}

/** The top and bottom of the first table whose horizontal rules are joined by vertical ones. */
export function gridIn(
  segments: readonly Segment[],
  rules: readonly Rule[],
): { readonly top: number; readonly bottom: number } | undefined {
  if (segments.length === 0 || !rules.some(({ isHorizontal }) => !isHorizontal)) return undefined;
  const { across } = rulesAround(segments, rules);
  const uprights = rules.filter(({ isHorizontal }) => !isHorizontal);
  const areJoined = (upper: number, lower: number) =>
    uprights.filter(({ top, bottom }) => top >= upper - JOINED && bottom <= lower + JOINED).length >=
    RULES.upright;
  let count = 1;
  for (let i = 1; i <= across.length; i++) {
    if (i < across.length && areJoined(across[i - 1]!, across[i]!)) count++;
    else if (count >= RULES.across) return { top: across[i - count]!, bottom: across[i - 1]! };
    else count = 1;
  }
  return undefined;
}

interface TableRow {
  readonly row: readonly Segment[];
  readonly baseline: number;
  readonly texts: readonly string[];
}

function cellsOf(row: readonly Segment[], columns: readonly Column[]): string[] {
  return columns.map(({ left, right }) =>
    row
      .filter((segment) => segment.left >= left - 0.1 && segment.right <= right + 0.1)
      .map(({ text }) => text)
      .join(" "),
  );
}

/** Joins the lines of cells: rows between two rules, or rows that continue the one above. */
function mergedRows(rows: readonly TableRow[], { across, upright }: RulesAround): TableRow[] {
  const isRuled =
    (across.length >= 4 && across.length >= rows.length / 4) ||
    (across.length === RULES.across && upright.length >= RULES.upright && areLabelled(rows, across));
  const usual = usualDistance(rows);
  const merged: TableRow[] = [];
  let before: TableRow | undefined;
  for (const row of rows) {
    const last = merged[merged.length - 1];
    const isParted =
      before !== undefined && across.some((height) => height < before!.baseline && height > row.baseline);
    const goesOn = isRuled
      ? !isParted
      : !isParted && before !== undefined && continues(before, row, last, usual);
    if (last && goesOn) {
      const texts = last.texts.map((text, index) => joinLines(text, row.texts[index]!));
      merged[merged.length - 1] = { ...last, texts };
    } else merged.push(row);
    before = row;
  }
  return merged;
}

/** Whether the rows between two rules are the lines of cells beside one label, which may stand in their middle. */
function areLabelled(rows: readonly TableRow[], across: readonly number[]): boolean {
  const bands = across.map((top, i) =>
    rows.filter(({ baseline }) => baseline < top && baseline > (across[i + 1] ?? -Infinity)),
  );
  return bands.every((band) => {
    const labels = band.filter(({ texts }) => texts[0] !== "");
    const areLines = band.slice(1).every(({ row, baseline }, i) => {
      const size = Math.max(...row.map((segment) => segment.size));
      return band[i]!.baseline - baseline <= CELL_LINE * size;
    });
    const areValues = rows[0]!.texts.some(
      (_, column) => band.filter(({ texts }) => VALUE.test(texts[column]!)).length > 1,
    );
    return labels.length <= 1 && areLines && !areValues;
  });
}

/** The median distance between rows, in points. */
function usualDistance(rows: readonly TableRow[]): number {
  const distances = rows.slice(1).map(({ baseline }, index) => rows[index]!.baseline - baseline);
  return distances.sort((a, b) => a - b)[distances.length >> 1] ?? 0;
}

/**
 * Whether a row continues the cells above it: it leaves some cells empty and has text only below filled ones, and its first cell is empty
 * or it is nearer than rows usually are.
 */
function continues(before: TableRow, row: TableRow, last: TableRow | undefined, usual: number): boolean {
  const size = Math.max(...row.row.map((segment) => segment.size));
  const distance = before.baseline - row.baseline;
  if (distance > CELL_LINE * size) return false;
  const isPart =
    row.texts.includes("") && row.texts.every((text, index) => text === "" || last?.texts[index] !== "");
  if (row.texts.some((text, index) => VALUE.test(text) && VALUE.test(last?.texts[index] ?? ""))) return false;
  return isPart && (row.texts[0] === "" || distance < NEARER * usual);
}

function hasHeader([first, second]: readonly TableRow[], across: readonly number[]): boolean {
  if (!first || !second) return false;
  const isBold = (row: TableRow) => row.row.every((segment) => segment.isBold);
  if (isBold(first) && !isBold(second)) return true;
  const between = across.some((height) => height < first.baseline && height > second.baseline);
  return between && across.length <= 3;
}
