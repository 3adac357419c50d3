import { describe, expect, test } from "vitest";
import { compoundBytes } from "../compound-bytes.ts";
import { read, refusal } from "../read.ts";
import { odsBytes, odsParts, rowsXml, workbookBytes, workbookParts } from "./sheet-bytes.ts";
import type { CellXml, SheetXml } from "./sheet-bytes.ts";
import { zipBytes } from "../files/zip-bytes.ts";

const sheet = (name: string, ...rows: readonly (readonly CellXml[])[]): SheetXml => ({
  name,
  rows: rowsXml(...rows),
});
const styled = (style: number, value: number): CellXml => ({
  attributes: `s="${style}"`,
  xml: `<v>${value}</v>`,
});
const records = async (...sheets: SheetXml[]) => (await read("a.xlsx", workbookBytes(...sheets), ASIS)).head;
/** So that any columns will do. */
const ASIS = { kind: "text", text: "a" } as const;

describe("A workbook is read", () => {
  test("as records with the names of its header, each with its line", async () => {
    const { rows, format } = await read(
      "a.xlsx",
      workbookBytes(sheet("One", ["question", "answer"], ["a?", "b"], [], ["c?", "d"])),
    );
    expect(format).toBe("xlsx");
    expect(rows).toMatchObject([
      { line: 2, conversation: [{ content: "a?" }, { content: "b" }] },
      { line: 4, conversation: [{ content: "c?" }, { content: "d" }] },
    ]);
  });

  test("with numbers and dates as a person reads them", async () => {
    const cells = [
      styled(1, 45352),
      styled(2, 45352),
      styled(2, 45352.5),
      styled(3, 1234.5),
      styled(4, 0.12),
      0.1 + 0.2,
    ];
    const names = ["a", "b", "c", "d", "e"];
    const [english] = await records(sheet("One", [...names, "share of the sum"], cells));
    expect(Object.values(english!)).toEqual([
      "01.03.2024",
      "2024-03-01",
      "2024-03-01 12:00",
      "1,234.50 €",
      "12%",
      "0.3",
    ]);
    const german = ["01.03.2024", "01.03.2024", "01.03.2024 12:00", "1.234,50 €", "12%", "0,3"];
    for (const name of ["f", "Anteil an der Summe"])
      expect(Object.values((await records(sheet("One", [...names, name], cells)))[0]!)).toEqual(german);
  });

  test.each([
    ["[$-407]d/\\ mmmm\\ yyyy;@", "1. März 2024", "1. März 2024"],
    ["[$-409]d/\\ mmmm\\ yyyy;@", "1/ March 2024", "1/ March 2024"],
    ["[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "Freitag, 1. März 2024", "Friday, March 01, 2024"],
    ["dd/mm/yyyy", "01.03.2024", "01/03/2024"],
    ["mm/dd/yyyy", "01.03.2024", "2024-03-01"],
    ["ddd\\ mmm/yy", "Fr Mrz.24", "Fri Mar/24"],
    ["mmmm", "März", "March"],
    ['yyyy\\-mm\\-dd" at mmm"', "2024-03-01 at mmm", "2024-03-01 at mmm"],
    ["#,##0.00\\ [$€-407]", "45.352,00 €", "45,352.00 €"],
    ["[$$-409]#,##0.00", "$45.352,00", "$45,352.00"],
    ["0.00E+00", "4,54E+04", "4.54E+04"],
    ["h:mm\\ AM/PM", "12:00 AM", "12:00 AM"],
  ])(
    "with the format %s in the language that it names, otherwise in the workbook's",
    async (code, ...texts) => {
      for (const [i, header] of ["Wert der Sache", "value of the thing"].entries()) {
        const parts = workbookParts([sheet("One", ["a", header], ["x", styled(6, 45352)])], [], {
          formats: [code],
        });
        const { head } = await read("a.xlsx", zipBytes(parts), ASIS);
        expect(head[0]![header]).toBe(texts[i]);
      }
    },
  );

  test.each([
    ["Le prix de la maison et du jardin", ["1 mars 2024", "1\u00a0234,50 €"]],
    ["Il prezzo della casa che si paga", ["1 marzo 2024", "1.234,50 €"]],
    ["Cena, która jest dla najemcy", ["1 marca 2024", "1\u00a0234,50 €"]],
    ["Bir kira ve bir ücret", ["1 Mart 2024", "1.234,50 €"]],
    ["Nájemné za každý měsíc", ["1 March 2024", "1.234,50 €"]], // a language whose months it does not know
    ["Preis", ["1 März 2024", "1.234,50 €"]],
  ])("in the language of %s", async (header, texts) => {
    const cells = [styled(6, 45352), styled(7, 1234.5)];
    const parts = workbookParts([sheet("One", ["a", header], cells)], [], {
      formats: ["d mmmm yyyy", "#,##0.00 €"],
    });
    const { head } = await read("a.xlsx", zipBytes(parts), ASIS);
    expect(Object.values(head[0]!)).toEqual(texts);
  });

  test.each([
    ['_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)', "$-"],
    ['_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', "- €"],
    ['0;0;"none?"', "none?"],
    ["0;0;??/??", "0"],
  ])("with zero as %s shows it", async (code, shown) => {
    const rows = sheet("One", ["a", "amount of the rent"], ["x", styled(6, 0)]);
    const { head } = await read("a.xlsx", zipBytes(workbookParts([rows], [], { formats: [code] })), ASIS);
    expect(head[0]!["amount of the rent"]).toBe(shown);
  });

  test.each([
    ["# ?/?", "1/8"],
    ["#\\ ???/???", "10/ 81"],
    ["#\\ ??/?????????", "0.123456789"], // the denominators that it has places for would take hours
    ["[Red]?_)/[>1]????????", "0.123456789"],
  ])("with fractions as %s shows them", async (code, shown) => {
    const rows = sheet("One", ["a", "share of the rent"], ["x", styled(6, 0.123456789)]);
    const { head } = await read("a.xlsx", zipBytes(workbookParts([rows], [], { formats: [code] })), ASIS);
    expect(head[0]!["share of the rent"]).toBe(shown);
  });

  test("with Swiss numbers as they are in Switzerland", async () => {
    const rows = sheet("One", ["a", "Betrag für die Miete"], ["x", styled(6, 1234.5)]);
    const parts = workbookParts([rows], [], { formats: ['"CHF" #,##0.00'] });
    expect((await read("a.xlsx", zipBytes(parts), ASIS)).head).toEqual([
      { a: "x", "Betrag für die Miete": "CHF 1'234.50" },
    ]);
  });

  test("with the same durations whatever year its days are counted from", async () => {
    for (const is1904 of [false, true]) {
      const cells = [styled(6, 1.5), styled(7, 1.5), styled(6, 2 / 24), styled(6, -2 / 24)];
      const rows = sheet("One", ["a", "b", "c", "d"], cells);
      const parts = workbookParts([rows], [], { formats: ["[h]:mm", "yyyy-mm-dd"], is1904 });
      const { head } = await read("a.xlsx", zipBytes(parts), ASIS);
      const b = is1904 ? "1904-01-02" : "1900-01-01";
      expect(head).toEqual([{ a: "36:00", b, c: "2:00", d: "-2:00" }]);
    }
  });

  test("with durations of 60 days, which would be dates that Excel counts and no calendar has", async () => {
    for (const is1904 of [false, true]) {
      const total = { attributes: 's="6"', xml: "<f>SUM(A2:A9)</f><v>60.4375</v>" };
      const rows = sheet("One", ["a", "b", "c", "d"], [styled(6, 59), total, styled(6, 61), styled(7, 61)]);
      const parts = workbookParts([rows], [], { formats: ["[h]:mm", "yyyy-mm-dd"], is1904 });
      const { head } = await read("a.xlsx", zipBytes(parts), ASIS);
      const d = is1904 ? "1904-03-02" : "1900-03-01";
      expect(head).toEqual([{ a: "1416:00", b: "1450:30", c: "1464:00", d }]);
    }
  });

  test("with the last results of formulas, booleans, and errors as empty cells", async () => {
    const [record] = await records(
      sheet(
        "One",
        ["a", "b", "c", "d"],
        [
          "x",
          { xml: "<f>1+1</f><v>2</v>" },
          { attributes: 't="b"', xml: "<v>1</v>" },
          { attributes: 't="e"', xml: "<f>1/0</f><v>#DIV/0!</v>" },
        ],
      ),
    );
    expect(record).toEqual({ a: "x", b: "2", c: "TRUE", d: "" });
    const german = sheet("One", ["a", "Ist das Geld da?"], ["x", { attributes: 't="b"', xml: "<v>0</v>" }]);
    expect(Object.values((await records(german))[0]!)).toEqual(["x", "FALSCH"]);
  });

  test("with the value of a merged range in each of its cells, below the header", async () => {
    const rows = rowsXml(
      ["Our questions"],
      ["a", "question"],
      ["contract", "q1"],
      [null, "q2"],
      ["letter", "q3"],
    );
    const after = '<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="A3:A4"/></mergeCells>';
    expect(await records({ name: "One", rows, after })).toEqual([
      { a: "contract", question: "q1" },
      { a: "contract", question: "q2" },
      { a: "letter", question: "q3" },
    ]);
  });

  test("with names that are merged over columns of a second row of names, however few they are", async () => {
    const rows = rowsXml(
      ["Results of 2024"],
      [null, "First quarter", null, "Second quarter", null],
      ["in thousands", "plan", "actual", "plan", "actual"],
      ["Interest", 12, 11, 13, 14],
    );
    const after =
      '<mergeCells count="3"><mergeCell ref="A1:E1"/><mergeCell ref="B2:C2"/><mergeCell ref="D2:E2"/></mergeCells>';
    expect((await read("a.xlsx", workbookBytes({ name: "One", rows, after }))).head).toEqual([
      {
        "in thousands": "Interest",
        "First quarter plan": "12",
        "First quarter actual": "11",
        "Second quarter plan": "13",
        "Second quarter actual": "14",
      },
    ]);
  });

  test("with the text of a range over all columns once", async () => {
    const rows = rowsXml(
      ["question", "answer"],
      ["About accounts"],
      ["What does one cost?", "Nothing."],
      ["Who may open one?", "Anyone."],
      ["Prices may change."],
    );
    const after = '<mergeCells count="2"><mergeCell ref="A2:B2"/><mergeCell ref="A5:B6"/></mergeCells>';
    const { rows: found, leftOut } = await read("a.xlsx", workbookBytes({ name: "One", rows, after }));
    expect(found).toMatchObject([{ line: 3 }, { line: 4 }]);
    expect(leftOut).toEqual([{ reason: { code: "empty", part: "completion" }, rows: 2, lines: [2, 5] }]);
  });

  test("from the sheet whose columns are understood and those like it; of the others it is said why not", async () => {
    const hidden = { ...sheet("Old", ["question", "answer"], ["x?", "y"]), state: "hidden" as const };
    const { rows, details } = await read(
      "a.xlsx",
      workbookBytes(
        sheet("About", ["Written by us"]),
        sheet("Prices", ["item", "price"], ["paper", 3], ["ink", 4]),
        sheet("January", ["question", "answer"], ["a?", "b"]),
        sheet("February", ["question", "answer"], ["c?", "d"]),
        hidden,
      ),
    );
    expect(rows).toHaveLength(2);
    expect(details.sheets).toEqual([
      { name: "About", rows: 0, unread: "no-table" },
      { name: "Prices", rows: 2, unread: "other-columns" },
      { name: "January", rows: 1, unread: null },
      { name: "February", rows: 1, unread: null },
      { name: "Old", rows: 0, unread: "hidden" },
    ]);
  });

  test("in OpenDocument's form too", async () => {
    const { rows, format } = await read(
      "a.ods",
      odsBytes([
        ["frage", "antwort"],
        ["a?", "b"],
      ]),
    );
    expect(format).toBe("ods");
    expect(rows).toMatchObject([{ conversation: [{ content: "a?" }, { content: "b" }] }]);
  });

  test("in OpenDocument's form with what its cells show, whatever their values are", async () => {
    const cell = (type: string, text: string, more = "") =>
      `<table:table-cell office:value-type="${type}" ${more}><text:p>${text}</text:p></table:table-cell>`;
    const rows = [
      ["Kunde", "PLZ", "Zins", "Saldo", "Termin", "Tag", "Fehler"].map((name) => cell("string", name)),
      [
        cell("string", "Müller<text:s/>KG").replace("</text:p>", "</text:p><text:p>Nord</text:p>"),
        cell("float", "01067", 'office:value="1067"'),
        cell("percentage", "3,5 %", 'office:value="0.035"'),
        cell("currency", "12,50 €", 'office:value="12.5"').replace(
          "<text:p>",
          "<office:annotation><text:p>NOTE</text:p></office:annotation><text:p>",
        ),
        cell("time", "08:30", 'office:time-value="PT08H30M00S"'),
        cell("date", "28.02.19", 'office:date-value="2019-02-28"'),
        cell("string", "#DIV/0!", 'calcext:value-type="error"'),
      ],
      [
        cell("string", "Weiß", 'table:number-rows-spanned="2"'),
        '<table:table-cell office:value-type="float" office:value="70173"/>',
      ],
      [
        '<table:covered-table-cell table:number-columns-repeated="2"/>',
        cell("percentage", "2 %", 'office:value="0.02"'),
      ],
      ['<table:table-cell table:number-columns-repeated="16384"/>'],
    ];
    const xml = rows.map((cells) => `<table:table-row>${cells.join("")}</table:table-row>`).join("");
    const { head } = await read("a.ods", zipBytes(odsParts(xml)));
    expect(head.map((fields) => Object.values(fields).join("|"))).toEqual([
      "Müller KG\nNord|01067|3,5 %|12,50 €|08:30|28.02.19|",
      "Weiß|70173|||||",
      "Weiß||2 %||||",
    ]);
  });

  test("in OpenDocument's form without its hidden sheets, and refused if it stands for too many cells", async () => {
    const cell = '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>';
    const row = `<table:table-row table:number-rows-repeated="1000">${cell.replace(" office", ' table:number-columns-repeated="100" office')}</table:table-row>`;
    expect((await refusal("a.ods", zipBytes(odsParts(row.repeat(50))))).reason).toMatch(/too many cells/);
    const parts = odsParts(`<table:table-row>${cell}</table:table-row>`.repeat(2));
    const hidden = (parts[1]!.content as string)
      .replace(
        "<office:body>",
        '<office:automatic-styles><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body>',
      )
      .replace("</table:table>", '</table:table><table:table table:name="Two" table:style-name="ta2"/>');
    const { details } = await read("a.ods", zipBytes([parts[0]!, { ...parts[1]!, content: hidden }]), ASIS);
    expect(details.sheets).toEqual([
      { name: "One", rows: 1, unread: null },
      { name: "Two", rows: 0, unread: "hidden" },
    ]);
  });

  test("without hidden rows and columns, which are counted, each row with its own line", async () => {
    const rows = rowsXml(
      ["q_id", "note", "q_text", "a_text"],
      ["Id", "seen by us", "question", "answer"],
      ["1", "x", "a?", "b"],
      [],
      ["2", "x", "merged?", "b"],
      ["3", null, null, "d"],
    ).replace(/<row r="[145]"/g, '$& hidden="1"');
    const before = '<cols><col min="1" max="2" hidden="1"/><col min="5" max="16384" hidden="1"/></cols>';
    const after = '<mergeCells><mergeCell ref="C5:C6"/></mergeCells>';
    const found = await read("a.xlsx", workbookBytes({ name: "One", rows, before, after }));
    expect(found.details.sheets).toEqual([
      { name: "One", rows: 2, unread: null, hiddenRows: 2, hiddenColumns: 2 },
    ]);
    expect(found.rows).toMatchObject([
      { line: 3, conversation: [{ content: "a?" }, { content: "b" }] },
      { line: 6, conversation: [{ content: "merged?" }, { content: "d" }] }, // as Excel shows it
    ]);
  });

  test("in OpenDocument's form without hidden and filtered rows and without hidden columns", async () => {
    const cell = (text: string) =>
      `<table:table-cell office:value-type="string"><text:p>${text}</text:p></table:table-cell>`;
    const row = (more: string, ...texts: string[]) =>
      `<table:table-row ${more}>${texts.map(cell).join("")}</table:table-row>`;
    const xml = [
      '<table:table-column table:number-columns-repeated="2" table:visibility="collapse"/><table:table-column table:number-columns-repeated="2"/><table:table-column table:number-columns-repeated="16380" table:visibility="collapse"/>',
      row("", "Id", "", "question", "answer"),
      row("", "1", "", "a?", "b"),
      '<table:table-row table:visibility="collapse" table:number-rows-repeated="3"><table:table-cell/></table:table-row>',
      row('table:visibility="filter" table:number-rows-repeated="2"', "2", "", "HIDDEN?", "b"),
      `<table:table-row-group>${row('table:visibility="collapse"', "3", "", "HIDDEN?", "b")}</table:table-row-group>`,
      row('table:visibility="visible"', "4", "", "c?", "d"),
    ];
    const found = await read("a.ods", zipBytes(odsParts(xml.join(""))));
    expect(found.details.sheets).toEqual([
      { name: "One", rows: 2, unread: null, hiddenRows: 3, hiddenColumns: 1 },
    ]);
    expect(found.rows).toMatchObject([
      { line: 2, conversation: [{ content: "a?" }, { content: "b" }] },
      { line: 9, conversation: [{ content: "c?" }, { content: "d" }] },
    ]);
  });

  test("with few of the equal rows that a few bytes of OpenDocument stand for", async () => {
    const cell = (text: string) =>
      `<table:table-cell office:value-type="string"><text:p>${text}</text:p></table:table-cell>`;
    const repeated = (count: number) =>
      `<table:table-row table:number-rows-repeated="${count}">${cell("a?")}${cell("b")}</table:table-row>`;
    const sheet = `<table:table-row>${cell("question")}${cell("answer")}</table:table-row>`;
    const { details } = await read("a.ods", zipBytes(odsParts(sheet + repeated(3) + repeated(1e6))));
    expect(details.sheets).toMatchObject([{ rows: 1003 }]);
  });

  test("whatever its name is", async () => {
    expect(
      (await read("a.csv", workbookBytes(sheet("One", ["question", "answer"], ["a?", "b"])))).rows,
    ).toHaveLength(1);
  });
});

describe("A workbook is refused", () => {
  test.each([
    [
      "whose rows are hidden",
      workbookBytes({
        name: "One",
        rows: rowsXml(["a", "b"], ["c", "d"]).replaceAll("<row", '<row hidden="1"'),
      }),
      /show hidden sheets, rows and columns/,
    ],
    ["without a table", workbookBytes(sheet("One", ["Only a title"])), /no sheet with a row of column names/],
    [
      "of an old version, or protected",
      compoundBytes({ Contents: Buffer.alloc(600) }),
      /old or protected Office file/,
    ],
    ["that is something else", Buffer.from("question,answer\na?,b\n"), /it is not one/],
    [
      "protected part by part",
      zipBytes(workbookParts([sheet("One", ["a"], ["b"])]).map((part) => ({ ...part, encrypted: true }))),
      /protected by a password/,
    ],
    [
      "that unpacks to far more",
      zipBytes(
        workbookParts(
          [sheet("One", ["a"], ["b"])],
          [{ name: "xl/sharedStrings.xml", content: Buffer.alloc(60e6, 32) }],
        ),
      ),
      /unpacks to more than 48 MiB/,
    ],
    [
      "whose sheet is broken",
      zipBytes(workbookParts([{ name: "One", rows: "<row><c" }])),
      /damaged|no sheet/,
    ],
    [
      "whose cells span the whole sheet",
      workbookBytes({
        name: "One",
        rows: '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
      }),
      /too many cells/,
    ],
  ])("%s", async (_, bytes, reason) => {
    expect((await refusal("a.xlsx", bytes)).reason).toMatch(reason);
  });
});
