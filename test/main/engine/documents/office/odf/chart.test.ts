import { describe, expect, test } from "vitest";
import { chartRow, chartSeries, odfChart, QUARTERS } from "../odf-chart-parts.ts";
import { frame, odpParagraph, odpParts } from "../odp-parts.ts";
import { mathObject, objectParts, odtContent, odtObject, odtParts, odtWithObjects } from "../odt-parts.ts";
import { read, refusal, writtenBlocks } from "../../read.ts";
import { zipBytes } from "../../files/zip-bytes.ts";

const p = (text: string) => `<text:p>${text}</text:p>`;
const CHART = odtObject("Object 1");
const withChart = (body: string, chart: string) =>
  zipBytes(odtWithObjects(body, { "Object 1": chart }, "chart"));
const shown = async (chart: Parameters<typeof odfChart>[0]) =>
  (await writtenBlocks("a.odt", withChart(p(CHART), odfChart(chart)))).map((line) =>
    line.replace(/^\d+ /, ""),
  );
const TEXTS = ["Revenue", "by quarter", "million euros"];
const TABLE = ["Quarter | Cars | Bikes", "Q1 | 1234.5 | 7", "Q2 | 0.5 | 8"];
const SHOWN = [...TEXTS, ...TABLE];
const numbered = (...texts: string[]) => texts.map((text, index) => `${index + 1} ${text}`);

describe("The charts of an OpenDocument text", () => {
  test("are their titles, and tables of their values, after the paragraph that they are in; formulas stay in it", async () => {
    const body = [
      p(`As shown${CHART}, it is ${odtObject("Object 2")}.`),
      `<text:list><text:list-item>${p(`Again${odtObject("Object 3")}`)}</text:list-item></text:list>`,
    ].join("");
    const objects = {
      "Object 1": odfChart(QUARTERS),
      "Object 2": mathObject("<mi>x</mi><mo>=</mo><mn>2</mn>"),
      "Object 3": odfChart({ ...QUARTERS, series: chartSeries("$C$1", "$C$2:.$C$3") }),
    };
    const parts = odtWithObjects(body, objects, { "Object 1": "chart", "Object 3": "chart" });
    expect(await writtenBlocks("a.odt", zipBytes(parts))).toEqual(
      numbered(
        ...["As shown, it is x=2.", ...SHOWN],
        ...["- Again", ...TEXTS, "Quarter | Bikes", "Q1 | 7", "Q2 | 8"],
      ),
    );
  });

  test("follow the table that they are in", async () => {
    const row = (...cells: string[]) =>
      `<table:table-row>${cells.map((cell) => `<table:table-cell>${cell}</table:table-cell>`).join("")}</table:table-row>`;
    const inner = `<table:table>${row(p(CHART))}</table:table>`;
    const body = `<table:table>${row(p("Year"), p("Sales"))}${row(p("2024"), `${p("see below")}${inner}`)}</table:table>${p("End.")}`;
    expect(await writtenBlocks("a.odt", withChart(body, odfChart(QUARTERS)))).toEqual(
      numbered("Year | Sales", "2024 | see below", ...SHOWN, "End."),
    );
  });

  test("are read from a flat document, whose own styles theirs are not", async () => {
    const chart = odfChart(QUARTERS, "document").replace(
      "<office:automatic-styles>",
      '$&<style:style style:name="P2"><style:text-properties text:display="none"/></style:style>',
    );
    const object = `<draw:frame><draw:object>${chart}</draw:object></draw:frame>`;
    const body = `<text:p text:style-name="P2">As shown:${object}</text:p>${object}`;
    expect(await writtenBlocks("a.fodt", odtContent(body, "document"))).toEqual(
      numbered("As shown:", ...SHOWN, ...SHOWN),
    );
  });

  test("are left out if they are hidden, and have only their titles if they show a table of the text", async () => {
    const chart = odfChart(QUARTERS).replaceAll('"local-table.', "\"'Table 1'.");
    const table = `<table:table table:name="Table 1"><table:table-row><table:table-cell>${p("Q1")}</table:table-cell></table:table-row></table:table>`;
    expect(await writtenBlocks("a.odt", withChart(table + p(CHART), chart))).toEqual(
      numbered("Q1", ...TEXTS),
    );
    expect(await writtenBlocks("a.odt", withChart(p(CHART), chart))).toEqual(numbered(...SHOWN));
    const hidden = CHART.replace("<draw:frame", '<draw:frame draw:display="none"');
    expect(await writtenBlocks("a.odt", withChart(p(`Text.${hidden}`), chart))).toEqual(["1 Text."]);
  });
});

