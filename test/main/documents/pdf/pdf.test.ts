import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { openDocument } from "../../../../main/documents/formats.ts";
import { scanIn } from "../../../../main/documents/ocr/scans.ts";
import { documentKey, recognisedFile } from "../../../../main/documents/pdf/recognised.ts";
import { makeFolder } from "../../../../native-models/formats/atomic.ts";
import type { FormField, PlacedText } from "./pdf-bytes.ts";
import { pdfBytes } from "./pdf-bytes.ts";
import { read, refusal, writtenBlocks, blocksOf } from "../read.ts";
import { scratch } from "../scratch.ts";
import { pdfOf, Sheet } from "./typeset.ts";

const linesIn = (pages: readonly (readonly PlacedText[])[]) =>
  blocksOf(scratch({ "a.pdf": pdfBytes(pages) })("a.pdf")).then((blocks) => blocks.map(({ text }) => text));

/** Lines 12 points under one another, from `top` down; a blank text leaves a gap. */
const column = (top: number, ...texts: string[]): PlacedText[] =>
  texts.map((text, index) => ({ text, y: top - 12 * index })).filter(({ text }) => text !== "");

/** A page that is a picture. */
const scan = () =>
  new Sheet().picture(0, 0, 612, 792, { width: 8, height: 8, pixels: new Uint8Array(64).fill(200) });

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

  test("has the spaces of its words, however narrow they are drawn", async () => {
    const shown = (operators: string) => {
      const sheet = new Sheet();
      sheet.operators.push(`BT /F1 10 Tf 72 700 Td ${operators} ET`);
      return writtenBlocks("a.pdf", pdfOf([sheet], ["Times-Italic", "Times-Bold"]));
    };
    expect(await shown("-1.8 Tw (the keeper of our clan) Tj")).toEqual(["1 the keeper of our clan"]);
    expect(await shown("[(house of) -210 (the lord)] TJ")).toEqual(["1 house of the lord"]);
  });

  test("has the ligatures, quotation marks and umlauts of TeX's fonts, also where the file does not say what they are", async () => {
    const shown = (font: string, text: string) =>
      writtenBlocks("a.pdf", pdfOf([new Sheet().text(72, 700, text)], [font, "Helvetica"]));
    const text = 'The \x0crst e\x0bect, di\x0ecult \x0dow, a\x0fuent, \\so" {|';
    const read = ["1 The first effect, difficult flow, affluent, “so” –—"];
    expect(await shown("CMR10", text)).toEqual(read);
    expect(await shown("ABCDEF+CMBXTI10", text)).toEqual(read);
    expect(await shown("CMTT10", 'a\\b"{|')).toEqual(['1 a\\b"{|']);
    for (const font of ["CMR5", "CMMI10", "Helvetica"])
      expect(await shown(font, "e\x0bect")).toEqual(["1 e ect"]);
    const sheet = new Sheet()
      .text(72, 700, "f")
      .text(75, 700, "u")
      .text(75.5, 700, "\x7f")
      .text(80.6, 700, "r");
    expect(await writtenBlocks("a.pdf", pdfOf([sheet], ["CMR10", "CMBX10"]))).toEqual(["1 für"]);
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

  test("has what was filled into its form, where it stands", async () => {
    const labels = ["Name:", "Deposit:", "City:", "Agreed:", "Note:", "Street:", "Land:"];
    const lines = labels.map((text, i) => ({ text, y: 700 - 40 * i }));
    const fields: FormField[] = [
      { text: "Anna Muster", y: 700, appearance: "full" },
      { text: "2550 Euro", y: 660 },
      {
        text: "Bonn",
        y: 620,
        entries: "/FT /Ch /Ff 131072 /T (c) /Opt [(Bonn) (Kiel)] /V (Bonn) /DA (/F1 10 Tf 0 g)",
      },
      { text: "yes", y: 580, entries: "/FT /Tx /T (d) /V (yes) /F 2", appearance: "full" },
      { text: "by phone", y: 540, entries: "/Subtype /FreeText /Contents (x)", appearance: "full" },
      { text: "Barn Street", y: 500, appearance: "blank" },
      { text: "", y: 460, appearance: "blank" },
    ];
    expect(await writtenBlocks("a.pdf", pdfBytes([lines], "", fields))).toEqual([
      "1 Name: | Anna Muster",
      "1 Deposit: | 2550 Euro",
      "1 City: | Bonn",
      "1 Agreed: | ",
      "1 Note: | by phone",
      "1 Street: | Barn Street",
      "1 Land:",
    ]);
  });

  test("names what is left out as headers and footers", async () => {
    const page = (n: number): PlacedText[] => [
      { text: "Lease of the barn", y: 760 },
      ...column(700, `Clause ${["one", "two", "three"][n]}.`, "It is the same."),
      { text: `Page ${n + 1} of 3`, y: 40 },
    ];
    const { details } = await read("a.pdf", pdfBytes([0, 1, 2].map(page)));
    expect(details).toMatchObject({
      runningLines: { count: 6, examples: ["Lease of the barn", "Page 1 of 3", "Page 2 of 3"] },
    });
  });

  /** A page of a ledger: a header, the names of the columns, twelve bookings, a footer. */
  const ledger = (page: number, withNames: boolean) => {
    const sheet = new Sheet()
      .text(60, 760, "Miller and Sons, estate agents")
      .text(60, 30, `Page ${page + 1} of 3`);
    const cells = [60, 200, 420];
    const row = (y: number, ...texts: string[]) => texts.forEach((text, i) => sheet.text(cells[i]!, y, text));
    if (withNames) row(730, "Date", "Booking", "Amount");
    for (let i = 0; i < 12; i++)
      row(
        710 - 18 * i,
        `01.${String(i + 1).padStart(2, "0")}.${2019 + page}`,
        "Rent",
        `${850 + 10 * page},00`,
      );
    return sheet;
  };

  test.each([true, false])(
    "has all rows of a table over several pages, which differ in numbers alone",
    async (withNames) => {
      const blocks = await writtenBlocks("a.pdf", pdfOf([0, 1, 2].map((page) => ledger(page, withNames))));
      const found = blocks.join("\n").match(/01\.\d\d\.20\d\d \| Rent \| 8\d0,00/g) ?? [];
      expect(new Set(found).size).toBe(36);
      expect(blocks.filter((block) => /Miller|Page \d/.test(block))).toEqual([]);
      expect(blocks.some((block) => block.includes("Date | Booking | Amount"))).toBe(withNames);
    },
  );

  test("has all of two pages that differ in numbers alone", async () => {
    const numbers = (page: number) => {
      const sheet = new Sheet();
      for (let row = 0; row < 8; row++)
        [`${10 + row + page}`, `${5 + page},${row}`, `${90 + row},${page}`].forEach((text, i) =>
          sheet.text(60 + 140 * i, 760 - 18 * row, text),
        );
      return sheet;
    };
    expect(await writtenBlocks("a.pdf", pdfOf([numbers(0), numbers(1)]))).toHaveLength(16);
    const clause = (n: number): PlacedText[] => [
      ...column(
        730,
        `${n}. The rent is ${800 + 50 * n} euros a month and is due on day ${2 * n + 1}`,
        "of each month.",
      ),
      { text: "Place, date: ____", y: 60 },
    ];
    const lines = await linesIn([clause(1), clause(2)]);
    for (const n of [1, 2]) expect(lines.join(" ")).toContain(`The rent is ${800 + 50 * n} euros a month`);
    expect(lines.join(" ").match(/of each month/g)).toHaveLength(2);
  });

  test("is recognised whatever the file's name", async () => {
    const { format, rows } = await read("contract.txt", pdfBytes([column(700, "Rent.")]));
    expect([format, rows.length]).toEqual(["pdf", 1]);
  });
});

