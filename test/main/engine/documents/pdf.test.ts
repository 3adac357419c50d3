import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { PlacedText } from "./pdf-bytes.ts";
import { pdfBytes } from "./pdf-bytes.ts";
import { read, refusal, blocksOf } from "./read.ts";
import { scratch } from "./scratch.ts";

const linesIn = (pages: readonly (readonly PlacedText[])[]) =>
  blocksOf(scratch({ "a.pdf": pdfBytes(pages) })("a.pdf")).then((blocks) => blocks.map(({ text }) => text));

/** Lines 12 points under one another, from `top` down; a blank text leaves a gap. */
const column = (top: number, ...texts: string[]): PlacedText[] =>
  texts.map((text, index) => ({ text, y: top - 12 * index })).filter(({ text }) => text !== "");

describe("The text of a PDF", () => {
  test("is paragraphs of closely spaced lines, numbered by page", async () => {
    const pages = [
      column(700, "The tenant pays rent", "on the first day.", "", "Heat is extra."),
      column(700, "Next page."),
    ];
    expect(await linesIn(pages)).toEqual([
      "The tenant pays rent on the first day.",
      "Heat is extra.",
      "Next page.",
    ]);
    const { rows, details } = await read("a.pdf", pdfBytes([[], column(700, "Only here.")]));
    expect(rows).toMatchObject([
      { line: 2, kind: "example", example: { prompt: "", completion: "Only here." } },
    ]);
    expect(details).toEqual({ pages: 2, emptyPages: 1 });
  });

  test("continues across a page break within a sentence", async () => {
    expect(
      await linesIn([column(100, "The tenant pays"), column(700, "rent in", "May.", "", "End.")]),
    ).toEqual(["The tenant pays rent in May.", "End."]);
  });

  test("rejoins words hyphenated at line ends, and keeps hyphens that belong to words", async () => {
    const lines = [
      "A non-compete clause. An agree-",
      "ment with a non-",
      "compete clause, AGREE-",
      "MENT and A-",
      "Z.",
    ];
    expect(await linesIn([column(700, ...lines)])).toEqual([
      "A non-compete clause. An agreement with a non-compete clause, AGREEMENT and A-Z.",
    ]);
  });

  test("has no headers, footers and page numbers, even if left and right pages differ", async () => {
    const page = (n: number): PlacedText[] => [
      { text: n % 2 ? "Lease of the barn" : "Miller and Sons", y: 760 },
      ...column(700, `Clause ${["one", "two", "three", "four"][n]}.`),
      { text: `Page ${n + 9} of 14`, y: 40 },
    ];
    expect(await linesIn([0, 1, 2, 3].map(page))).toEqual([
      "Clause one.",
      "Clause two.",
      "Clause three.",
      "Clause four.",
    ]);
  });

  test("keeps text at the edge of a single page, and the same words in the middle of pages", async () => {
    const texts = (name: string) => [
      ...["top", "second", "third"].map((text) => `${name} ${text}`),
      ...["", "The same.", ""],
      ...["fourth", "fifth", "last"].map((text) => `${name} ${text}`),
    ];
    const lines = await linesIn([column(700, ...texts("Alpha")), column(700, ...texts("Beta"))]);
    expect(lines).toEqual([
      "Alpha top Alpha second Alpha third",
      "The same.",
      "Alpha fourth Alpha fifth Alpha last Beta top Beta second Beta third",
      "The same.",
      "Beta fourth Beta fifth Beta last",
    ]);
  });

  test("is recognised whatever the file's name", async () => {
    const { format, rows } = await read("contract.txt", pdfBytes([column(700, "Rent.")]));
    expect([format, rows.length]).toEqual(["pdf", 1]);
  });
});

