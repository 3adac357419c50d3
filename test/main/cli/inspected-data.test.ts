import { expect, test } from "vitest";
import { fileLines } from "../../../main/cli/inspected-data.ts";
import { inspectFile } from "../../../main/documents/inspect.ts";
import { frame, odpBytes, odpParagraph } from "../documents/office/odp-parts.ts";
import { rowsXml, workbookBytes } from "../documents/sheets/sheet-bytes.ts";
import { scratch } from "../documents/scratch.ts";

/** What is said of a file of this name and content. */
async function told(name: string, content: string | Uint8Array): Promise<string> {
  return fileLines(await inspectFile(scratch({ [name]: content })(name), "train", {})).join("\n");
}

test("hidden rows and columns of a workbook are counted by its sheets", async () => {
  const rows = rowsXml(["Id", "question", "answer"], ["1", "a?", "b"], ["2", "c?", "d"]);
  const sheet = { name: "One", rows: rows.replace('<row r="3"', '$& hidden="1"') };
  const before = '<cols><col min="1" max="1" hidden="1"/></cols>';
  expect(await told("a.xlsx", workbookBytes({ ...sheet, before }))).toMatch(
    /sheet +One: 1 row, read, 1 hidden row and 1 hidden column left out\n/,
  );
  expect(await told("a.xlsx", workbookBytes({ name: "One", rows }))).toMatch(/sheet +One: 2 rows, read\n/);
});

test("slides are counted, and those without text", async () => {
  const slides = [frame(odpParagraph("Boats"), "title"), ""];
  expect(await told("a.odp", odpBytes(slides))).toMatch(
    /format +ODP, .*, 2 slides, 1 of them without text\n/,
  );
  expect(await told("a.odp", odpBytes(slides.slice(0, 1)))).toMatch(/, 1 slide\n/);
});

test("a column's samples stay on its line", async () => {
  const row = JSON.stringify({ prompt: "Clause:\nThe boat", completion: "Yes\r\n" });
  expect(await told("a.jsonl", row)).toMatch(/column +prompt: .*such as Clause: The boat\)\n/);
});
