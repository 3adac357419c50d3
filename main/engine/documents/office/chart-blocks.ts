/** What charts show, as blocks: their titles as paragraphs, their values as tables. */
import type { BlockList } from "../blocks/block-list.ts";
import { addTo } from "../blocks/lists.ts";
import type { CellRow } from "../blocks/table-grid.ts";
import type * as CellText from "../sheets/cell-text.ts";

/** Writes values as charts show them. */
export type ValueTexts = Pick<typeof CellText, "conventionsIn" | "valueText">;

export interface Chart {
  readonly title: string;
  /** The title of the axis of categories, or of the horizontal one. */
  readonly categoryTitle: string;
  readonly otherTitles: readonly string[];
  readonly series: readonly Series[];
}

interface Series {
  readonly name: string;
  readonly categories: Points;
  readonly values: Points;
}

/** Texts by their indices, from 0. */
export type Points = ReadonlyMap<number, string>;

/** More than programs draw. */
export const MOST_SERIES = 256;
/** Of a larger table, only the first rows are read. */
const MOST_CELLS = 20_000;

/** How many rows a table of so many series has at most. */
export const mostRows = (series: number): number => Math.floor(MOST_CELLS / (series + 1));

/** Adds what a chart shows. Series with the same categories are columns of one table. */
export function addChart(list: BlockList, { title, categoryTitle, otherTitles, series }: Chart): void {
  for (const text of [title, ...otherTitles]) list.paragraph(text);
  for (const group of byCategories(series.slice(0, MOST_SERIES))) list.table(rowsOf(group, categoryTitle));
}

function byCategories(all: readonly Series[]): Series[][] {
  const groups = new Map<string, Series[]>();
  for (const series of all) addTo(groups, JSON.stringify([...series.categories]), series);
  return [...groups.values()];
}

function rowsOf(series: readonly Series[], categoryTitle: string): CellRow[] {
  const { categories } = series[0]!;
  const indices = new Set(
    [categories, ...series.map(({ values }) => values)].flatMap((one) => [...one.keys()]),
  );
  const shown = [...indices].sort((a, b) => a - b).slice(0, mostRows(series.length));
  const row = (texts: readonly string[], isHeader = false) => ({
    cells: texts.map((text) => ({ text })),
    isHeader,
  });
  return [
    row([categoryTitle, ...series.map(({ name }) => name)], true),
    ...shown.map((index) => {
      const category = categories.size === 0 ? String(index + 1) : (categories.get(index) ?? "");
      return row([category, ...series.map(({ values }) => values.get(index) ?? "")]);
    }),
  ];
}
