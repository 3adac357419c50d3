/** Hand-made charts, as parts of presentations and Word documents. */

const DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main";
const CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart";
const NEWER = "http://schemas.microsoft.com/office/drawing/2014/chartex";

/** A drawing's reference to a chart; `prefix` "cx" for one of the newer kinds. */
export const chartFrame = (id: string, prefix = "c") =>
  `<a:graphic xmlns:a="${DRAWING}"><a:graphicData uri="${prefix === "c" ? CHART : NEWER}"><${prefix}:chart r:id="${id}"/></a:graphicData></a:graphic>`;

const title = (prefix: string, text: string) =>
  `<${prefix}:title><${prefix}:tx><${prefix}:rich><a:bodyPr/><a:p><a:r><a:t>${text}</a:t></a:r></a:p></${prefix}:rich></${prefix}:tx></${prefix}:title>`;
const points = (values: readonly string[]) =>
  values
    .map((value, index) => (value === "" ? "" : `<c:pt idx="${index}"><c:v>${value}</c:v></c:pt>`))
    .join("");

/** Texts or, with a format, numbers that a chart keeps of cells. */
export const kept = (values: readonly string[], format?: string) =>
  format === undefined
    ? `<c:strRef><c:f>Sheet1!A1</c:f><c:strCache><c:ptCount val="${values.length}"/>${points(values)}</c:strCache></c:strRef>`
    : `<c:numRef><c:f>Sheet1!A1</c:f><c:numCache><c:formatCode>${format}</c:formatCode><c:ptCount val="${values.length}"/>${points(values)}</c:numCache></c:numRef>`;

export const series = (name: string, categories: string, values: string, kinds = ["cat", "val"]) =>
  `<c:ser><c:idx val="0"/><c:tx>${kept([name])}</c:tx><c:${kinds[0]}>${categories}</c:${kinds[0]}><c:${kinds[1]}>${values}</c:${kinds[1]}></c:ser>`;

/** A chart of these plots, such as `<c:barChart>`. */
export const chartSpace = (plots: string, language = "en-US") =>
  `<c:chartSpace xmlns:c="${CHART}" xmlns:a="${DRAWING}"><c:date1904 val="0"/><c:lang val="${language}"/><c:chart>${title("c", "Revenue")}<c:plotArea><c:layout/>${plots}<c:catAx><c:axPos val="b"/>${title("c", "Quarter")}</c:catAx><c:valAx><c:axPos val="l"/>${title("c", "million euros")}</c:valAx></c:plotArea></c:chart></c:chartSpace>`;

/** A chart of one of the newer kinds, such as a waterfall. */
export const newerChartSpace = `<cx:chartSpace xmlns:cx="${NEWER}" xmlns:a="${DRAWING}"><cx:chartData><cx:data id="0"><cx:strDim type="cat"><cx:f>A</cx:f><cx:lvl ptCount="2"><cx:pt idx="0">Start</cx:pt><cx:pt idx="1">Costs</cx:pt></cx:lvl></cx:strDim><cx:numDim type="val"><cx:f>B</cx:f><cx:lvl ptCount="2" formatCode="0.0"><cx:pt idx="0">100</cx:pt><cx:pt idx="1">-30.25</cx:pt></cx:lvl></cx:numDim></cx:data></cx:chartData><cx:chart>${title("cx", "From sales to profit")}<cx:plotArea><cx:plotAreaRegion><cx:series layoutId="waterfall"><cx:tx><cx:txData><cx:v>2024</cx:v></cx:txData></cx:tx><cx:dataId val="0"/></cx:series></cx:plotAreaRegion><cx:axis id="0"/></cx:plotArea></cx:chart></cx:chartSpace>`;