describe("A PDF is refused", () => {
  test("that contains no text", async () => {
    expect((await refusal("scan.pdf", pdfBytes([[], []]))).reason).toMatch(/no text.*OCR/);
  });

  test("that is truncated anywhere", async () => {
    const whole = pdfBytes([column(700, "Rent.")]);
    for (let length = 20; length < whole.length - 7; length += 37) {
      expect((await refusal("a.pdf", whole.subarray(0, length))).reason).toMatch(/truncated/);
    }
  });

  test("that is only named so, or is garbage after its first line", async () => {
    expect((await refusal("a.pdf", "Dear Sir,")).reason).toBe("its name is that of a PDF, but it is not one");
    expect((await refusal("a.pdf", "%PDF-1.7\nrubbish\n%%EOF\n")).reason).toBe("the PDF is damaged");
    expect((await refusal("a.pdf", "")).reason).toBe("the file is empty");
  });

  test("that is protected by a password", async () => {
    expect((await refusal("a.pdf", protectedPdf())).reason).toMatch(/protected by a password/);
  });

  test("whose font needs a character map that is not bundled, by the name of the map", async () => {
    const font =
      "/Subtype /Type0 /BaseFont /STSong-Light /Encoding /GBK-EUC-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>]";
    const bytes = pdfBytes([column(700, "\xc4\xe3\xba\xc3")]).toString("latin1");
    const chinese = bytes.replace("/Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding", font);
    const { reason } = await refusal("a.pdf", Buffer.from(chinese, "latin1"));
    expect(reason).toMatch(/Chinese, Japanese or Korean \(GBK-EUC-H\), which is not read/);
  });

  test("whose page tree is circular", async () => {
    const loop = pdfBytes([column(700, "x")])
      .toString("latin1")
      .replace("/Kids [4 0 R]", "/Kids [2 0 R]");
    expect((await refusal("a.pdf", Buffer.from(loop, "latin1"))).reason).toMatch(/damaged|no text/);
  });
});

test("A PDF that claims a billion pages has only its real ones", async () => {
  const many = pdfBytes([column(700, "x")])
    .toString("latin1")
    .replace("/Count 1 ", "/Count 999999999 ");
  const { details } = await read("a.pdf", Buffer.from(many, "latin1"));
  expect(details).toEqual({ pages: 1, emptyPages: 0 });
});

/** Encrypted with a user's password by the standard handler, revision 2 (ISO 32000-1, 7.6.3): RC4 with a key of 40 bits. */
function protectedPdf(): Buffer {
  const padding = Buffer.from("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a", "hex");
  const padded = (password: string) =>
    Buffer.concat([Buffer.from(password, "latin1"), padding]).subarray(0, 32);
  const md5 = (...parts: Buffer[]) => createHash("md5").update(Buffer.concat(parts)).digest();
  const id = Buffer.alloc(16, 7);
  const permissions = Buffer.from([0xfc, 0xff, 0xff, 0xff]);
  const owner = rc4(md5(padded("owner")).subarray(0, 5), padded("user"));
  const key = md5(padded("user"), owner, permissions, id).subarray(0, 5);
  const user = rc4(key, padding);
  const encrypt = `<< /Filter /Standard /V 1 /R 2 /O <${owner.toString("hex")}> /U <${user.toString("hex")}> /P -4 >>`;
  return pdfBytes(
    [column(700, "Secret.")],
    `/Encrypt ${encrypt} /ID [<${id.toString("hex")}> <${id.toString("hex")}>]`,
  );
}

function rc4(key: Buffer, data: Buffer): Buffer {
  const state = Array.from({ length: 256 }, (_, i) => i);
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + state[i]! + key[i % key.length]!) & 255;
    [state[i], state[j]] = [state[j]!, state[i]!];
  }
  let [i, j] = [0, 0];
  return Buffer.from(
    data.map((byte) => {
      i = (i + 1) & 255;
      j = (j + state[i]!) & 255;
      [state[i], state[j]] = [state[j]!, state[i]!];
      return byte ^ state[(state[i]! + state[j]!) & 255]!;
    }),
  );
}
