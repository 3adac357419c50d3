import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { openDocument } from "../../main/documents/formats.ts";
import { written } from "../../main/documents/blocks/blocks.ts";
import { rowsOf } from "../../main/documents/cut-texts.ts";
import { readDocument } from "../main/documents/read.ts";
import { real } from "./material.ts";

// A contract in several formats, and tables of others: CC0 and public domain (SOURCES.md beside them).
const contract = (format: string) => real(`documents/legal-employee-ip-agreement.${format}`);

/** The words in order: without numbers, which Word makes by itself in lists, and without Markdown's addresses of links. */
async function words(path: string): Promise<string[]> {
  const document = await openDocument(path);
  if (document.kind !== "text") throw new Error(`${path} was read as records`);
  const text = [...document.blocks].map(written).join("\n"); // with the letters that items begin with
  const bare = text.replace(/\]\([^)]*\)/g, " ").replace(/[’‘]/g, "'");
  return (
    bare
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}']+/gu) ?? []
  );
}

test("one contract gives the same words in the same order as DOCX, ODT, PDF and Markdown", async () => {
  const expected = await words(contract("docx"));
  expect(expected.length).toBeGreaterThan(3900);
  for (const format of ["odt", "pdf", "md"]) expect(await words(contract(format)), format).toEqual(expected);
});

/** All text as it is written in passages, in one line, without list marks, and without Markdown's own marks in lines. */
async function characters(format: string, path = contract(format)): Promise<string> {
  const document = await openDocument(path);
  if (document.kind !== "text") throw new Error("it was read as records");
  const text = [...document.blocks].map(({ text }) => text).join(" ");
  const bare = format === "md" ? text.replace(/\]\([^)]*\)|[*_\\<>]|\[(?=[^\]]*\]\()/g, "") : text;
  return bare
    .replace(/(?<=^|\s)(\d{1,2}\.|\([a-z\d]{1,4}\)|[-•])(?=\s)/g, "")
    .replace(/[’‘]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/\s+/g, " ");
}

test("at least 99% of the characters of one contract are the same in all formats", async () => {
  for (const format of ["odt", "pdf", "md"]) await expectSameCharacters(format);
});

const hasLibreOffice = spawnSync("soffice", ["--version"]).status === 0;

test.skipIf(!hasLibreOffice)(
  "so they are, and all words, in the old format that LibreOffice saves it in",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "coppice-libreoffice-"));
    try {
      const profile = `-env:UserInstallation=${pathToFileURL(join(folder, "profile")).href}`;
      execFileSync("soffice", [
        profile,
        "--headless",
        "--convert-to",
        "doc",
        "--outdir",
        folder,
        contract("docx"),
      ]);
      const path = join(folder, `${basename(contract("docx"), ".docx")}.doc`);
      expect(await words(path)).toEqual(await words(contract("docx")));
      await expectSameCharacters("doc", path);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

async function expectSameCharacters(format: string, path?: string): Promise<void> {
  const expected = await characters("docx");
  expect(expected.length).toBeGreaterThan(24_000);
  const found = await characters(format, path);
  const share = 1 - editDistance(expected, found) / expected.length;
  console.log(`${format}: ${(100 * share).toFixed(2)}% of ${expected.length} characters as in DOCX`);
  expect(share, format).toBeGreaterThan(0.99);
}

/** Characters to insert, delete or replace (Levenshtein), for texts that differ by less than 500 of them. */
function editDistance(a: string, b: string): number {
  const band = 500;
  const far = 2 * band;
  let [before, row] = [new Uint32Array(b.length + 2).map((_, j) => j), new Uint32Array(b.length + 2)];
  for (let i = 1; i <= a.length; i++) {
    const [from, to] = [Math.max(1, i - band), Math.min(b.length, i + band)];
    row[from - 1] = from === 1 ? i : far;
    for (let j = from; j <= to; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1;
      row[j] = Math.min(before[j]! + 1, row[j - 1]! + 1, before[j - 1]! + same);
    }
    row[to + 1] = far;
    [before, row] = [row, before];
  }
  return before[b.length]!;
}

test("its PDF's page numbers are gone, and no sentence is parted where a page ends", async () => {
  const found = await readDocument(contract("pdf"));
  const { details } = found;
  const rows = rowsOf(found);
  expect(details).toMatchObject({ pages: 11, emptyPages: 0, runningLines: { count: 11 } });
  const texts = rows.map((row) => (row.kind === "example" ? row.example.completion : ""));
  expect(texts.filter((text) => /^\d+$/m.test(text))).toEqual([]);
  expect(texts.join("\n\n")).toContain(
    "after you leave the Company. For your help the Company will compensate you",
  );
});

test("XML of questions and answers gives their text in order", async () => {
  const found = await readDocument(real("documents/medical-breast-cancer.xml"));
  const { format } = found;
  const text = rowsOf(found)
    .map((row) => (row.kind === "example" ? row.example.completion : ""))
    .join("\n\n");
  expect(format).toBe("xml");
  expect(text.indexOf("What is (are) Breast Cancer ?")).toBeLessThan(
    text.indexOf("Who is at risk for Breast Cancer?"),
  );
  expect(text).not.toMatch(/<|&\w+;/);
});

test("a table whose columns are no questions is read as text that names its columns, or as it is mapped", async () => {
  const path = real("documents/finance-sp500-constituents-financials.csv");
  const [first] = rowsOf(await readDocument(path));
  expect(first?.kind === "example" && first.example.completion).toMatch(/^Symbol: .+; Name: .+; Sector: /);
  const { rows } = await readDocument(path, {
    kind: "examples",
    form: "chat",
    prompt: ["Name"],
    completion: "Sector",
  });
  expect(rows.length).toBe(503); // wc -l less the names of the columns
});
