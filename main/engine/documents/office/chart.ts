/** Charts of Office (ECMA-376, part 1, 21.2; newer kinds: [MS-ODRAWXML] 2.24.3). */
import type { Chart, Points, ValueTexts } from "./chart-blocks.ts";
import { drawnText } from "./drawing-text.ts";
import { elementAt, elementsOf, rawText } from "../markup/markup.ts";
import type { Element } from "../markup/markup.ts";

/** Writes a stored value in a format. */
type TextOf = (value: string, format: string) => string;

/** The identifier of the part with a drawing's chart; undefined if it is none. */
export function chartOf(graphic: Element): string | undefined {
  const data = elementAt(graphic, "a:graphicData");
  return data && elementsOf(data, "c:chart", "cx:chart")[0]?.attributes["r:id"];
}

/** What a chart's part shows. */
export function chartIn(space: Element, { conventionsIn, valueText }: ValueTexts): Chart {
  const is1904 = isOn(elementAt(space, "c:date1904"));
  const conventions = conventionsIn(valueOf(elementAt(space, "c:lang")) ?? "en", is1904);
  const textOf: TextOf = (value, format) =>
    /\d/.test(value) && Number.isFinite(Number(value))
      ? valueText(Number(value), format, conventions)
      : value;
  return space.name === "cx:chartSpace" ? newerChart(space, textOf) : olderChart(space, textOf);
}

function olderChart(space: Element, textOf: TextOf): Chart {
  const chart = elementAt(space, "c:chart") ?? space;
  const plot = elementAt(chart, "c:plotArea") ?? chart;
  const axes = elementsOf(plot, "c:catAx", "c:dateAx", "c:serAx", "c:valAx");
  const isHorizontal = (axis: Element) => /^[bt]$/.test(valueOf(elementAt(axis, "c:axPos")) ?? "");
  const categoryAxis = axes.find(({ name }) => name !== "c:valAx") ?? axes.find(isHorizontal);
  const titleOf = (element: Element | undefined) => textIn(element && elementAt(element, "c:title", "c:tx"));
  return {
    title: titleOf(chart),
    categoryTitle: titleOf(categoryAxis),
    otherTitles: axes.filter((axis) => axis !== categoryAxis).map(titleOf),
    series: elementsOf(plot)
      .flatMap((kind) => elementsOf(kind, "c:ser"))
      .map((series) => ({
        name: textIn(elementAt(series, "c:tx")),
        categories: pointsIn(elementsOf(series, "c:cat", "c:xVal")[0], textOf),
        values: pointsIn(elementsOf(series, "c:val", "c:yVal")[0], textOf),
      })),
  };
}

/** The text of a title or a name: written in the chart, or copied from a cell. */
function textIn(text: Element | undefined): string {
  if (!text) return "";
  const rich = elementAt(text, "c:rich") ?? elementAt(text, "cx:rich");
  if (rich) return elementsOf(rich, "a:p").map(drawnText).join("\n");
  const own = elementAt(text, "c:v") ?? elementAt(text, "cx:txData", "cx:v");
  return own ? rawText(own) : [...pointsIn(text, (value) => value).values()].join(" ");
}

/** The values that the chart keeps of the cells that it shows, or its own. */
function pointsIn(source: Element | undefined, textOf: TextOf): Points {
  const data = source && elementsOf(source).find(({ name }) => /(?:Ref|Lit)$/.test(name));
  if (!data) return new Map();
  const cache = elementsOf(data).find(({ name }) => name.endsWith("Cache")) ?? data;
  const format = textOfChild(cache, "c:formatCode");
  const isNumeric = data.name.startsWith("c:num");
  const levels = elementsOf(cache, "c:lvl");
  return joinedLevels(
    (levels.length > 0 ? levels : [cache]).map((level) =>
      elementsOf(level, "c:pt").map((point) => {
        const own = point.attributes["formatCode"] ?? format;
        const value = textOfChild(point, "c:v");
        return [point.attributes["idx"], isNumeric ? textOf(value, own || "General") : value];
      }),
    ),
  );
}

function newerChart(space: Element, textOf: TextOf): Chart {
  const chart = elementAt(space, "cx:chart") ?? space;
  const plot = elementAt(chart, "cx:plotArea") ?? chart;
  const data = new Map(
    elementsOf(elementAt(space, "cx:chartData") ?? space, "cx:data").map((one) => [
      one.attributes["id"] ?? "",
      one,
    ]),
  );
  const titleOf = (element: Element | undefined) =>
    textIn(element && elementAt(element, "cx:title", "cx:tx"));
  const [categoryAxis, ...others] = elementsOf(plot, "cx:axis");
  return {
    title: titleOf(chart),
    categoryTitle: titleOf(categoryAxis),
    otherTitles: others.map(titleOf),
    series: elementsOf(elementAt(plot, "cx:plotAreaRegion") ?? plot, "cx:series").map((series) => {
      const own = data.get(valueOf(elementAt(series, "cx:dataId")) ?? "");
      return {
        name: textIn(elementAt(series, "cx:tx")),
        categories: dimensionOf(own, "cx:strDim", (text) => text),
        values: dimensionOf(own, "cx:numDim", textOf),
      };
    }),
  };
}

function dimensionOf(data: Element | undefined, name: string, textOf: TextOf): Points {
  const dimension = data && elementAt(data, name);
  return joinedLevels(
    (dimension ? elementsOf(dimension, "cx:lvl") : []).map((level) =>
      elementsOf(level, "cx:pt").map((point) => [
        point.attributes["idx"],
        textOf(rawText(point), level.attributes["formatCode"] ?? "General"),
      ]),
    ),
  );
}

/** Joins levels of categories, innermost first: "2024 Q1". A text of an outer level applies until its next one. */
function joinedLevels(
  levels: readonly (readonly (readonly [index: string | undefined, text: string])[])[],
): Points {
  const [inner = new Map<number, string>(), ...outer] = levels.map(
    (level) => new Map(level.map(([index, text]) => [Number(index), text])),
  );
  if (outer.length === 0) return inner;
  const joined = new Map<number, string>();
  const current = outer.map(() => "");
  for (const index of [...inner.keys()].sort((a, b) => a - b)) {
    outer.forEach((level, at) => (current[at] = level.get(index) ?? current[at]!));
    joined.set(index, [...current].reverse().concat(inner.get(index)!).filter(Boolean).join(" "));
  }
  return joined;
}

const valueOf = (element: Element | undefined) => element?.attributes["val"];

/** A switch without a value is on. */
const isOn = (element: Element | undefined) =>
  element !== undefined && !/^(?:0|false)$/.test(valueOf(element) ?? "");

const textOfChild = (element: Element, name: string): string => {
  const child = elementAt(element, name);
  return child ? rawText(child) : "";
};
