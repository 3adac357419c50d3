import { describe, expect, test } from "vitest";
import { read, refusal, textLines } from "./read.ts";
import { scratch } from "./scratch.ts";
import { docxBytes, docxParts, zipBytes } from "./zip-bytes.ts";

const paragraph = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;

describe("The text of a Word document", () => {
  test("is its paragraphs, including those in tables", async () => {
    const table = `<w:tbl><w:tr><w:tc>${paragraph("left")}</w:tc><w:tc>${paragraph("right")}</w:tc></w:tr></w:tbl>`;
    const bytes = zipBytes(docxParts(`${paragraph("Grüße &amp; Dank")}${table}`));
    expect(await textLines(scratch({ "a.docx": bytes })("a.docx"))).toEqual([
      "Grüße & Dank",
      "left",
      "right",
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
    expect(await archive("xl/workbook.xml")).toMatch(/spreadsheet \(XLSX\); save its sheet as CSV/);
    expect(await archive("ppt/presentation.xml")).toMatch(/presentation/);
    expect(await archive("content.xml")).toMatch(/OpenDocument/);
    expect(await archive("photo.jpg")).toMatch(/ZIP archive and no Word document/);
    expect(await reasonOf("Dear Sir,")).toBe("its name is that of a Word document, but it is not one");
    expect(await reasonOf("{\\rtf1 Dear Sir}")).toMatch(/RTF/);
    expect(await reasonOf("")).toBe("the file is empty");
  });
});
