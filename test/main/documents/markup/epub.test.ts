import { describe, expect, test } from "vitest";
import { epubBytes, epubParts } from "./epub-parts.ts";
import { read, refusal, writtenBlocks } from "../read.ts";
import { zipBytes } from "../files/zip-bytes.ts";

describe("The text of a book", () => {
  test("is its chapters in reading order, numbered by chapter, without its table of contents", async () => {
    const chapters = ["<h1>One</h1><a id='x'/><p>First&nbsp;text.</p>", "<h1>Two</h1><ul><li>item</li></ul>"];
    expect(await writtenBlocks("a.epub", epubBytes(...chapters))).toEqual([
      "1 # One",
      "1 First text.",
      "2 # Two",
      "2 - item",
    ]);
    expect((await read("a.zip", epubBytes(...chapters))).details).toEqual({ chapters: 2 });
  });
});

describe("A book is refused", () => {
  const encrypted = (uri: string) => ({
    name: "META-INF/encryption.xml",
    content: `<encryption><enc:EncryptedData><enc:CipherData><enc:CipherReference URI="${uri}"/></enc:CipherData></enc:EncryptedData></encryption>`,
  });

  test("that is protected against copying, but not one whose fonts are obfuscated", async () => {
    const parts = epubParts("<p>Text.</p>");
    const chapter = zipBytes([...parts, encrypted("OEBPS/text/chapter%200.xhtml")]);
    expect((await refusal("a.epub", chapter)).reason).toMatch(/\(DRM\)/);
    expect((await read("a.epub", zipBytes([...parts, encrypted("OEBPS/font.otf")]))).rows.length).toBe(1);
  });

  test("whose chapters are missing, or that has no text", async () => {
    const parts = epubParts("<p>Text.</p>");
    const lost = zipBytes(parts.filter(({ name }) => !name.includes("chapter")));
    expect((await refusal("a.epub", lost)).reason).toBe("the file is damaged");
    expect((await refusal("a.epub", epubBytes("<img/>"))).reason).toBe("it contains no text");
    const nowhere = { name: "META-INF/container.xml", content: "<container/>" };
    expect((await refusal("a.epub", zipBytes([nowhere]))).reason).toMatch(/does not say where its text is/);
  });
});
