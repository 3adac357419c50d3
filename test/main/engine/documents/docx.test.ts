import { describe, expect, test } from "vitest";
import { read, refusal, writtenBlocks } from "./read.ts";
import { docxBytes, docxParts, zipBytes } from "./zip-bytes.ts";

const WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const STYLES_AND_LISTS = [
  {
    name: "word/styles.xml",
    content: `<w:styles xmlns:w="${WORD}"><w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style><w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style></w:styles>`,
  },
  {
    name: "word/numbering.xml",
    content: `<w:numbering xmlns:w="${WORD}">${["bullet", "decimal"].map((kind, id) => `<w:abstractNum w:abstractNumId="${id}">${[0, 1].map((level) => `<w:lvl w:ilvl="${level}"><w:numFmt w:val="${kind}"/></w:lvl>`).join("")}</w:abstractNum>`).join("")}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>`,
  },
];

const paragraph = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;

describe("The text of a Word document", () => {
  test("is its headings, paragraphs, lists and tables", async () => {
    const styled = (style: string, text: string) =>
      `<w:p><w:pPr><w:pStyle w:val="${style}"/></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;
    const item = (list: number, level: number, text: string) =>
      `<w:p><w:pPr><w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${list}"/></w:numPr></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;
    const row = (...cells: string[]) => `<w:tr>${cells.map((xml) => `<w:tc>${xml}</w:tc>`).join("")}</w:tr>`;
    const header = row(paragraph("Day"), paragraph("Fee")).replace(
      "<w:tr>",
      "<w:tr><w:trPr><w:tblHeader/></w:trPr>",
    );
    const body = [
      styled("Title", "Boats"),
      styled("H1", "Fees"),
      paragraph("Grüße &amp; Dank"),
      item(1, 0, "One"),
      item(1, 1, "Part"),
      item(2, 0, "First"),
      item(2, 0, "Second"),
      `<w:tbl>${header}${row(paragraph("1"), paragraph("10 €") + paragraph("or less"))}</w:tbl>`,
    ];
    expect(
      await writtenBlocks("a.docx", zipBytes([...docxParts(body.join("")), ...STYLES_AND_LISTS])),
    ).toEqual([
      "1 # Boats",
      "2 # Fees",
      "3 Grüße & Dank",
      "4 - One",
      "5   - Part",
      "6 1. First",
      "7 2. Second",
      "8 Day | Fee",
      "9 1 | 10 € or less",
    ]);
  });

  test("has its notes at the end, and no pictures", async () => {
    const note = `<w:footnotes xmlns:w="${WORD}"><w:footnote w:id="2">${paragraph("As agreed.")}</w:footnote></w:footnotes>`;
    const body = `<w:p><w:r><w:t>The tenant pays.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>`;
    const parts = docxParts(body);
    const link = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/></Relationships>`;
    const files = [
      ...parts,
      { name: "word/_rels/document.xml.rels", content: link },
      { name: "word/footnotes.xml", content: note },
    ];
    expect(await writtenBlocks("a.docx", zipBytes(files))).toEqual([
      "1 The tenant pays.[1]",
      "2 1. As agreed.",
    ]);
  });

  test("becomes passages, whatever the name of the file is", async () => {
    const { format, rows } = await read("a.doc", docxBytes("The tenant pays.", "The landlord waits."));
    expect(format).toBe("docx");
    expect(rows).toMatchObject([
      { example: { prompt: "", completion: "The tenant pays.\n\nThe landlord waits." } },
    ]);
  });
});

describe("A Word document is refused", () => {
  const reasonOf = async (content: string | Uint8Array) => (await refusal("a.docx", content)).reason;

  test("that contains no text", async () => {
    expect(await reasonOf(docxBytes("", " "))).toBe("it contains no text");
  });

  test("that is truncated anywhere", async () => {
    const whole = docxBytes("The tenant pays.");
    for (let length = 4; length < whole.length; length += 41) {
      expect(await reasonOf(whole.subarray(0, length))).toBe("the file lacks its end; it is truncated");
    }
  });

  test("whose bytes were changed, with a sentence, or is read correctly", async () => {
    const whole = docxBytes("The tenant pays.");
    for (let at = 4; at < whole.length; at += 3) {
      const changed = Buffer.from(whole);
      changed[at] = changed[at]! ^ 0xff;
      const outcome = await reasonOf(changed).catch((error: Error) => error.message);
      expect(outcome).toMatch(/^(the file |its text |it is |it holds |it did not fail)/);
    }
  });

  test("that would unpack to far more than a text, before unpacking it", async () => {
    const bomb = zipBytes(docxParts(paragraph(" ".repeat(200 * 2 ** 20))));
    expect(bomb.length).toBeLessThan(2 ** 18);
    const before = process.memoryUsage().rss;
    expect(await reasonOf(bomb)).toBe("the file unpacks to more than 64 MiB of text");
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
  });

  test("whose XML is incomplete or excessively nested", async () => {
    expect(await reasonOf(zipBytes(docxParts("<w:p><w:r>")))).toMatch(/damaged|no text/);
    const deep = zipBytes(docxParts("<w:ins>".repeat(200_000) + "</w:ins>".repeat(200_000)));
    expect(await reasonOf(deep)).toMatch(/damaged|no text/);
  });

  test("with an entity expansion attack", async () => {
    const parts = docxParts(paragraph("&c;"));
    const entities =
      '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>';
    const main = { ...parts[2]!, content: `${entities}${parts[2]!.content as string}` };
    const { rows } = await read("a.docx", zipBytes([parts[0]!, parts[1]!, main])).catch(() => ({ rows: [] }));
    expect(JSON.stringify(rows).length).toBeLessThan(200);
  });

  test("that is protected by a password, in either way", async () => {
    const parts = docxParts(paragraph("secret")).map((part) => ({ ...part, encrypted: true }));
    expect(await reasonOf(zipBytes(parts))).toMatch(/protected by a password/);
    const office = Buffer.concat([
      Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
      Buffer.alloc(600),
    ]);
    expect(await reasonOf(office)).toMatch(/old or protected Office file/);
  });

  test("that is another kind of file, named by its kind", async () => {
    const archive = (name: string) => reasonOf(zipBytes([{ name, content: "x" }]));
    expect(await archive("photo.jpg")).toMatch(/ZIP archive and no document/);
    expect(await reasonOf("Dear Sir,")).toBe("its name is that of a Word document, but it is not one");
    expect(await reasonOf("")).toBe("the file is empty");
  });
});
