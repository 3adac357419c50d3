import { describe, expect, test } from "vitest";
import { frame, odpBytes, odpList, odpParagraph as p, odpParts } from "../odp-parts.ts";
import { read, refusal, writtenBlocks } from "../../read.ts";
import { zipBytes } from "../../files/zip-bytes.ts";

const written = (...slides: readonly string[]) => writtenBlocks("a.odp", odpBytes(slides));

const cell = (text: string, more = "") => `<table:table-cell ${more}>${p(text)}</table:table-cell>`;
const row = (...cells: readonly string[]) => `<table:table-row>${cells.join("")}</table:table-row>`;
const TABLE = `<draw:frame><table:table table:template-name="default" table:use-first-row-styles="true"><table:table-column/>${row(cell("Day"), cell("Fee"))}${row(cell("1", 'table:number-rows-spanned="2"'), cell("10"))}${row("<table:covered-table-cell/>", cell("20"))}</table:table><draw:image/></draw:frame>`;
const NOTES = `<presentation:notes><draw:page-thumbnail presentation:class="page"/>${frame(p("Say hello.") + p("Smile."), "notes")}${frame(p("<text:page-number>&lt;number&gt;</text:page-number>"), "page-number")}</presentation:notes>`;

const SLIDES = [
  [
    frame(odpList("L1", p("Bring a hat") + odpList("L1", p("a warm one"))), "outline"),
    frame(p("Boats") + p("for hire"), "title"),
    frame(p("7"), "page-number") + frame(p("June"), "date-time") + frame(p("FOOTER"), "footer"),
    `<draw:g><draw:g>${frame(p("In groups"))}</draw:g><draw:a><draw:custom-shape>${p("A shape")}<draw:enhanced-geometry/></draw:custom-shape></draw:a></draw:g>`,
    frame("", "subtitle").replace("<draw:frame", '<draw:frame presentation:placeholder="true"'),
    "<draw:frame><draw:image/><svg:title>TITLE</svg:title><svg:desc>PICTURE</svg:desc></draw:frame>",
    `<officeooo:annotation>${p("COMMENT")}</officeooo:annotation><office:annotation>${p("COMMENT")}</office:annotation>`,
    NOTES,
  ].join(""),
  frame(p("Fees"), "title") + TABLE,
  "<draw:frame><draw:image/></draw:frame>",
  frame(p("Spare"), "title"),
];
const TOLD = [
  "1 # Boats for hire",
  "1 - Bring a hat",
  "1   - a warm one",
  "1 In groups",
  "1 A shape",
  "1 Say hello.",
  "1 Smile.",
  "2 # Fees",
  "2 Day | Fee",
  "2 1 | 10",
  "2 1 | 20",
  "4 # Spare",
];

describe("The text of an OpenDocument presentation", () => {
  test("is that of its slides in order, hidden ones too: titles, lists, shapes and tables, then notes, numbered by slide", async () => {
    const bytes = odpBytes(SLIDES, ["", "", "", 'draw:style-name="dp1"']);
    expect(await writtenBlocks("a.odp", bytes)).toEqual(TOLD);
    expect(await read("a.odp", bytes)).toMatchObject({
      format: "odp",
      details: { slides: 4, emptySlides: 1 },
    });
  });

  test("has the rows of its tables below the names of their columns", async () => {
    const { rows } = await read("a.odp", odpBytes([TABLE]));
    expect(rows.map((row) => row.kind === "example" && row.example.completion)).toEqual([
      "Day: 1; Fee: 10\nDay: 1; Fee: 20",
    ]);
  });

  test("has the numbers of lists as Impress counts them on in a shape", async () => {
    const lists = [
      odpList("L2", p("one"), p("two")),
      odpList("L3", odpList("L3", p("a part"), p("another")), p("three")),
      p("plain"),
      odpList("L2", p("four")),
      odpList("L3", odpList("L3", p("part of four"))),
      odpList("L1", p("a bullet")),
      odpList("L2", p("one again")),
    ].join("");
    expect(await written(frame(lists, "outline") + frame(odpList("L2", p("of its own"))))).toEqual([
      ...["1 1. one", "1 2. two", "1   a) a part", "1   b) another", "1 3. three", "1 plain", "1 4. four"],
      ...["1   a) part of four", "1 - a bullet", "1 1. one again", "1 1. of its own"],
    ]);
  });

  test("has numbers of slides as they are shown, and no shape that is hidden", async () => {
    const hidden = frame(p("HIDDEN")).replace("<draw:frame", '<draw:frame drawooo:display="none"');
    const numbered = frame(p("Slide <text:page-number>&lt;number&gt;</text:page-number>"));
    expect(await written(hidden + numbered, numbered)).toEqual(["1 Slide 1", "2 Slide 2"]);
  });
});

test("An OpenDocument presentation is refused that has no text, is protected or damaged, or is none", async () => {
  const reasonOf = async (bytes: string | Uint8Array, name = "a.odp") => (await refusal(name, bytes)).reason;
  const [type, content] = odpParts([frame(p("Boats"), "title")]);
  const manifest = { name: "META-INF/manifest.xml", content: "<m><manifest:encryption-data/></m>" };
  expect(await reasonOf(odpBytes(["<draw:frame><draw:image/></draw:frame>"]))).toBe("it contains no text");
  for (const parts of [
    [type!, content!, manifest],
    [type!, { name: "encrypted-package", content: "x" }],
  ])
    expect(await reasonOf(zipBytes(parts))).toBe("it is protected by a password; save it without one");
  const cut = { ...content!, content: String(content!.content).slice(0, -30) };
  expect(await reasonOf(zipBytes([type!, cut]))).toMatch(/truncated/);
  expect(await reasonOf("Dear Sir")).toBe(
    "its name is that of an OpenDocument presentation, but it is not one",
  );
  const drawing = String(content!.content).replaceAll("office:presentation", "office:drawing");
  expect(await reasonOf(zipBytes([{ ...content!, content: drawing }]))).toBe(
    "it is an OpenDocument file without text, slides or sheets",
  );
});
