import { describe, expect, test } from "vitest";
import { chartFrame, chartSpace, kept, newerChartSpace, series } from "./chart-parts.ts";
import { circular, DIAGRAM_ITEMS, diagramFrame, diagramModel } from "./diagram-parts.ts";
import { pptxBytes, pptxParts, shape, slideParagraph as p } from "./pptx-parts.ts";
import { read, refusal, writtenBlocks } from "../read.ts";
import { zipBytes } from "../files/zip-bytes.ts";

describe("The text of a presentation", () => {
  test("is that of its slides in order: titles, lists and tables, then notes, numbered by slide", async () => {
    const cell = (text: string) => `<a:tc><a:txBody>${p(text)}</a:txBody></a:tc>`;
    const table = `<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tblPr firstRow="1"/><a:tr>${cell("Day")}${cell("Fee")}</a:tr><a:tr>${cell("1")}${cell("10")}</a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>`;
    const first = [
      shape(p("Bring a hat") + p("a warm one", 1), "body"),
      shape(p("Boats"), "ctrTitle"),
      shape(p("7"), "sldNum"),
      `<p:grpSp>${shape(p("one", 0, "<a:buAutoNum/>") + p("two", 0, "<a:buAutoNum/>"))}</p:grpSp>`,
      shape(`<a:p><a:r><a:t>A free</a:t></a:r><a:br/><a:r><a:t>text</a:t></a:r></a:p>`),
    ];
    const notes = shape(p("Say hello."), "body") + shape(p("1"), "sldNum");
    const bytes = pptxBytes([first.join(""), shape(p("Fees"), "title") + table, "<p:pic/>"], notes);
    expect(await writtenBlocks("a.pptx", bytes)).toEqual([
      "1 # Boats",
      "1 - Bring a hat",
      "1   - a warm one",
      "1 1. one",
      "1 2. two",
      "1 A free\ntext",
      "1 Say hello.",
      "2 # Fees",
      "2 Day | Fee",
      "2 1 | 10",
    ]);
    expect((await read("a.pptx", bytes)).details).toEqual({ slides: 3, emptySlides: 1 });
  });
});

describe("The diagrams of a presentation", () => {
  const withDiagram = (frames: string, model: string) => {
    const relation = `<Relationships><Relationship Id="d1" Type="diagramData" Target="../diagrams/data1.xml"/></Relationships>`;
    return zipBytes([
      ...pptxParts([shape(p("Plan"), "title") + frames]),
      { name: "ppt/slides/_rels/slide1.xml.rels", content: relation },
      { name: "ppt/diagrams/data1.xml", content: model },
    ]);
  };
  const frame = (id: string) => `<p:graphicFrame>${diagramFrame(id)}</p:graphicFrame>`;
  const shown = ["1 # Plan", ...DIAGRAM_ITEMS.map((item) => `1 ${item}`)];

  test("are lists, in their order", async () => {
    expect(await writtenBlocks("a.pptx", withDiagram(frame("d1"), diagramModel()))).toEqual(shown);
  });

  test("are read once and to their ends if they are circular, referred to again, missing or empty", async () => {
    const frames = frame("d1") + frame("d2") + frame("d1");
    expect(await writtenBlocks("a.pptx", withDiagram(frames, diagramModel(circular)))).toEqual(shown);
    expect(await writtenBlocks("a.pptx", withDiagram(frames, "<dgm:dataModel/>"))).toEqual(["1 # Plan"]);
  });

  test("may be a hundred thousand points deep", async () => {
    const ids = Array.from({ length: 100_000 }, (_, index) => index);
    const points = ids.map((id) => `<dgm:pt modelId="${id}" ${id === 0 ? 'type="doc"' : ""}/>`);
    const parts = ids.map((id) => `<dgm:cxn srcId="${id}" destId="${id + 1}"/>`);
    const model = `<dgm:dataModel><dgm:ptLst>${points.join("")}</dgm:ptLst><dgm:cxnLst>${parts.join("")}</dgm:cxnLst></dgm:dataModel>`;
    expect(await writtenBlocks("a.pptx", withDiagram(frame("d1"), model))).toEqual(["1 # Plan"]);
  });
});

