import { describe, expect, test } from "vitest";
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

test("Diagrams and charts are left out and counted, and a presentation of nothing else is refused", async () => {
  const frames = ["dgm:relIds", "c:chart"]
    .map(
      (name) =>
        `<p:graphicFrame><a:graphic><a:graphicData><${name}/></a:graphicData></a:graphic></p:graphicFrame>`,
    )
    .join("");
  const { rows, details } = await read("a.pptx", pptxBytes([shape(p("Plan"), "title") + frames]));
  expect(rows).toHaveLength(1);
  expect(details).toEqual({ slides: 1, emptySlides: 0, unreadDrawings: 2 });
  expect((await refusal("a.pptx", pptxBytes([frames]))).reason).toMatch(
    /only contains diagrams and charts, which are not read/,
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
  expect(await reasonOf(zipBytes(parts.slice(0, 3)))).toBe("the file is damaged");
  const cut = parts.map((part) => ({ ...part, content: String(part.content).replace("</p:sld>", "") }));
  expect(await reasonOf(zipBytes(cut))).toMatch(/truncated/);
});
