import { describe, expect, test } from "vitest";
import { gridOf } from "../../../../main/documents/blocks/table-grid.ts";
import type { Cell } from "../../../../main/documents/blocks/table-grid.ts";
import { odpBytes } from "../office/odp-parts.ts";
import { odtBytes } from "../office/odt-parts.ts";
import { pptxBytes, slideParagraph } from "../office/pptx-parts.ts";
import { read, writtenBlocks } from "../read.ts";
import { rowsXml, workbookBytes } from "../sheets/sheet-bytes.ts";
import type { CellXml } from "../sheets/sheet-bytes.ts";
import { docxParts, zipBytes } from "../files/zip-bytes.ts";

/** The rows of a table as passages have them. */
async function linesOf(name: string, content: string | Uint8Array): Promise<string[]> {
  const { rows } = await read(name, content);
  return rows.flatMap((row) => (row.kind === "example" ? row.example.completion.split("\n") : []));
}

/** A table with merged cells, in the marks of a format: its rows of cells, the first one or two its header. */
type Table = readonly (readonly Cell[])[];

const cell = (text: string, rows = 1, columns = 1): Cell => ({ text, rows, columns });

const PLAN: Table = [
  [cell("Medikament"), cell("Dosis"), cell("Zeit")],
  [cell("Ramipril", 2), cell("5 mg"), cell("morgens")],
  [cell("2,5 mg"), cell("abends")],
  [cell("Insulin nach Schema", 1, 2), cell("vor dem Essen")],
];
const PLAN_LINES = [
  "Medikament: Ramipril; Dosis: 5 mg; Zeit: morgens",
  "Medikament: Ramipril; Dosis: 2,5 mg; Zeit: abends",
  "Medikament: Insulin nach Schema; Zeit: vor dem Essen",
];

const STUDY: Table = [
  [cell("Symptom", 2), cell("Verum", 1, 2), cell("Placebo", 1, 2)],
  [cell("n"), cell("%"), cell("n"), cell("%")],
  [cell("Fieber"), cell("12"), cell("30"), cell("15"), cell("40")],
];
const STUDY_LINES = ["Symptom: Fieber; Verum n: 12; Verum %: 30; Placebo n: 15; Placebo %: 40"];

const html = (table: Table, header: number) =>
  `<table>${table
    .map(
      (row, i) =>
        `<tr>${row.map(({ text, rows, columns }) => `<t${i < header ? "h" : "d"} rowspan=${rows} colspan=${columns}>${text}`).join("")}`,
    )
    .join("")}</table>`;

/** The places of a table: its cells where they begin, and what covers the others. */
function placesOf(table: Table): { cell: Cell; covered: null | "above" | "beside" }[][] {
  const places: { cell: Cell; covered: null | "above" | "beside" }[][] = table.map(() => []);
  for (const [top, row] of table.entries()) {
    let left = 0;
    for (const one of row) {
      while (places[top]![left]) left++;
      for (let y = 0; y < one.rows!; y++)
        for (let x = 0; x < one.columns!; x++)
          places[top + y]![left + x] = { cell: one, covered: x > 0 ? "beside" : y > 0 ? "above" : null };
    }
  }
  return places;
}

/** The rows of a table in OpenDocument. */
function odfRows(table: Table): string[] {
  return placesOf(table).map((row) => {
    const cells = row.map(({ cell: { text, rows, columns }, covered }) =>
      covered
        ? "<table:covered-table-cell/>"
        : `<table:table-cell table:number-rows-spanned="${rows}" table:number-columns-spanned="${columns}"><text:p>${text}</text:p></table:table-cell>`,
    );
    return `<table:table-row>${cells.join("")}</table:table-row>`;
  });
}

function odt(table: Table, header: number): Uint8Array {
  const rows = odfRows(table);
  const named = `<table:table-header-rows>${rows.slice(0, header).join("")}</table:table-header-rows>`;
  return odtBytes(`<table:table>${named}${rows.slice(header).join("")}</table:table>`);
}

const odp = (table: Table) =>
  odpBytes([
    `<draw:frame><table:table table:use-first-row-styles="true">${odfRows(table).join("")}</table:table></draw:frame>`,
  ]);

function pptx(table: Table): Uint8Array {
  const rows = placesOf(table).map((row) => {
    const cells = row.map(({ cell: { text, rows, columns }, covered }) => {
      const merged = covered === "beside" ? 'hMerge="1"' : covered === "above" ? 'vMerge="1"' : "";
      const spans = covered ? "" : `rowSpan="${rows}" gridSpan="${columns}"`;
      return `<a:tc ${spans} ${merged}><a:txBody>${slideParagraph(covered ? "" : text)}</a:txBody></a:tc>`;
    });
    return `<a:tr>${cells.join("")}</a:tr>`;
  });
  return pptxBytes([
    `<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tblPr firstRow="1"/>${rows.join("")}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>`,
  ]);
}

function docx(table: Table, header: number): Uint8Array {
  const rows = placesOf(table).map((row, i) => {
    const cells = row.flatMap(({ cell: { text, rows, columns }, covered }) => {
      if (covered === "beside") return [];
      const merged = rows! > 1 ? `<w:vMerge${covered ? "" : ' w:val="restart"'}/>` : "";
      const paragraph = `<w:p><w:r><w:t>${covered ? "" : text}</w:t></w:r></w:p>`;
      return [`<w:tc><w:tcPr><w:gridSpan w:val="${columns}"/>${merged}</w:tcPr>${paragraph}</w:tc>`];
    });
    return `<w:tr>${i < header ? "<w:trPr><w:tblHeader/></w:trPr>" : ""}${cells.join("")}</w:tr>`;
  });
  return zipBytes(docxParts(`<w:tbl>${rows.join("")}</w:tbl>`));
}

