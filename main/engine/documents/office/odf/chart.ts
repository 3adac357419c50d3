/** Charts of OpenDocument: documents of their own with a table of their values (OASIS OpenDocument 1.3, part 3, chapter 11). */
import { mostRows, MOST_SERIES } from "../chart-blocks.ts";
import type { Chart, Points, ValueTexts } from "../chart-blocks.ts";
import { chartText, ChartTable, tableNamed } from "./chart-table.ts";
import type { ChartCell, Repeats } from "./chart-table.ts";
import { elementAt, elementsOf } from "../../markup/markup.ts";
import type { Element } from "../../markup/markup.ts";

/** What a chart needs to know of the document that it is in. */
export interface ChartSurroundings {
  /** The tag of the document's language: "de-CH". */
  readonly language: string;
  /** The names of the document's tables. */
  readonly tables: ReadonlySet<string>;
  readonly repeats: Repeats;
}

type TextOf = (cell: ChartCell) => string;

/** The most cells that name a series. */
const MOST_NAMES = 4;

/**
 * What a chart shows; undefined if `document`, the root of a content.xml or an office:document, is no chart. Series that show a table of
 * the surrounding document are left out, since that table is read.
 */
export function chartIn(
  document: Element,
  { language, tables, repeats }: ChartSurroundings,
  { conventionsIn, valueText }: ValueTexts,
): Chart | undefined {
  const chart = elementAt(document, "office:body", "office:chart", "chart:chart");
  if (!chart) return undefined;
  const plot = elementAt(chart, "chart:plot-area") ?? chart;
  const axes = elementsOf(plot, "chart:axis");
  const categoryAxis = axes.find(isOf("x"));
  const all = elementsOf(plot, "chart:series").slice(0, MOST_SERIES);
  const own = elementAt(chart, "table:table");
  const table = new ChartTable(own, repeats);
  const isElsewhere = (address: string | undefined) => {
    const name = tableNamed(address);
    return name !== undefined && name !== own?.attributes["table:name"] && tables.has(name);
  };
  const points = (address: string | undefined, textOf: TextOf, most = mostRows(all.length)): Points => {
    const found = new Map<number, string>();
    let left = most;
    for (const [index, cell] of table.cellsAt(address)) {
      if (left-- === 0) break;
      const text = textOf(cell);
      if (text !== "") found.set(index, text);
    }
    return found;
  };
  const conventions = conventionsIn(language, false);
  const numberIn =
    (format = "General") =>
    ({ value, isPercentage }: ChartCell) => {
      if (value === undefined) return "";
      return isPercentage || format === PERCENT
        ? `${valueText(100 * value, "General", conventions)}%`
        : valueText(value, format, conventions);
    };
  const styles = new NumberStyles(document);
  const categoryNumber = numberIn(styles.formatOf(categoryAxis));
  const categories = points(
    rangeOf(axes.flatMap((axis) => elementsOf(axis, "chart:categories"))[0]),
    (cell) => categoryNumber(cell) || cell.text,
  );
  const isOfShares = styles.isOfShares(plot);
  let firstX: Points | undefined; // applies to the series without their own
  const series = all.flatMap((one) => {
    const { values, x } = rangesOf(one, chart);
    const ownX = x === undefined ? undefined : points(x, categoryNumber);
    firstX ??= ownX;
    if (isElsewhere(values)) return [];
    const axisFormat = isOfShares ? undefined : styles.formatOf(valueAxisOf(one, axes));
    const names = points(one.attributes["chart:label-cell-address"], ({ text }) => text, MOST_NAMES);
    return {
      name: [...names.values()].join(" "),
      categories: ownX ?? firstX ?? categories,
      values: points(values, numberIn(styles.formatOf(one) ?? axisFormat)),
    };
  });
  return {
    title: titleOf(chart),
    categoryTitle: titleOf(categoryAxis),
    otherTitles: [
      titleOf(chart, "chart:subtitle"),
      ...axes.filter((axis) => axis !== categoryAxis).map((axis) => titleOf(axis)),
    ],
    series,
  };
}

function titleOf(element: Element | undefined, name = "chart:title"): string {
  const title = element && elementAt(element, name);
  return title ? chartText(title) : "";
}

const isOf =
  (dimension: string) =>
  ({ attributes }: Element) =>
    attributes["chart:dimension"] === dimension;

function valueAxisOf({ attributes }: Element, axes: readonly Element[]): Element | undefined {
  const name = attributes["chart:attached-axis"];
  return axes.find((axis) => axis.attributes["chart:name"] === name) ?? axes.find(isOf("y"));
}

const rangeOf = (element: Element | undefined) => element?.attributes["table:cell-range-address"];

/** The addresses of a series' values, and of their places on the horizontal axis. Those of a bubble are two; its size is not read. */
function rangesOf(series: Element, chart: Element): { values: string | undefined; x: string | undefined } {
  const { "chart:values-cell-range-address": values, "chart:class": kind = chart.attributes["chart:class"] } =
    series.attributes;
  const [first, second] = elementsOf(series, "chart:domain").map(rangeOf);
  return kind === "chart:bubble" ? { values: first, x: second } : { values, x: first };
}

const PERCENT = "%";
/** Formats by kinds of styles. Those of plain numbers and currencies are not used: on axes they are often rounded. */
const FORMATS: Readonly<Record<string, string>> = {
  "number:percentage-style": PERCENT,
  "number:date-style": "m/d/yyyy",
  "number:time-style": "[hh]:mm:ss",
};

/** The styles of a chart that say whether numbers are percentages, dates or times. */
class NumberStyles {
  readonly #byName: ReadonlyMap<string, Element>;

  constructor(document: Element) {
    const styles = elementAt(document, "office:automatic-styles");
    this.#byName = new Map(
      (styles ? elementsOf(styles) : []).map((style) => [style.attributes["style:name"] ?? "", style]),
    );
  }

  formatOf(element: Element | undefined): string | undefined {
    const name = this.#styleOf(element)?.attributes["style:data-style-name"];
    return FORMATS[this.#byName.get(name ?? "")?.name ?? ""];
  }

  /** Whether values are drawn as shares of their sum: the percentages of an axis are not theirs then. */
  isOfShares(plot: Element): boolean {
    const style = this.#styleOf(plot);
    return (style && elementAt(style, "style:chart-properties"))?.attributes["chart:percentage"] === "true";
  }

  #styleOf(element: Element | undefined): Element | undefined {
    return this.#byName.get(element?.attributes["chart:style-name"] ?? "");
  }
}
