/** Hand-made workbooks. */
import { zipBytes } from "../files/zip-bytes.ts";
import type { ZipPart } from "../files/zip-bytes.ts";

/** A sheet by its rows in XML, with what stands before and after them. */
export interface SheetXml {
  readonly name: string;
  readonly rows: string;
  readonly before?: string;
  readonly after?: string;
  readonly state?: "hidden" | "veryHidden";
}

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPES = "http://schemas.openxmlformats.org/package/2006/content-types";
const SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** The formats of styles 1 to 5: a date as in German, the local date, euros, a percentage, text; `more` follow. */
const styles = (more: readonly string[] = []) =>
  `<styleSheet xmlns="${MAIN}"><numFmts count="${2 + more.length}"><numFmt numFmtId="164" formatCode="dd.mm.yyyy"/><numFmt numFmtId="165" formatCode="#,##0.00 &quot;€&quot;"/>${more.map((code, i) => `<numFmt numFmtId="${166 + i}" formatCode="${code.replaceAll('"', "&quot;")}"/>`).join("")}</numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="${6 + more.length}">${[0, 164, 14, 165, 9, 49, ...more.map((_, i) => 166 + i)].map((id) => `<xf numFmtId="${id}" applyNumberFormat="1"/>`).join("")}</cellXfs></styleSheet>`;

/** What a workbook has beside its sheets: further formats, and whether its days are counted from 1904. */
export interface WorkbookForm {
  readonly formats?: readonly string[];
  readonly is1904?: boolean;
}

/** The parts of a workbook with these sheets. */
export function workbookParts(
  sheets: readonly SheetXml[],
  more: readonly ZipPart[] = [],
  { formats = [], is1904 = false }: WorkbookForm = {},
): ZipPart[] {
  const each = (text: (sheet: SheetXml, number: number) => string) =>
    sheets.map((sheet, i) => text(sheet, i + 1)).join("");
  return [
    {
      name: "[Content_Types].xml",
      content: `<Types xmlns="${TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${SHEET}.styles+xml"/>${each((_, n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${SHEET}.worksheet+xml"/>`)}</Types>`,
    },
    {
      name: "_rels/.rels",
      content: `<Relationships xmlns="${RELATIONS}"><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: "xl/workbook.xml",
      content: `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}">${is1904 ? '<workbookPr date1904="1"/>' : ""}<sheets>${each(({ name, state }, n) => `<sheet name="${name}" sheetId="${n}" r:id="r${n}"${state ? ` state="${state}"` : ""}/>`)}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      content: `<Relationships xmlns="${RELATIONS}">${each((_, n) => `<Relationship Id="r${n}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}<Relationship Id="r0" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    },
    { name: "xl/styles.xml", content: styles(formats) },
    ...sheets.map(({ rows, before = "", after = "" }, i) => ({
      name: `xl/worksheets/sheet${i + 1}.xml`,
      content: `<worksheet xmlns="${MAIN}">${before}<sheetData>${rows}</sheetData>${after}</worksheet>`,
    })),
    ...more,
  ];
}

export const workbookBytes = (...sheets: SheetXml[]): Buffer => zipBytes(workbookParts(sheets));

/** A cell's value: a text, a number, or XML of the cell's own with its attributes. */
export type CellXml = string | number | null | { readonly attributes?: string; readonly xml: string };

/** Rows of cells from the first row on; an empty list is a row that is left out. */
export function rowsXml(...rows: readonly (readonly CellXml[])[]): string {
  return rows
    .map((cells, i) =>
      cells.length === 0
        ? ""
        : `<row r="${i + 1}">${cells.map((cell, c) => cellXml(cell, `${columnName(c)}${i + 1}`)).join("")}</row>`,
    )
    .join("");
}

function cellXml(cell: CellXml, place: string): string {
  if (cell === null) return "";
  if (typeof cell === "number") return `<c r="${place}"><v>${cell}</v></c>`;
  if (typeof cell === "string") return `<c r="${place}" t="inlineStr"><is><t>${cell}</t></is></c>`;
  return `<c r="${place}" ${cell.attributes ?? ""}>${cell.xml}</c>`;
}

const columnName = (column: number): string =>
  column < 26
    ? String.fromCharCode(65 + column)
    : columnName(Math.floor(column / 26) - 1) + columnName(column % 26);

const ODS = "urn:oasis:names:tc:opendocument:xmlns";

/** The parts of an OpenDocument workbook whose sheet has these rows of XML. */
export function odsParts(table: string): ZipPart[] {
  return [
    { name: "mimetype", content: "application/vnd.oasis.opendocument.spreadsheet" },
    {
      name: "content.xml",
      content: `<office:document-content xmlns:office="${ODS}:office:1.0" xmlns:table="${ODS}:table:1.0" xmlns:text="${ODS}:text:1.0"><office:body><office:spreadsheet><table:table table:name="One">${table}</table:table></office:spreadsheet></office:body></office:document-content>`,
    },
  ];
}

/** An OpenDocument sheet of texts. */
export function odsBytes(rows: readonly (readonly string[])[]): Buffer {
  const cells = (row: readonly string[]) =>
    row
      .map(
        (text) => `<table:table-cell office:value-type="string"><text:p>${text}</text:p></table:table-cell>`,
      )
      .join("");
  return zipBytes(odsParts(rows.map((row) => `<table:table-row>${cells(row)}</table:table-row>`).join("")));
}