describe("A PDF is refused", () => {
  test("that contains no text", async () => {
    expect((await refusal("a.pdf", pdfBytes([[], []]))).reason).toBe("it contains no text");
    expect((await refusal("scan.pdf", pdfOf([scan()]))).reason).toMatch(/no text, only pictures.*OCR/);
  });

  test("that is truncated anywhere", async () => {
    const whole = pdfBytes([column(700, "Rent.")]);
    for (let length = 20; length < whole.length - 7; length += 37) {
      expect((await refusal("a.pdf", whole.subarray(0, length))).reason).toMatch(/truncated/);
    }
  });

  test("that is only named so, or is garbage after its first line", async () => {
    expect((await refusal("a.pdf", "Dear Sir,")).reason).toBe("its name is that of a PDF, but it is not one");
    expect((await refusal("a.pdf", "%PDF-1.7\nrubbish\n%%EOF\n")).reason).toBe("the file is damaged");
    expect((await refusal("a.pdf", "")).reason).toBe("the file is empty");
  });

  test("that is protected by a password", async () => {
    expect((await refusal("a.pdf", protectedPdf())).reason).toMatch(/protected by a password/);
  });

  test("whose page tree is circular", async () => {
    const loop = pdfBytes([column(700, "x")])
      .toString("latin1")
      .replace("/Kids [4 0 R]", "/Kids [2 0 R]");
    expect((await refusal("a.pdf", Buffer.from(loop, "latin1"))).reason).toMatch(/damaged|no text/);
  });
});

