import { describe, expect, test } from "vitest";
import { openDocument } from "../../../../main/documents/formats.ts";
import type { DataRecord } from "../../../../main/documents/row.ts";
import { compoundBytes } from "../compound-bytes.ts";
import { read, refusal, writtenBlocks } from "../read.ts";
import { scratch } from "../scratch.ts";
import { innerPart, xlsBytes, xlsRecord, xlsStream } from "./xls-bytes.ts";
import type { BinaryForm, BinarySheet } from "./xls-bytes.ts";

const sheet = (name: string, ...rows: BinarySheet["rows"]): BinarySheet => ({ name, rows });
async function recordsOf(name: string, bytes: Buffer): Promise<DataRecord[]> {
  const document = await openDocument(scratch({ [name]: bytes })(name));
  return document.kind === "records" ? [...document.records] : [];
}
const head = async (name: string, bytes: Buffer) =>
  (await recordsOf(name, bytes)).map(({ fields }) => fields);

describe("a.xls is read", () => {
  test("as records with the names of its header, each with its line", async () => {
    const bytes = xlsBytes([
      sheet("One", ["Titel"], [], ["question", "answer"], ["größer?", "№ 5"], [], ["c?", "d"]),
    ]);
    const { rows, format } = await read("a.xls", bytes);
    expect(format).toBe("xls");
    expect(rows).toMatchObject([
      { line: 4, conversation: [{ content: "größer?" }, { content: "№ 5" }] },
      { line: 6, conversation: [{ content: "c?" }, { content: "d" }] },
    ]);
    expect((await read("a.bin", bytes)).format).toBe(format);
  });

  test("as a table of text if none of its columns is known", async () => {
    const { mapping } = await read("a.xls", xlsBytes([sheet("One", ["item", "price"], ["paper", 3])]));
    expect(mapping).toEqual({ kind: "table", columns: ["item", "price"] });
  });

  test.each<[string | number, number, string]>([
    ["dd.mm.yyyy", 45352, "01.03.2024"],
    [14, 45352.5, "01.03.2024 12:00"],
    [31, 45352, "01.03.2024"], // a date in Japan
    ["[$-407]d/\\ mmmm\\ yyyy;@", 45352, "1. März 2024"],
    ['#,##0.00 "€"', 1234.5, "1.234,50 €"],
    ["0.0%", 0.035, "3,5%"],
    [9, 0.12, "12%"],
    ["00000", 1067, "01067"],
    ["[h]:mm", 1.5, "36:00"],
    ["[h]:mm", 2 / 24, "2:00"],
    ["[h]:mm", 60.4375, "1450:30"],
    ["[h]:mm", -2 / 24, "-2:00"],
    ["[h]:mm;@", -2 / 24, "-2:00"],
    ["[h]:mm;[Red]\\-[h]:mm", -2 / 24, "-2:00"],
    ["[m]", 10 / 1440, "10"],
    [0, 0.1 + 0.2, "0,3"],
    ["General", 7.5, "7,5"],
    [49, 12, "12"],
  ])("with the format %s as a person reads it", async (code, value, shown) => {
    const header = "Wert der Sache";
    const bytes = xlsBytes([sheet("One", ["a", header], ["x", { style: 1, value }])], { formats: [code] });
    expect((await head("a.xls", bytes))[0]![header]).toBe(shown);
  });

  test("with days that are counted from 1904", async () => {
    const form: BinaryForm = { formats: ["yyyy-mm-dd"], is1904: true };
    const bytes = xlsBytes([sheet("One", ["a", "b"], ["x", { style: 1, value: 43890 }])], form);
    expect(await head("a.xls", bytes)).toEqual([{ a: "x", b: "2024-03-01" }]);
  });

  test("with the results of formulas, and errors as empty", async () => {
    const bytes = xlsBytes([
      sheet(
        "One",
        ["a", "b", "c", "d", "e"],
        [{ formula: "größer" }, { formula: 42 }, { formula: true }, { error: 0x2a }, -1.25],
      ),
      sheet("Two", ["a", "b", "c", "d", "e"], ["x", 3, false, { error: 0x99 }, 2 ** 31]),
    ]);
    expect((await head("a.xls", bytes)).map((fields) => Object.values(fields))).toEqual([
      ["größer", "42", "WAHR", "", "-1,25"],
      ["x", "3", "FALSCH", "", "2147483648"],
    ]);
  });

  test("without hidden sheets, rows and columns, which are counted", async () => {
    const rows = [
      ["question", "answer", "c"],
      ["a?", "b", "c"],
      ["d?", "e", "f"],
    ];
    const { details, rows: found } = await read(
      "a.xls",
      xlsBytes([
        { ...sheet("One", ...rows), hiddenRows: [1], hiddenColumns: [2] },
        { ...sheet("Two", ...rows), state: 1 },
        { ...sheet("Three", ...rows), state: 2 },
        sheet("Four"),
      ]),
    );
    expect(found).toMatchObject([{ line: 3, conversation: [{ content: "d?" }, { content: "e" }] }]);
    expect(details.sheets).toEqual([
      { name: "One", rows: 1, unread: null, hiddenRows: 1, hiddenColumns: 1 },
      { name: "Two", rows: 0, unread: "hidden" },
      { name: "Three", rows: 0, unread: "hidden" },
      { name: "Four", rows: 0, unread: "no-table" },
    ]);
  });

  test("with merged cells in all rows that they are merged over, and a header of two rows", async () => {
    const bytes = xlsBytes([
      { ...sheet("One", ["Zone", "Preis", null], [null, "Tag", "Woche"], ["Süd", 3, 20], [null, 4, 25]), merges: [[0, 0, 1, 2], [0, 1, 0, 0], [2, 3, 0, 0]] },
    ]); // prettier-ignore
    expect(await head("a.xls", bytes)).toEqual([
      { Zone: "Süd", "Preis Tag": "3", "Preis Woche": "20" },
      { Zone: "Süd", "Preis Tag": "4", "Preis Woche": "25" },
    ]);
  });

  test("as an attachment of an e-mail", async () => {
    const attached = xlsBytes([sheet("One", ["Zone", "Preis"], ["Süd", 3])]).toString("base64");
    const mail = `Subject: Preise\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSiehe Anhang.\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="a.xls"\r\nContent-Transfer-Encoding: base64\r\n\r\n${attached}\r\n--b--`;
    expect((await writtenBlocks("a.eml", Buffer.from(mail))).slice(-2).map((text) => text.slice(2))).toEqual([
      "Zone | Preis",
      "Süd | 3",
    ]);
  });

  test("sheet by sheet, if no column is understood", async () => {
    const bytes = xlsBytes([
      sheet("Süd", ["Zone", "Preis"], ["Ost", 3]),
      sheet("Nord", ["Zone", "Rabatt"], ["West", 4]),
    ]);
    expect(await recordsOf("a.xls", bytes)).toMatchObject([
      { table: "Süd", line: 2, fields: { Zone: "Ost", Preis: "3" } },
      { table: "Nord", line: 2, fields: { Zone: "West", Rabatt: "4" } },
    ]);
  });
});