describe("The charts of a presentation", () => {
  const withCharts = (frames: string, ...charts: readonly string[]) => {
    const relations = charts.map(
      (_, index) => `<Relationship Id="c${index}" Type="chart" Target="../charts/chart${index}.xml"/>`,
    );
    return zipBytes([
      ...pptxParts([shape(p("Figures"), "title") + frames]),
      {
        name: "ppt/slides/_rels/slide1.xml.rels",
        content: `<Relationships>${relations.join("")}</Relationships>`,
      },
      ...charts.map((content, index) => ({ name: `ppt/charts/chart${index}.xml`, content })),
    ]);
  };
  const frame = (id: string, prefix?: string) => `<p:graphicFrame>${chartFrame(id, prefix)}</p:graphicFrame>`;
  const shown = async (chart: string) =>
    (await writtenBlocks("a.pptx", withCharts(frame("c0"), chart))).slice(1).map((line) => line.slice(2));
  const quarters = kept(["Q1", "007"]);

  test("are their titles, and tables of their values as they are shown", async () => {
    const plots = `<c:barChart>${series("Cars", quarters, kept(["1234.5", "0.30000000000000004"], "#,##0.0"))}${series("Share", quarters, kept(["", "0.355"], "0.0%"))}</c:barChart><c:lineChart>${series("All", quarters, kept(["7", "8"], "General"))}</c:lineChart>`;
    const texts = ["Revenue", "million euros", "Quarter | Cars | Share | All"];
    expect(await shown(chartSpace(plots))).toEqual([
      ...texts,
      ...["Q1 | 1,234.5 |  | 7", "007 | 0.3 | 35.5% | 8"],
    ]);
    expect(await shown(chartSpace(plots, "de-DE"))).toEqual([
      ...texts,
      ...["Q1 | 1.234,5 |  | 7", "007 | 0,3 | 35,5% | 8"],
    ]);
  });

  test("have dates and years with quarters as categories", async () => {
    const days = kept(["45352", "45383"], "m/d/yyyy");
    const level = (...points: [index: number, text: string][]) =>
      `<c:lvl>${points.map(([index, text]) => `<c:pt idx="${index}"><c:v>${text}</c:v></c:pt>`).join("")}</c:lvl>`;
    const years = `<c:multiLvlStrRef><c:multiLvlStrCache>${level([0, "Q1"], [1, "Q2"], [2, "Q1"])}${level([0, "2023"], [2, "2024"])}</c:multiLvlStrCache></c:multiLvlStrRef>`;
    const values = kept(["1", "2"], "General");
    const rows = async (categories: string, language?: string) =>
      (
        await shown(chartSpace(`<c:pieChart>${series("A", categories, values)}</c:pieChart>`, language))
      ).slice(3);
    expect(await rows(days)).toEqual(["2024-03-01 | 1", "2024-04-01 | 2"]);
    expect(await rows(days, "de-DE")).toEqual(["01.03.2024 | 1", "01.04.2024 | 2"]);
    expect(await rows(years)).toEqual(["2023 Q1 | 1", "2023 Q2 | 2", "2024 Q1 | "]);
  });

  test("are several tables where series have different categories, as points in a plane have", async () => {
    const plane = (name: string, ...x: string[]) =>
      series(name, kept(x, "General"), kept(["5", "6"], "General"), ["xVal", "yVal"]);
    const plots = `<c:scatterChart>${plane("A", "0.5", "1")}${plane("B", "3", "4")}</c:scatterChart>`;
    const tables = ["Quarter | A", "0.5 | 5", "1 | 6", "Quarter | B", "3 | 5", "4 | 6"];
    expect((await shown(chartSpace(plots))).slice(2)).toEqual(tables);
    const alone = `<c:barChart><c:ser><c:val>${kept(["5", "6"], "General")}</c:val></c:ser></c:barChart>`;
    expect((await shown(chartSpace(alone))).slice(2)).toEqual(["Quarter | ", "1 | 5", "2 | 6"]);
  });

  test("may be of newer kinds, such as waterfalls, beside a picture for older programs", async () => {
    const choice = `<mc:AlternateContent><mc:Choice Requires="cx1">${frame("c0", "cx")}</mc:Choice><mc:Fallback><p:pic/></mc:Fallback></mc:AlternateContent>`;
    expect(await writtenBlocks("a.pptx", withCharts(choice, newerChartSpace))).toEqual([
      "1 # Figures",
      "1 From sales to profit",
      "1  | 2024",
      "1 Start | 100.0",
      "1 Costs | -30.3",
    ]);
  });

  test("are read once, and their first rows, however large, odd or empty they are", async () => {
    const chart = chartSpace(`<c:barChart>${series("A", quarters, kept(["1"], "General"))}</c:barChart>`);
    const once = await writtenBlocks("a.pptx", withCharts(frame("c0"), chart));
    const frames = frame("c0") + frame("none") + frame("c0");
    expect(await writtenBlocks("a.pptx", withCharts(frames, chart))).toEqual(once);
    expect(await shown("<c:chartSpace/>")).toEqual([]);
    expect(await shown("<cx:chartSpace><cx:series/></cx:chartSpace>")).toEqual([]);
    const many = Array.from({ length: 2000 }, (_, index) =>
      series(`S${index}`, "", `<c:numLit><c:pt idx="${1e9 + index}"><c:v>1e400</c:v></c:pt></c:numLit>`),
    );
    const cells = (await shown(chartSpace(`<c:barChart>${many.join("")}</c:barChart>`)))
      .join(" | ")
      .split(" | ");
    expect(cells.length).toBeLessThan(21_000);
  });
});