describe("The values of an OpenDocument chart", () => {
  test("are percentages, dates and times where the styles of its axes say so", async () => {
    const chart = {
      rows: chartRow("", "Share") + chartRow(45352, 0.355) + chartRow(45383.5, 0.07),
      series: chartSeries("$B$1", "$B$2:.$B$3"),
    };
    const of = async (x: string, y: string) => (await shown({ ...chart, styles: { x, y } })).slice(4);
    expect(await of("date", "percentage")).toEqual(["2024-03-01 | 35.5%", "2024-04-01 12:00 | 7%"]);
    expect(await of("number", "time")).toEqual(["45352 | 08:31:12", "45383.5 | 01:40:48"]);
  });

  test("are no percentages where only the axis shows shares of their sum, unless a series says so", async () => {
    const shares = { ...QUARTERS, styles: { y: "percentage" }, plot: 'chart:percentage="true"' };
    expect(await shown(shares)).toEqual(SHOWN);
    const second = chartSeries("$C$1", "$C$2:.$C$3", [], 'chart:style-name="series"');
    const styles = { series: "percentage", y: "number" };
    expect((await shown({ ...QUARTERS, series: second, styles })).slice(4)).toEqual([
      "Q1 | 700%",
      "Q2 | 800%",
    ]);
    const typed = { ...QUARTERS, rows: QUARTERS.rows.replaceAll('"float"', '"percentage"') };
    expect((await shown(typed)).at(-1)).toBe("Q2 | 50% | 800%");
  });

  test("are written in the language of the document", async () => {
    const styles = `<office:document-styles><office:styles><style:default-style><style:text-properties fo:language="de" fo:country="DE"/></style:default-style></office:styles></office:document-styles>`;
    const chart = { ...QUARTERS, rows: QUARTERS.rows.replaceAll("Q1", "45352"), styles: { x: "date" } };
    const parts = odtWithObjects(p(CHART), { "Object 1": odfChart(chart) }, "chart");
    const lines = await writtenBlocks("a.odt", zipBytes([...parts, { name: "styles.xml", content: styles }]));
    expect(lines.slice(4)).toEqual(["5 45352 | 1234,5 | 7", "6 Q2 | 0,5 | 8"]);
  });

  test("stand beside their places on the horizontal axis, which other series share", async () => {
    const rows = chartRow("", "A", "", "B", "C") + chartRow("", 5, 0.5, 7, 3) + chartRow("", "NaN", 1, 8, 4);
    const A = chartSeries("$B$1", "$B$2:.$B$3", ["$C$2:.$C$3"]);
    const scatter = { rows, kind: "scatter" };
    const B = chartSeries("$D$1", "$D$2:.$D$3");
    expect((await shown({ ...scatter, series: A + B })).slice(3)).toEqual([
      "Quarter | A | B",
      "0.5 | 5 | 7",
      "1 |  | 8",
    ]);
    const apart = A + chartSeries("$D$1", "$D$2:.$D$3", ["$E$2:.$E$3"]);
    expect((await shown({ ...scatter, series: apart })).slice(3)).toEqual([
      ...["Quarter | A", "0.5 | 5", "1 | "],
      ...["Quarter | B", "3 | 7", "4 | 8"],
    ]);
    expect((await shown({ ...scatter, series: B })).slice(4)).toEqual(["1 | 7", "2 | 8"]);
    const bubbles = chartSeries("$E$1", "$E$2:.$E$3", ["$D$2:.$D$3", "$C$2:.$C$3"]);
    expect((await shown({ rows, kind: "bubble", series: bubbles })).slice(3)).toEqual([
      "Quarter | C",
      "0.5 | 7",
      "1 | 8",
    ]);
  });

  test("may be in rows, and their categories of several levels", async () => {
    const level = "<text:list><text:list-item><text:p>2024</text:p></text:list-item></text:list>";
    const chart = {
      rows: chartRow("", "2024 Q1", "Q2").replace("Q1</text:p>", `$&${level}`) + chartRow("Cars", 1, 2),
      categories: "$B$1:.$C$1",
      series: chartSeries("$A$2", "$B$2:.$C$2"),
    };
    expect((await shown(chart)).slice(3)).toEqual(["Quarter | Cars", "2024 Q1 | 1", "Q2 | 2"]);
  });

  test("may be equal cells that stand for several", async () => {
    const rows =
      chartRow("", "Cars", "Bikes") +
      chartRow("Q", 1, 2).replace("<table:table-row", '$& table:number-rows-repeated="2"');
    expect((await shown({ ...QUARTERS, rows })).slice(4)).toEqual(["Q | 1 | 2", "Q | 1 | 2"]);
    const twice = chartRow("Q1", 3).replace('"float"', '$& table:number-columns-repeated="2"');
    expect(
      (await shown({ ...QUARTERS, rows: rows.slice(0, rows.indexOf("</table:table-row>") + 18) + twice })).at(
        -1,
      ),
    ).toBe("Q1 | 3 | 3");
  });
});