describe("Pages without usable text", () => {
  const text = () => new Sheet().text(72, 700, "The tenant pays rent.");

  test("are named if they are scans, and counted if they are empty", async () => {
    const { details } = await read("a.pdf", pdfOf([text(), scan(), new Sheet(), scan()]));
    expect(details).toEqual({ pages: 4, emptyPages: 3, scannedPages: [2, 4] });
  });

  test("are named if the file does not say which characters their letters are", async () => {
    const font =
      "/Subtype /Type0 /Encoding /Identity-H /DescendantFonts [<< /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>]";
    const file = pdfBytes([column(700, "Two bytes are a letter.")]).toString("latin1");
    const unmapped = file.replace("/Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding", font);
    const { reason } = await refusal("a.pdf", Buffer.from(unmapped, "latin1"));
    expect(reason).toMatch(/does not say which characters its letters are.*OCR/);
  });

  test("have the text that recognition found on them", async () => {
    const folder = scratch({});
    const bytes = pdfOf([text(), scan()]);
    const word = { left: 72, right: 110, baseline: 600, size: 10, isBold: false };
    const words = [
      { ...word, text: "Recognised" },
      { ...word, left: 113, right: 140, text: "words." },
    ];
    const file = recognisedFile(folder("recognised"), documentKey(bytes), 2);
    makeFolder(dirname(file));
    writeFileSync(file, JSON.stringify({ words, confidence: 0.9 }));
    writeFileSync(folder("a.pdf"), bytes);
    const document = await openDocument(folder("a.pdf"), { recognised: folder("recognised") });
    expect(document.details).toEqual({ pages: 2, emptyPages: 0, recognisedPages: 1 });
    const blocks = document.kind === "text" ? [...document.blocks] : [];
    expect(blocks.map(({ text }) => text)).toEqual(["The tenant pays rent.", "Recognised words."]);
  });

  test("whose recognition failed say why, and are not among those that recognition was not switched on for", async () => {
    const folder = scratch({});
    const bytes = pdfOf([text(), scan(), scan(), scan()]);
    writeFileSync(folder("a.pdf"), bytes);
    const failed = (page: number, why: object) => {
      const file = recognisedFile(folder("recognised"), documentKey(bytes), page);
      makeFolder(dirname(file));
      writeFileSync(file, JSON.stringify({ words: [], confidence: 0, ...why }));
    };
    failed(2, { problem: "too-slow", isFinal: true });
    failed(3, { problem: { code: "engine", reason: "killed" } });
    const recognised = folder("recognised");
    const { details } = await openDocument(folder("a.pdf"), { recognised });
    expect(details).toEqual({
      pages: 4,
      emptyPages: 3,
      scannedPages: [4],
      failedPages: [
        { problem: "too-slow", isFinal: true, pages: [2] },
        { problem: { code: "engine", reason: "killed" }, isFinal: false, pages: [3] },
      ],
    });
    expect(await scanIn(folder("a.pdf"), recognised)).toMatchObject({ pages: [3, 4] });
  });

  test("keep the recognised text that lies invisible under a scan", async () => {
    const sheet = scan().text(72, 700, "Recognised earlier.", { invisible: true });
    const path = scratch({ "a.pdf": pdfOf([sheet]) })("a.pdf");
    const document = await openDocument(path);
    expect(document.details).toEqual({ pages: 1, emptyPages: 0 });
    expect((await blocksOf(path)).map(({ text }) => text)).toEqual(["Recognised earlier."]);
  });
});

describe("A PDF in Chinese, Japanese or Korean is read through the maps that it names", () => {
  /** `bytes`: the text in the map's encoding. */
  const pdfWith = (map: string, ordering: string, bytes: string, ...lines: string[]) => {
    const descriptor =
      "<< /Type /FontDescriptor /FontName /Any /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>";
    const font = `/Subtype /Type0 /BaseFont /Any /Encoding /${map} /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Any /CIDSystemInfo << /Registry (Adobe) /Ordering (${ordering}) /Supplement 2 >> /FontDescriptor ${descriptor} >>]`;
    const file = pdfBytes([column(700, bytes, ...lines)]).toString("latin1");
    const changed = file.replace("/Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding", font);
    return Buffer.from(changed, "latin1");
  };
  const latin1 = (hex: string) => Buffer.from(hex, "hex").toString("latin1");

  test.each([
    ["GBK-EUC-H", "GB1", "c4e3bac3", "你好"],
    ["UniGB-UCS2-H", "GB1", "4f60597d", "你好"],
    ["B5pc-H", "CNS1", "a741a66e", "你好"],
    ["90ms-RKSJ-H", "Japan1", "93fa967b8cea", "日本語"],
    ["UniJIS-UTF16-H", "Japan1", "65e5672c8a9e", "日本語"],
    ["KSCms-UHC-H", "Korea1", "c7d1b1db", "한글"],
  ])("%s", async (map, ordering, hex, text) => {
    expect(await writtenBlocks("a.pdf", pdfWith(map, ordering, latin1(hex)))).toEqual([`1 ${text}`]);
  });

  test("also from top to bottom", async () => {
    const bytes = pdfWith("UniJIS-UTF16-V", "Japan1", latin1("65e5672c8a9e306f7e26306b66f8304f"));
    expect(await writtenBlocks("a.pdf", bytes)).toEqual(["1 日本語は縦に書く"]);
  });

  test("lines are joined without a space", async () => {
    const [one, other] = [latin1("4f60597d4f60597d"), latin1("4e16754c")];
    expect(await writtenBlocks("a.pdf", pdfWith("UniGB-UCS2-H", "GB1", one, other))).toEqual([
      "1 你好你好世界",
    ]);
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
