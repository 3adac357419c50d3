import { expect, test } from "vitest";
import { inReadingOrder } from "../../../../main/documents/pdf/reading-direction.ts";
import { writtenBlocks } from "../read.ts";
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

/** The blocks of a page whose letters a, b and c are א, ב and ג. */
function inHebrew(sheet: Sheet): Promise<string[]> {
  const hebrew = "<< /Type /Encoding /Differences [97 /afii57664 /afii57665 /afii57666] >>";
  const page = pdfOf([sheet]).toString("latin1").replaceAll("/WinAnsiEncoding", hebrew);
  return writtenBlocks("a.pdf", Buffer.from(page, "latin1"));
}

test("A page in Hebrew has its letters in order, and its brackets as Word writes them", async () => {
  expect(await inHebrew(new Sheet().text(72, 700, "cba )12( ac"))).toEqual(["1 גא (12) אבג"]);
});

test("A table in Hebrew begins at the right, one in English with a column in Hebrew at the left", async () => {
  const table = (...rows: readonly (readonly string[])[]) => {
    const sheet = new Sheet();
    for (const [index, cells] of rows.entries())
      for (const [column, text] of cells.entries()) sheet.text(72 + 120 * column, 700 - 12 * index, text);
    return inHebrew(sheet);
  };
  expect(await table(["cb", "ab", "ba"], ["7", "12", "ca"], ["8", "13", "cab"])).toEqual([
    "1 אב | בא | בג",
    "1 אג | 12 | 7",
    "1 באג | 13 | 8",
  ]);
  expect(await table(["Tel", "ba"], ["Yes", "ca"], ["End", "cab"])).toEqual([
    "1 Tel | אב",
    "1 Yes | אג",
    "1 End | באג",
  ]);
});

test("Columns and parts of lines in Hebrew are read from the right", async () => {
  const sheet = new Sheet();
  for (let line = 0; line < 6; line++) {
    sheet.text(72, 700 - 12 * line, "bbbbbbb bbbbbbb bbbbbbb bbbbbbb bbbbbbb bbbbbbb");
    sheet.text(330, 700 - 12 * line, "aaaaaaa aaaaaaa aaaaaaa aaaaaaa aaaaaaa aaaaaaa");
  }
  expect((await inHebrew(sheet)).join(" ")).toMatch(/^[\d א]+[\d ב]+$/);
  const parted = new Sheet().text(72, 700, "bc").text(400, 700, "ba");
  expect(await inHebrew(parted)).toEqual(["1 אב גב"]);
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