test("Diagrams and charts that are damaged are left out and counted, and a presentation of nothing else is refused", async () => {
  const frames = `<p:graphicFrame>${diagramFrame("d1")}</p:graphicFrame><p:graphicFrame>${chartFrame("c1")}</p:graphicFrame>`;
  const bytes = (title: string) =>
    zipBytes([
      ...pptxParts([title + frames]),
      {
        name: "ppt/slides/_rels/slide1.xml.rels",
        content: `<Relationships><Relationship Id="d1" Target="../diagrams/data1.xml"/><Relationship Id="c1" Target="../charts/chart1.xml"/></Relationships>`,
      },
      { name: "ppt/diagrams/data1.xml", content: diagramModel().slice(0, -5) },
      { name: "ppt/charts/chart1.xml", content: "no XML" },
    ]);
  const { rows, details } = await read("a.pptx", bytes(shape(p("Plan"), "title")));
  expect(rows).toHaveLength(1);
  expect(details).toEqual({ slides: 1, emptySlides: 0, unreadDrawings: 2 });
  expect((await refusal("a.pptx", bytes(""))).reason).toBe(
    "it only contains diagrams and charts that are damaged; use an undamaged copy",
  );
});

test("Of alternatives for several programs, the first that can be read is", async () => {
  const alternatives = (choice: string, fallback: string) =>
    `<mc:AlternateContent><mc:Choice Requires="p14">${choice}</mc:Choice><mc:Fallback>${fallback}</mc:Fallback></mc:AlternateContent>`;
  const formula = `<a:p><a:r><a:t>x = </a:t></a:r>${alternatives("<a14:m><m:oMathPara><m:oMath><m:f><m:num><m:r><m:t>y</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></m:oMathPara></a14:m>", "<a:r><a:t>PICTURE</a:t></a:r>")}</a:p>`;
  const shapes = [
    alternatives(shape(p("New.")), shape(p("Old."))),
    alternatives("<p:contentPart/>", `<p:grpSp>${shape(p("Drawn."))}</p:grpSp>`),
    alternatives("<p:contentPart/>", "<p:pic/>"),
    shape(formula),
  ];
  expect(await writtenBlocks("a.pptx", pptxBytes([shapes.join("")]))).toEqual([
    "1 New.",
    "1 Drawn.",
    "1 x = y/2",
  ]);
});

test("Hidden shapes are left out, and hidden slides are read", async () => {
  const hidden = shape(p("HIDDEN")).replace('name="x"', 'name="x" hidden="1"');
  const group = `<p:grpSp><p:nvGrpSpPr><p:cNvPr id="2" name="x" hidden="true"/></p:nvGrpSpPr>${shape(p("HIDDEN"))}</p:grpSp>`;
  const parts = pptxParts([hidden + group + shape(p("Spare."))]).map((part) => ({
    ...part,
    content: String(part.content).replace("<p:sld ", '<p:sld show="0" '),
  }));
  expect(await writtenBlocks("a.pptx", zipBytes(parts))).toEqual(["1 Spare."]);
});

test("Numbers are those of PowerPoint: each kind counts by itself, in a row, from where it starts", async () => {
  const number = (kind: string, more = "") => `<a:buAutoNum type="${kind}" ${more}/>`;
  const paragraphs = [
    p("one", 0, number("arabicPeriod")) + p("", 0, number("arabicPeriod")),
    p("part", 1, number("alphaLcParenR")) + p("another", 1, number("alphaLcParenR")),
    p("two", 0, number("arabicPeriod")) + p("part of two", 1, number("alphaLcParenR")),
    p("plain", 0, "<a:buNone/>") + p("one again", 0, number("arabicPeriod")),
    p("three", 0, number("romanUcParenBoth", 'startAt="3"')) +
      p("four", 0, number("romanUcParenBoth", 'startAt="3"')),
    p("other", 0, number("circleNumDbPlain")),
  ];
  expect(await writtenBlocks("a.pptx", pptxBytes([shape(paragraphs.join(""), "body")]))).toEqual([
    ...["1 1. one", "1   a) part", "1   b) another", "1 2. two", "1   a) part of two", "1 plain"],
    ...["1 1. one again", "1 (III) three", "1 (IV) four", "1 1. other"],
  ]);
});

test("A level that the format does not have is the first", async () => {
  const paragraphs = [-1, 9, 1e9].map((level) => p(`level ${level}`, level)).join("");
  expect(await writtenBlocks("a.pptx", pptxBytes([shape(paragraphs, "body")]))).toEqual([
    "1 - level -1",
    "1 - level 9",
    "1 - level 1000000000",
  ]);
});

test("A presentation is refused that has no text, or whose slides are missing or damaged", async () => {
  const reasonOf = async (bytes: Uint8Array) => (await refusal("a.pptx", bytes)).reason;
  expect(await reasonOf(pptxBytes(["<p:pic/>"]))).toBe("it contains no text");
  const parts = pptxParts([shape(p("Boats"), "title")]);
  expect(await reasonOf(zipBytes(parts.slice(0, 3)))).toBe("the file lacks its part ppt/slides/slide1.xml");
  const cut = parts.map((part) => ({ ...part, content: String(part.content).replace("</p:sld>", "") }));
  expect(await reasonOf(zipBytes(cut))).toMatch(/XML is incomplete/);
});
