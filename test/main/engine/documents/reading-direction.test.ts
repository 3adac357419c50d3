import { expect, test } from "vitest";
import { inReadingOrder } from "../../../../main/engine/documents/pdf/reading-direction.ts";
import { writtenBlocks } from "./read.ts";
import { pdfOf, Sheet } from "./typeset.ts";

test.each([
  ["The court of בית המשפט ruled", "The court of המשפט בית ruled"],
  [". שקלים 2,500 ישלם", "ישלם 2,500 שקלים ."],
  ["נפרד Tel Aviv חברת", "חברת Tel Aviv נפרד"],
  ["ארוכה ( 12 סעיף )", "( סעיף 12 ) ארוכה"],
  ["rent (2024) and 12", "rent (2024) and 12"],
])("The words of %s are read from right to left where they are written so", (line, read) => {
  const words = line.split(" ").map((text) => ({ text }));
  expect(
    inReadingOrder(words)
      .map(({ text }) => text)
      .join(" "),
  ).toBe(read);
});

test("A page in Hebrew has its letters in order, and its brackets as Word writes them", async () => {
  const page = pdfOf([new Sheet().text(72, 700, "cba )12( ac")]).toString("latin1");
  const hebrew = "<< /Type /Encoding /Differences [97 /afii57664 /afii57665 /afii57666] >>"; // א, ב and ג
  const bytes = Buffer.from(page.replaceAll("/WinAnsiEncoding", hebrew), "latin1");
  expect(await writtenBlocks("a.pdf", bytes)).toEqual(["1 גא (12) אבג"]);
});

test("A page in Arabic has its ligatures of lam and alef, and its vowels with their words", async () => {
  const map = "4 beginbfchar\n<61> <0646>\n<62> <06440627>\n<63> <064B>\n<64> <0628>\nendbfchar";
  const stream = `1 begincodespacerange\n<00> <FF>\nendcodespacerange\n${map}`;
  const sheet = new Sheet();
  sheet.operators.push("BT /F1 10 Tf 72 700 Td (d) Tj 4 Ts [300 (c) 200] TJ 0 Ts (ba ad) Tj ET");
  const page = pdfOf([sheet]).toString("latin1");
  const bytes = page
    .replaceAll("/Encoding /WinAnsiEncoding", "/ToUnicode 9 0 R")
    .replace("xref", `9 0 obj\n<< /Length ${stream.length} >>\nstream\n${stream}\nendstream\nendobj\nxref`);
  expect(await writtenBlocks("a.pdf", Buffer.from(bytes, "latin1"))).toEqual(["1 بن نلاًب"]);
});