describe("An old workbook is read", () => {
  test("whose texts continue in further records", async () => {
    const long = `${"größer ".repeat(20)}№ Ende`;
    const stream = xlsStream([sheet("One", ["question", "answer"], [long, long.slice(1)])], {}, 10);
    const { rows } = await read("a.xls", compoundBytes({ WORKBOOK: stream }));
    expect(rows).toMatchObject([{ conversation: [{ content: long }, { content: long.slice(1) }] }]);
  });

  test("whose sheet has a chart, which has cells of its own", async () => {
    const one = { ...sheet("One", ["question", "answer"], ["a?", "b"]), more: innerPart };
    expect(await head("a.xls", xlsBytes([one]))).toEqual([{ question: "a?", answer: "b" }]);
  });

  test.each([
    ["question\tanswer\r\ngröße?\tb\r\n", "csv"],
    ["question;answer\ngröße?;b\n", "csv"],
    ["<table><tr><td>question<td>answer<tr><td>größe?<td>b</table>", "html"],
    ["<html xmlns:o='urn:x'><body><table><tr><td>größe?</table>", "html"],
  ])("as what it is, if a program wrote something else under its name", async (text, format) => {
    for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`, "utf16le")])
      expect((await read("a.xls", bytes)).format).toBe(format);
  });

  test("with formulas in records of Excel 4, as Numbers writes them", async () => {
    const place = Buffer.of(1, 0, 1, 0, 0, 0);
    const seven = Buffer.alloc(8);
    seven.writeDoubleLE(7);
    const more = xlsRecord(0x406, place, seven, Buffer.alloc(8));
    const bytes = xlsBytes([{ ...sheet("One", ["item", "price"], ["paper"]), more }]);
    expect(await head("a.xls", bytes)).toEqual([{ item: "paper", price: "7" }]);
  });
});

describe("A workbook is refused", () => {
  const one = sheet("One", ["question", "answer"], ["a?", "b"]);
  test.each([
    [
      "that is protected",
      xlsBytes([one], { more: xlsRecord(0x2f, Buffer.alloc(54)) }),
      /protected by a password/,
    ],
    [
      "that is protected as a whole",
      compoundBytes({ EncryptedPackage: Buffer.alloc(100) }),
      /protected by a password/,
    ],
    ["of Excel 4", Buffer.from("090406000004100000000000", "hex"), /of Excel 95 or older; open it in Excel/],
    [
      "whose version is not known",
      xlsBytes([one], { more: xlsRecord(0x809, Buffer.alloc(16)) }),
      /damaged|no sheet/,
    ],
    ["of Excel 95", compoundBytes({ Book: Buffer.alloc(9) }), /of Excel 95 or older; open it in Excel/],
    ["without sheets", xlsBytes([]), /no sheet/],
    [
      "that is something else",
      Buffer.from("Only a text.\n"),
      /name is that of a spreadsheet, but it is not one/,
    ],
    [
      "that is another old file",
      compoundBytes({ Contents: Buffer.alloc(100) }),
      /old or protected Office file/,
    ],
  ])("%s", async (_, bytes, reason) => {
    expect((await refusal("a.xls", bytes)).reason).toMatch(reason);
  });

  test("that is truncated", async () => {
    const bytes = xlsBytes([sheet("One", ["question", "answer"], ["a?", "b ".repeat(3000)])]);
    for (let length = 8; length < bytes.length - 512; length += 997)
      expect((await refusal("a.xls", bytes.subarray(0, length))).reason, String(length)).toMatch(/damaged/);
  });
});
