/** Hand-made charts of OpenDocument, in the form in which LibreOffice writes them. */

/** A row of a chart's table: texts, and numbers as LibreOffice stores them. */
export const chartRow = (...cells: readonly (string | number)[]) =>
  `<table:table-row>${cells.map(cell).join("")}</table:table-row>`;

function cell(content: string | number): string {
  const type = typeof content === "string" ? "string" : "float";
  const value = type === "float" ? ` office:value="${content}"` : "";
  return `<table:table-cell office:value-type="${type}"${value}><text:p>${content}</text:p></table:table-cell>`;
}

/** A series of these cells; `domains`: the cells of its places on the horizontal axis. */
export const chartSeries = (name: string, values: string, domains: readonly string[] = [], more = "") =>
  `<chart:series chart:values-cell-range-address="local-table.${values}" chart:label-cell-address="local-table.${name}" ${more}>${domains.map((domain) => `<chart:domain table:cell-range-address="local-table.${domain}"/>`).join("")}<chart:data-point chart:repeated="2"/></chart:series>`;

const title = (text: string, kind = "title") => `<chart:${kind}><text:p>${text}</text:p></chart:${kind}>`;

interface ChartParts {
  readonly rows: string;
  readonly series: string;
  /** The cells of the categories. */
  readonly categories?: string;
  /** The kinds of the styles "x", "y" and "series", such as "percentage". */
  readonly styles?: Readonly<Record<string, string>>;
  /** Properties of the style of the plot area. */
  readonly plot?: string;
  readonly kind?: string;
}

/** A chart's content.xml, or an element of a flat document under its root's name. */
export function odfChart(parts: ChartParts, root = "document-content"): string {
  const { rows, series, categories = "$A$2:.$A$3", styles = {}, plot = "", kind = "bar" } = parts;
  const named = Object.entries(styles).map(
    ([name, type]) =>
      `<number:${type}-style style:name="N-${name}"/><style:style style:name="${name}" style:family="chart" style:data-style-name="N-${name}"/>`,
  );
  const ofPlot = `<style:style style:name="plot"><style:chart-properties ${plot}/></style:style>`;
  const axis = (dimension: string, text: string, more = "") =>
    `<chart:axis chart:dimension="${dimension}" chart:name="primary-${dimension}" chart:style-name="${dimension}">${title(text)}${more}</chart:axis>`;
  const axes =
    axis("x", "Quarter", `<chart:categories table:cell-range-address="local-table.${categories}"/>`) +
    axis("y", "million euros");
  const table = `<table:table table:name="local-table"><table:table-header-columns><table:table-column/></table:table-header-columns><table:table-rows>${rows}</table:table-rows></table:table>`;
  return `<office:${root}><office:automatic-styles>${named.join("")}${ofPlot}</office:automatic-styles><office:body><office:chart><chart:chart chart:class="chart:${kind}">${title("Revenue")}${title("by quarter", "subtitle")}<chart:plot-area chart:style-name="plot">${axes}${series}<chart:wall/></chart:plot-area>${table}</chart:chart></office:chart></office:body></office:${root}>`;
}

/** A chart of two quarters. */
export const QUARTERS = {
  rows: chartRow("", "Cars", "Bikes") + chartRow("Q1", 1234.5, 7) + chartRow("Q2", 0.5, 8),
  series: chartSeries("$B$1", "$B$2:.$B$3") + chartSeries("$C$1", "$C$2:.$C$3"),
};