/** Columns of 1,000 twips; cells over several columns are as wide, as Word writes them. */
function rtf(table: Table, header: number): Uint8Array {
  const rows = placesOf(table).map((row, i) => {
    const cells = row.flatMap(({ cell: { text, rows, columns }, covered }, column) => {
      if (covered === "beside") return [];
      const merged = rows! > 1 ? (covered ? "\\clvmrg" : "\\clvmgf") : "";
      const edge = `${merged}\\cellx${1000 * (column + columns!) + (i % 2)}`;
      return [{ edge, text: `${covered ? "" : text}\\cell ` }];
    });
    const definition = `\\trowd${i < header ? "\\trhdr" : ""}${cells.map(({ edge }) => edge).join("")}`;
    return `${definition}\\pard\\intbl ${cells.map(({ text }) => text).join("")}\\row\n`;
  });
  return Buffer.from(`{\\rtf1\\ansi ${rows.join("")}}`, "latin1");
}

describe.each<[string, (table: Table, header: number) => string | Uint8Array]>([
  ["a.html", html],
  ["a.docx", docx],
  ["a.odt", odt],
  ["a.odp", odp],
  ["a.pptx", pptx],
  ["a.rtf", rtf],
])("Merged cells in %s", (name, written) => {
  test("over rows stand in each of them, and what stands beside one over columns has its own column", async () => {
    expect(await linesOf(name, written(PLAN, 1))).toEqual(PLAN_LINES);
  });

  test("of a header stand above each of their columns, and its rows are one", async () => {
    expect(await linesOf(name, written(STUDY, 2))).toEqual(STUDY_LINES);
  });
});

describe("The header of a page's table", () => {
  test("goes on in the rows that its cells reach into", async () => {
    expect(await linesOf("a.html", html(STUDY, 1))).toEqual(STUDY_LINES);
  });

  test("has a title above it, which is no name of a column", async () => {
    const titled = [[cell("Medikationsplan", 1, 3)], ...PLAN];
    expect(await linesOf("a.html", html(titled, 2))).toEqual(["Medikationsplan", "", ...PLAN_LINES]);
  });

  test("ends above a cell over all columns", async () => {
    const [names, ...rows] = PLAN;
    const parted = html([names!, [cell("Dauerhaft", 1, 3)], ...rows], 2);
    expect(await linesOf("a.html", parted)).toEqual(["Medikament: Dauerhaft", ...PLAN_LINES]);
  });
});

test("A table without a header has its merged values in all their rows", async () => {
  expect(await writtenBlocks("a.html", html(PLAN.slice(1), 0))).toEqual([
    "1 Ramipril | 5 mg | morgens",
    "2 Ramipril | 2,5 mg | abends",
    "3 Insulin nach Schema | vor dem Essen",
  ]);
});

describe("A sheet's header of two rows", () => {
  const rows = [
    ["Symptom", "Verum", null, "Placebo", null],
    [null, "n", "%", "n", "%"],
    ["Fieber", 12, 30, 15, 40],
  ];
  const merged = (...ranges: string[]) =>
    `<mergeCells>${ranges.map((range) => `<mergeCell ref="${range}"/>`).join("")}</mergeCells>`;
  const recordOf = async (after: string, ...rows: readonly (readonly CellXml[])[]) =>
    (
      await read("a.xlsx", workbookBytes({ name: "One", rows: rowsXml(...rows), after }), {
        kind: "text",
        text: "Symptom",
      })
    ).head[0];

  test("names each column by both", async () => {
    const named = {
      Symptom: "Fieber",
      "Verum n": "12",
      "Verum %": "30",
      "Placebo n": "15",
      "Placebo %": "40",
    };
    expect(await recordOf(merged("A1:A2", "B1:C1", "D1:E1"), ...rows)).toEqual(named);
    expect(await recordOf(merged("B1:C1", "D1:E1"), ...rows)).toEqual(named);
  });

  test("is one of one row if the names merged over columns have none below them", async () => {
    expect(await recordOf(merged("B1:C1"), ["Symptom", "Bemerkung", null], ["Fieber", "hoch"])).toEqual({
      Symptom: "Fieber",
      Bemerkung: "hoch",
    });
  });
});

describe("A hostile span", () => {
  test("covers no more than the table's rows, and a thousand columns", () => {
    const { rows, covered } = gridOf(
      [
        { cells: [cell("a", 1e9, 1e9), cell("b")], isHeader: false },
        { cells: [cell("c")], isHeader: false },
      ],
      1e5,
    );
    expect(covered).toBe(1999);
    expect(rows.map(({ cells }) => cells.length)).toEqual([1001, 1001]);
    expect(rows.map(({ cells }) => cells.filter((text) => text !== null))).toEqual([
      ["a", "b"],
      ["a", "c"],
    ]);
  });

  test("is none once merged cells cover many places, and repeats no long text", async () => {
    const many = `<table>${"<tr><td colspan=1000>a<td colspan=1000>b".repeat(2000)}</table>`;
    const started = process.memoryUsage().rss;
    expect(await writtenBlocks("a.html", many)).toHaveLength(2000);
    const long = `<table><tr><td rowspan=60000>${"long ".repeat(10_000)}<td>1${"<tr><td>2".repeat(3000)}</table>`;
    expect((await writtenBlocks("a.html", long)).at(-1)).toBe("3001 2");
    const late = `<table><tr><td colspan=999>a<td rowspan=60000>b${"<tr><td>2".repeat(30_000)}</table>`;
    expect((await writtenBlocks("a.html", late)).at(-1)).toBe("30001 2");
    expect(process.memoryUsage().rss - started).toBeLessThan(300 * 2 ** 20);
  });
});