describe("A damaged OpenDocument chart", () => {
  const content = odfChart(QUARTERS);

  test("is left out and counted if it is missing or truncated, and a document of nothing else is refused", async () => {
    const frames = CHART + odtObject("Object 2");
    const parts = (text: string) =>
      odtWithObjects(
        p(text + frames),
        { "Object 1": content.slice(0, -20), "Object 2": content },
        "chart",
      ).filter(({ name }) => name !== "Object 2/content.xml");
    const { rows, details } = await read("a.odt", zipBytes(parts("Text.")));
    expect(rows).toMatchObject([{ example: { completion: "Text." } }]);
    expect(details).toEqual({ unreadDrawings: 2 });
    expect((await refusal("a.odt", zipBytes(parts("")))).reason).toBe(
      "it only contains diagrams and charts that are damaged; use an undamaged copy",
    );
  });

  test("is read once if it is referred to again, and shows nothing if it has nothing", async () => {
    const frames = p(CHART + odtObject("Object 2") + CHART);
    expect(await writtenBlocks("a.odt", withChart(frames, content))).toEqual(numbered(...SHOWN));
    const nothing = [
      "<office:document-content/>",
      content.replace(/<chart:chart.*<\/chart:chart>/, ""),
      content.replace(/<chart:chart.*<\/chart:chart>/, "<chart:chart/>"),
      odtContent(p("OTHER")),
    ];
    for (const one of nothing)
      expect(await writtenBlocks("a.odt", withChart(p(`Text.${CHART}`), one))).toEqual(["1 Text."]);
    for (const address of ["", "x", "$A$0:.$A$-1", "A9:A1:A2", "$ZZZ$9999999:.$A$1", ".A1".repeat(100_000)]) {
      const odd = content.replaceAll(/address="local-table[^"]*"/g, `address="${address}"`);
      expect((await writtenBlocks("a.odt", withChart(p(CHART), odd))).slice(0, 3)).toEqual(
        numbered(...TEXTS),
      );
    }
  });

  test("has the first rows of its table, however many cells that is repeated to", async () => {
    const million = 'table:number-rows-repeated="1000000"';
    const wide = 'table:number-columns-repeated="1000000"';
    const text = "long ".repeat(10_000);
    const rows = chartRow(text, 1)
      .replace("<table:table-row", `$& ${million}`)
      .replaceAll("<table:table-cell", `$& ${wide}`);
    const series = Array.from({ length: 2000 }, () => chartSeries("$A$1", "$A$1:.$ZZZ$1048576"));
    const objects = Object.fromEntries(
      Array.from({ length: 3 }, (_, index) => [
        `Object ${index}`,
        odfChart({ rows, series: series.join(""), categories: "$A$1:.$ZZZ$1048576" }),
      ]),
    );
    const body = p(Object.keys(objects).map(odtObject).join(""));
    const lines = await writtenBlocks("a.odt", zipBytes(odtWithObjects(body, objects, "chart")));
    expect(lines.join("").length).toBeLessThan(2_000_000);
  });
});

test("The charts of an OpenDocument presentation are on their slides, also in groups, and damaged ones are counted", async () => {
  const slides = [
    `<draw:g>${odtObject("Object 1")}</draw:g>${frame(odpParagraph("Sales"), "title")}`,
    frame(odpParagraph("More"), "title") + odtObject("Object 2"),
  ];
  const objects = { "Object 1": odfChart(QUARTERS), "Object 2": "<office:document-content>" };
  const bytes = zipBytes([...odpParts(slides), ...objectParts(objects, "chart")]);
  expect(await writtenBlocks("a.odp", bytes)).toEqual([
    "1 # Sales",
    ...SHOWN.map((line) => `1 ${line}`),
    "2 # More",
  ]);
  expect((await read("a.odp", bytes)).details).toEqual({ slides: 2, emptySlides: 0, unreadDrawings: 1 });
});

test("A damaged list of an OpenDocument file's parts does not matter to a text without objects", async () => {
  const manifest = { name: "META-INF/manifest.xml", content: "<manifest:manifest>" };
  expect(await writtenBlocks("a.odt", zipBytes([...odtParts(p("Text.")), manifest]))).toEqual(["1 Text."]);
});
