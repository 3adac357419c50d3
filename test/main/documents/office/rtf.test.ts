import { describe, expect, test } from "vitest";
import { refusal, writtenBlocks } from "../read.ts";

const written = (body: string) => writtenBlocks("a.rtf", Buffer.from(`{\\rtf1\\ansi ${body}}`, "latin1"));

describe("The text of an RTF document", () => {
  test("is its headings, paragraphs, lists and tables", async () => {
    const row = (...cells: string[]) =>
      `\\trowd\\pard\\intbl ${cells.map((text) => `${text}\\cell `).join("")}\\row\n`;
    const body = [
      "{\\stylesheet{\\s0 Normal;}{\\s1\\outlinelevel0 Kapitel;}{\\s2 \\'dcberschrift 2;}}",
      "{\\info{\\title Secret}}{\\header Page}\\pard\\s1 Boats\\par",
      "\\pard\\s2 Fees\\par\\pard\\outlinelevel2 Days\\par",
      "\\pard {\\b For} hire\\line by the\\tab day.\\par\\par",
      "\\pard{\\listtext\\'b7\\tab}one\\par{\\listtext 2.\\tab}\\ilvl1 two\\par",
      row("Day", "Fee").replace("\\trowd", "\\trowd\\trhdr"),
      row("1", "10\\par or less"),
      "\\pard The end.",
    ];
    expect(await written(body.join("\n"))).toEqual([
      "1 # Boats",
      "2 ## Fees",
      "3 ### Days",
      "4 For hire\nby the\tday.",
      "5 - one",
      "6   2. two",
      "7 Day | Fee",
      "8 1 | 10 or less",
      "9 The end.",
    ]);
  });

  test("has headings with their numbers, where a program resets the paragraph within a mark or a note", async () => {
    const body = [
      "{\\stylesheet{\\s0 Normal;}{\\s1\\outlinelevel0 Heading 1;}}",
      "\\pard\\plain \\s1\\outlinelevel0{\\listtext\\pard\\plain  \\'a7 1\\tab}\\ls1 {Fees}\\par",
      "\\pard\\plain{\\listtext\\pard\\plain  a)\\tab}\\ilvl1\\ls2 One\\par",
      "\\pard\\plain\\s1 Days{\\*\\footnote\\pard\\plain Of work.}\\par",
    ];
    expect(await written(body.join("\n"))).toEqual([
      "1 # § 1 Fees",
      "2   a) One",
      "3 # Days[1]",
      "4 1. Of work.",
    ]);
  });

  test("has items whose marks are typed left of their lines", async () => {
    const body = [
      "{\\pard \\li360 \\fi-360 1.\\tab First\\par}{\\pard \\li720 \\fi-360 a)\\tab Part\\par}",
      "{\\pard \\li720 \\fi-360 \\bullet \\tab Point\\par}{\\pard \\li360 \\fi-360 2.\\tab Second\\par}",
      "{\\pard \\li0 \\fi0 3.\\tab No item\\par}",
    ];
    expect(await written(body.join("\n"))).toEqual([
      "1 1. First",
      "2   a) Part",
      "3   - Point",
      "4 2. Second",
      "5 3.\tNo item",
    ]);
  });

  test("is without what was deleted or moved away while changes were recorded", async () => {
    expect(await written("{\\deleted Old. }{\\revised New.}{\\mvf  Moved.}\\par")).toEqual(["1 New."]);
    expect(await written("One{\\deleted\\par }two.{\\deleted x\\v0 y\\deleted0 z}\\par")).toEqual([
      "1 Onetwo.z",
    ]);
  });

  test("has nothing of control words that are not known, whatever their names", async () => {
    expect(await written("\\constructor One \\toString{\\valueOf two}.")).toEqual(["1 One two."]);
  });

  test("is decoded by its code page, by those of its fonts, and by Unicode with what stands in for it", async () => {
    expect(await written("Gr\\'fc\\'dfe \\'80")).toEqual(["1 Grüße €"]);
    expect(await written("\\ansicpg1251 \\'ec\\'e8\\'f0")).toEqual(["1 мир"]);
    const fonts = "{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset204 B;}{\\f2\\fcharset128 C;}}";
    expect(await written(`${fonts}\\f0 \\'fc {\\f1 \\'ec} \\f2 \\'93\\'fa\\'96\\'7b`)).toEqual([
      "1 ü м 日本",
    ]);
    expect(await written("\\u8364? \\uc2\\u-10179\\'3f?\\u-8948??x {\\uc0\\u252}\\u252 ??y")).toEqual([
      "1 € 🔌x üüy",
    ]);
    expect(await written("\\ldblquote a\\rdblquote\\~\\emdash b\\_c\\-d \\{\\\\\\}")).toEqual([
      "1 “a” —b-cd {\\}",
    ]);
  });

  test("has links' words and notes, and neither pictures, hidden text nor what older programs skip", async () => {
    const body = `{\\field{\\*\\fldinst HYPERLINK "x"}{\\fldrslt here}} a{\\footnote\\chftn  As agreed.}.{\\v hidden}{\\pict 00ff}{\\*\\unknown no}{\\bin4 {{{{}{\\upr{old}{\\*\\ud{new}}}`;
    expect(await written(body)).toEqual(["1 here a[1].new", "2 1. As agreed."]);
  });

  test("goes on to the end of its outermost group alone", async () => {
    expect(await writtenBlocks("a.doc", "{\\rtf1 Text.}\0\0")).toEqual(["1 Text."]);
  });
});

test("An RTF document is refused that is truncated or has no text", async () => {
  expect((await refusal("a.rtf", "{\\rtf1 {\\b Text.}")).reason).toBe(
    "its end is missing; the file is truncated",
  );
  expect((await refusal("a.rtf", "{\\rtf1{\\info x}}")).reason).toBe("it contains no text");
  expect((await refusal("a.rtf", "Text.")).reason).toBe(
    "its name is that of an RTF document, but it is not one",
  );
});
