import { describe, expect, test } from "vitest";
import { read, refusal, writtenBlocks } from "../read.ts";
import { xmlCell as cell, xmlRow as row, xmlSheet, xmlWorkbook } from "./sheet-bytes.ts";

const styles = (...formats: readonly string[]) =>
  `<Styles>${formats.map((format, i) => `<Style ss:ID="s${i}"><NumberFormat ss:Format="${format.replaceAll('"', "&quot;")}"/></Style>`).join("")}</Styles>`;
/** So that any columns will do. */
const ASIS = { kind: "text", text: "a" } as const;
const head = async (content: string) => {
  const found = await read("a.xml", xmlWorkbook(content), ASIS);
  return found.head.map((fields) => Object.values(fields));
};

const header = row("", cell("question"), cell("answer"));
const questions = header + row("", cell("a?"), cell("b"));

describe("A workbook in Excel's XML of 2003 is read", () => {
  test.each(["a.xls", "a.xml", "a.txt", "a.csv", "a.md", "a.html", "a.json", "a.bin"])(
    "whatever its name is, such as %s",
    async (name) => {
      const text = xmlWorkbook(xmlSheet(header + row('ss:Index="4"', cell("a?"), cell("b"))));
      const bare = text.slice(text.indexOf("<Workbook"));
      const utf16 = Buffer.from(`\ufeff${text}`, "utf16le");
      for (const content of [text, `\ufeff${text}`, bare, utf16])
        expect(await read(name, content)).toMatchObject({
          format: "xls",
          details: { sheets: [{ name: "One", rows: 1, unread: null }] },
          rows: [{ line: 4, conversation: [{ content: "a?" }, { content: "b" }] }],
        });
    },
  );

  test("with prefixes where other programs have them", async () => {
    const prefixed = xmlWorkbook(xmlSheet(questions))
      .replace(/<(\/?)(?=[A-Z])/g, "<$1ss:")
      .replace(' xmlns="urn:schemas-microsoft-com:office:spreadsheet"', "");
    expect((await read("a.xls", prefixed)).rows).toHaveLength(1);
    const other = prefixed.replace(/\bss:/g, "q:").replace("xmlns:ss", "xmlns:q");
    expect((await read("a.xls", other)).rows).toHaveLength(1);
  });

  test.each<[format: string, value: string | number, type: string, german: string, english: string]>([
    ["Short Date", "2024-02-29T00:00:00.000", "DateTime", "29.02.2024", "2024-02-29"],
    ["General Date", "2024-02-29T08:30:00.000", "DateTime", "29.02.2024 08:30", "2024-02-29 08:30"],
    ["Medium Date", "2024-03-01T00:00:00.000", "DateTime", "1-Mrz-24", "1-Mar-24"],
    ["Long Date", "2024-03-01T00:00:00.000", "DateTime", "Freitag, 1. März 2024", "Friday, March 01, 2024"],
    ["Short Time", "1899-12-31T08:30:00.000", "DateTime", "8:30", "8:30"],
    ["Medium Time", "1899-12-31T08:30:00.000", "DateTime", "8:30 AM", "8:30 AM"],
    ["[h]:mm", "1900-01-01T12:00:00.000", "DateTime", "36:00", "36:00"],
    ["dd\\.mm\\.yyyy", 45351, "Number", "29.02.2024", "29.02.2024"],
    ["General", "2024-02-29T00:00:00.000", "DateTime", "29.02.2024", "2024-02-29"],
    ["Percent", 0.035, "Number", "3,50%", "3.50%"],
    ["0.0%", 0.035, "Number", "3,5%", "3.5%"],
    ["Fixed", 1234.5, "Number", "1234,50", "1234.50"],
    ["Standard", 1234.5, "Number", "1.234,50", "1,234.50"],
    ["Currency", 1234.5, "Number", "1.234,50", "1,234.50"],
    ["Euro Currency", 1234.5, "Number", "€ 1.234,50", "€ 1,234.50"],
    ["Scientific", 1234.5, "Number", "1,23E+03", "1.23E+03"],
    ["Yes/No", 0, "Number", "No", "No"],
    ["General Number", 7.5, "Number", "7,5", "7.5"],
    ["00000", 1067, "Number", "01067", "01067"],
    ["@", "01067", "String", "01067", "01067"],
    ["General", 1, "Boolean", "WAHR", "TRUE"],
    ["General", 0, "Boolean", "FALSCH", "FALSE"],
    ["General", "#DIV/0!", "Error", "", ""],
    ["General", "", "Number", "", ""],
    ["General", "n/a", "Number", "n/a", "n/a"],
    ["Short Date", "soon", "DateTime", "soon", "soon"],
    ["constructor", "a\n &amp;&#10;b", "String", "a\n &\nb", "a\n &\nb"],
  ])("with %s of %s (%s) as Excel shows it", async (format, value, type, german, english) => {
    for (const [name, shown] of [
      ["Wert der Sache", german],
      ["value of the thing", english],
    ] as const) {
      // prettier-ignore
      const cells = row("", cell("x"), cell(value, 'ss:StyleID="s0"', type));
      const rows = row("", cell("a"), cell(name)) + cells;
      expect(await head(styles(format) + xmlSheet(rows))).toEqual([["x", shown]]);
    }
  });

  test("with the formats of rows, columns, tables and parents, and days from 1904", async () => {
    const more = '<Style ss:ID="p" ss:Parent="s1"/><Style ss:ID="q" ss:Parent="s1"><NumberFormat/></Style>';
    const columns = '<Column/><Column ss:StyleID="s0" ss:Span="1"/><Column ss:Index="5" ss:StyleID="s2"/>';
    const rows = [
      row("", ...["a", "b", "c", "d", "e"].map((name) => cell(name))),
      row("", cell("x"), cell(1), cell(1, 'ss:StyleID="p"'), cell(1, 'ss:StyleID="q"'), cell(1)),
      row('ss:StyleID="s1"', cell("x"), cell(1), cell(1), cell(1), cell(1.5, 'ss:StyleID="s2"')),
    ];
    const all = styles("0.0", "0%", "yyyy\\-mm\\-dd\\ hh:mm").replace("</Styles>", `${more}</Styles>`);
    const sheet = xmlSheet(columns + rows.join("")).replace("<Table", '<Table ss:StyleID="s1"');
    expect(await head(`<ExcelWorkbook><Date1904/></ExcelWorkbook>${all}${sheet}`)).toEqual([
      ["x", "1.0", "100%", "1", "1904-01-02 00:00"],
      ["x", "100%", "100%", "100%", "1904-01-02 12:00"],
    ]);
  });

  test("with merged cells, places that are left out, rich text, and no comments", async () => {
    const rich =
      '<ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>b</B><Font html:Color="red">c</Font></ss:Data>';
    const comment =
      '<Comment ss:Author="x"><ss:Data ss:Type="String"><B>NOTE</B></ss:Data></Comment><PhoneticText>PHONETIC</PhoneticText>';
    const rows = [
      row("", cell("a"), cell("b"), cell("c"), cell("d")),
      row("", cell("m", 'ss:MergeDown="1"'), `<Cell>${rich}${comment}</Cell>`, cell("e", 'ss:Index="4"')),
      row('ss:Span="3"', cell("n", 'ss:Index="2" ss:MergeAcross="1"'), cell("o")),
      row("", cell(3, 'ss:Formula="=1+2"')),
    ];
    const found = await read("a.xml", xmlWorkbook(xmlSheet(rows.join(""))), ASIS);
    expect(found.head.map((fields) => Object.values(fields))).toEqual([
      ["m", "bc", "", "e"],
      ["m", "n", "n", "o"],
      ["3", "", "", ""],
    ]);
  });

  test("without hidden rows, columns and sheets, which are counted", async () => {
    const hidden = (state: string) =>
      `<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>${state}</Visible></WorksheetOptions>`;
    const rows = [
      '<Column/><Column ss:Hidden="1" ss:Span="1"/>',
      row("", cell("question"), cell("x"), cell("y"), cell("answer")),
      row("", cell("a?"), cell("SECRET"), cell("SECRET"), cell("b")),
      row('ss:Hidden="1"', cell("HIDDEN?"), cell("SECRET"), cell(1), cell("b")),
      row("", cell("c?"), cell("SECRET"), cell(1), cell("d")),
    ];
    const sheets = [
      xmlSheet(rows.join(""), hidden("SheetVisible")),
      xmlSheet(questions, hidden("SheetHidden"), "Two"),
      xmlSheet(questions, hidden("SheetVeryHidden"), "Three"),
    ];
    const found = await read("a.xml", xmlWorkbook(sheets.join("")));
    expect(found.details.sheets).toEqual([
      { name: "One", rows: 2, unread: null, hiddenRows: 1, hiddenColumns: 2 },
      { name: "Two", rows: 0, unread: "hidden" },
      { name: "Three", rows: 0, unread: "hidden" },
    ]);
    expect(found.rows).toMatchObject([
      { line: 2, conversation: [{ content: "a?" }, { content: "b" }] },
      { line: 4, conversation: [{ content: "c?" }, { content: "d" }] },
    ]);
  });

  test("as a table of text if it has no known column, and as an attachment", async () => {
    const rows = row("", cell("item"), cell("price")) + row("", cell("paper"), cell(3));
    const text = xmlWorkbook(xmlSheet(rows));
    expect((await read("a.xls", text)).mapping).toEqual({ kind: "table", columns: ["item", "price"] });
    const message = `Subject: Prices\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the list.\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="list.xls"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(text).toString("base64")}\r\n--b--`;
    expect((await writtenBlocks("a.eml", message)).join("\n")).toMatch(/paper[^\n]*3/);
  });
});

test("A workbook in Excel's XML of 2003 is refused if it is incomplete, empty or stands for too many cells", async () => {
  const text = xmlWorkbook(xmlSheet(questions));
  expect((await refusal("a.xml", text.slice(0, -30))).reason).toMatch(/XML is incomplete/);
  expect((await refusal("a.xml", xmlWorkbook(xmlSheet("")))).reason).toMatch(/no sheet with a row/);
  const far = row("", cell("x", 'ss:Index="16384"')).repeat(200);
  expect((await refusal("a.xml", xmlWorkbook(xmlSheet(questions + far)))).reason).toMatch(/too many cells/);
});

test("Other XML that mentions one is not taken for one", async () => {
  const text = '<?xml version="1.0"?><notes><p>See the Workbook "urn:schemas-microsoft-com:office:spreadsheet".</p></notes>'; // prettier-ignore
  expect((await read("a.xml", text)).format).toBe("xml");
});
