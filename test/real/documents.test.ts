import { expect, test } from "vitest";
import { openDocument } from "../../main/engine/documents/formats.ts";
import { rowsOf } from "../../main/engine/documents/cut-texts.ts";
import { readDocument } from "../../main/engine/documents/read-document.ts";
import { failureOf } from "../main/engine/documents/scratch.ts";
import { real } from "./material.ts";

// A contract in several formats, and tables of others: CC0 and public domain (SOURCES.md beside them).
const contract = (format: string) => real(`documents/legal-employee-ip-agreement.${format}`);

/** The words in order: without numbers, which Word makes by itself in lists, and without Markdown's addresses of links. */
async function words(path: string): Promise<string[]> {
  const document = await openDocument(path);
  if (document.kind !== "text") throw new Error(`${path} was read as records`);
  const text = [...document.blocks].map(({ text }) => text).join("\n");
  const bare = text.replace(/\]\([^)]*\)/g, " ").replace(/[’‘]/g, "'");
  return (
    bare
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}']+/gu) ?? []
  );
}

test("one contract gives the same words in the same order as DOCX, PDF and Markdown", async () => {
  const expected = await words(contract("docx"));
  expect(expected.length).toBeGreaterThan(3900);
  expect(await words(contract("pdf"))).toEqual(expected);
  expect(await words(contract("md"))).toEqual(expected);
});

test("its PDF's page numbers are gone, and no sentence is parted where a page ends", async () => {
  const found = await readDocument(contract("pdf"));
  const { details } = found;
  const rows = rowsOf(found);
  expect(details).toEqual({ pages: 11, emptyPages: 0 });
  const texts = rows.map((row) => (row.kind === "example" ? row.example.completion : ""));
  expect(texts.filter((text) => /^\d+$/m.test(text))).toEqual([]);
  expect(texts.join("\n\n")).toContain(
    "after you leave the Company. For your help the Company will compensate you",
  );
});

test("a format that is not read says what to do", async () => {
  const failure = await failureOf(() => readDocument(contract("odt")));
  expect(failure).toMatchObject({ code: "bad-data", reason: expect.stringContaining("save it as DOCX") });
});

test("a table whose columns are no questions says which columns it has", async () => {
  const path = real("documents/finance-sp500-constituents-financials.csv");
  const failure = await failureOf(() => readDocument(path));
  expect(failure).toMatchObject({
    code: "bad-data",
    reason: expect.stringContaining('"Symbol", "Name", "Sector"'),
  });
  const { rows } = await readDocument(path, {
    kind: "examples",
    form: "chat",
    prompt: ["Name"],
    completion: "Sector",
  });
  expect(rows.length).toBe(503); // wc -l less the names of the columns
});
