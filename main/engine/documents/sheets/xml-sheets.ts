/** The sheets of a workbook in the XML of Excel 2002 and 2003 ("XML Spreadsheet Reference", Microsoft 2001). */
import { lastAtOrBefore } from "../blocks/ascending.ts";
import { CellCount } from "./cell-count.ts";
import { walkXml } from "../markup/markup.ts";
import { dateIn } from "./ods-sheets.ts";
import { CellSheet, formatOfCode, MOST_CELLS } from "./sheet-cells.ts";
import type { CellFormat } from "./sheet-cells.ts";

/** The formats that have names. The sign of "Currency" is that of the computer, which the file does not say. */
const NAMED: Readonly<Record<string, string>> = {
  "General Number": "General",
  "General Date": "m/d/yyyy h:mm",
  "Long Date": "[$-F800]dddd, mmmm dd, yyyy",
  "Medium Date": "d-mmm-yy",
  "Short Date": "m/d/yyyy",
  "Long Time": "h:mm:ss AM/PM",
  "Medium Time": "h:mm AM/PM",
  "Short Time": "h:mm",
  Currency: "#,##0.00",
  "Euro Currency": "[$€-2] #,##0.00",
  Fixed: "0.00",
  Standard: "#,##0.00",
  Percent: "0.00%",
  Scientific: "0.00E+00",
  "Yes/No": '"Yes";"Yes";"No"',
  "True/False": '"True";"True";"False"',
  "On/Off": '"On";"On";"Off"',
};
/** The style of cells that name none. */
const DEFAULT = "Default";

type Attributes = Readonly<Record<string, string>>;

/** The worksheets of a workbook. Throws `BadDocument`: incomplete, nested too deep, too many cells. */
export function xmlSheets(xml: string): { sheets: CellSheet[]; dateSystem: "1900" | "1904" } {
  const reader = new Reader();
  walkXml(xml, reader);
  return { sheets: reader.sheets, dateSystem: reader.is1904 ? "1904" : "1900" };
}

class Reader {
  readonly sheets: CellSheet[] = [];
  is1904 = false;
  /** The names of the open elements, without prefixes. */
  readonly #open: string[] = [];
  readonly #cells = new CellCount(MOST_CELLS);
  readonly #formats = new Map<string, CellFormat | undefined>();
  #style = "";
  #sheet: CellSheet | undefined;
  /** The open row and cell, from 0, and where the next ones are if they do not say it. */
  #row = 0;
  #column = 0;
  #nextRow = 0;
  #nextColumn = 0;
  /** The styles that the open table, its columns and the open row give to cells without one, and that of the open cell. */
  #tableStyle: string | undefined;
  #columnStyles: { readonly first: number; readonly last: number; readonly style: string | undefined }[] = [];
  #rowStyle: string | undefined;
  #cellStyle = DEFAULT;
  #type = "";
  /** The text of the open element, if it is one whose text counts. */
  #text: string | undefined;

  readonly opened = (prefixed: string, attributes: Attributes): void => {
    const name = withoutPrefix(prefixed);
    const place = `${this.#open.at(-1) ?? ""}/${name}`;
    this.#open.push(name);
    switch (place) {
      case "ExcelWorkbook/Date1904":
        this.is1904 = true;
        break;
      case "Styles/Style":
        this.#style = valueIn(attributes, "ID") ?? "";
        this.#formats.set(this.#style, this.#formats.get(valueIn(attributes, "Parent") ?? ""));
        break;
      case "Style/NumberFormat":
        this.#formats.set(this.#style, formatNamed(valueIn(attributes, "Format") ?? ""));
        break;
      case "Workbook/Worksheet":
        this.#sheet = new CellSheet(valueIn(attributes, "Name") ?? "", false, this.#cells);
        this.sheets.push(this.#sheet);
        break;
      case "Worksheet/Table":
        this.#nextRow = this.#nextColumn = 0;
        this.#tableStyle = valueIn(attributes, "StyleID");
        this.#columnStyles = [];
        break;
      case "Table/Column":
        this.#openColumns(attributes);
        break;
      case "Table/Row":
        this.#openRow(attributes);
        break;
      case "Row/Cell":
        this.#openCell(attributes);
        break;
      case "Cell/Data":
        this.#type = valueIn(attributes, "Type") ?? "";
        this.#text = "";
        break;
      case "WorksheetOptions/Visible":
        this.#text = "";
    }
  };

  readonly text = (text: string): void => {
    if (this.#text !== undefined) this.#text += text;
  };

  readonly closed = (): void => {
    const name = this.#open.pop()!;
    const text = this.#text;
    if (text === undefined) return;
    const place = `${this.#open.at(-1) ?? ""}/${name}`;
    if (place === "Cell/Data") this.#setCell(text);
    else if (place === "WorksheetOptions/Visible") {
      if (this.#sheet && /^Sheet(?:Very)?Hidden$/.test(text.trim())) this.#sheet.hidden = true;
    } else return;
    this.#text = undefined;
  };

  #openColumns(attributes: Attributes): void {
    const first = placeIn(attributes, this.#nextColumn);
    const last = first + countIn(attributes, "Span");
    if (isHidden(attributes)) this.#sheet?.hideColumns(first, last);
    this.#columnStyles.push({ first, last, style: valueIn(attributes, "StyleID") });
    this.#nextColumn = last + 1;
  }

  #openRow(attributes: Attributes): void {
    this.#row = placeIn(attributes, this.#nextRow);
    this.#nextRow = this.#row + countIn(attributes, "Span") + 1; // those that it spans are empty
    this.#nextColumn = 0;
    this.#rowStyle = valueIn(attributes, "StyleID");
    if (isHidden(attributes)) this.#sheet?.hiddenRows.add(this.#row);
  }

  #openCell(attributes: Attributes): void {
    const [row, column] = [this.#row, placeIn(attributes, this.#nextColumn)];
    const [across, down] = [countIn(attributes, "MergeAcross"), countIn(attributes, "MergeDown")];
    if (across > 0 || down > 0)
      this.#sheet?.merge({ startRow: row, startCol: column, endRow: row + down, endCol: column + across });
    this.#column = column;
    this.#nextColumn = column + across + 1;
    this.#cellStyle =
      valueIn(attributes, "StyleID") ??
      this.#rowStyle ??
      this.#columnStyleAt(column) ??
      this.#tableStyle ??
      DEFAULT;
  }

  #columnStyleAt(column: number): string | undefined {
    const styles = this.#columnStyles;
    const found = styles[lastAtOrBefore(column, styles.length, (index) => styles[index]!.first)];
    return found && column <= found.last ? found.style : undefined;
  }

  #setCell(text: string): void {
    const place = [this.#row, this.#column] as const;
    const format = this.#formats.get(this.#cellStyle);
    const plain = text.trim();
    if (plain === "" || this.#type === "Error") return;
    switch (this.#type) {
      case "Number":
        if (!Number.isFinite(Number(plain))) break;
        return this.#sheet?.setNumber(place, Number(plain), format, this.is1904);
      case "DateTime": {
        const date = dateIn(plain);
        if (!date) break;
        return this.#sheet?.setFormatted(place, date, format);
      }
      case "Boolean":
        return this.#sheet?.set(...place, plain === "1");
    }
    this.#sheet?.set(...place, text);
  }
}

const withoutPrefix = (name: string) => name.slice(name.indexOf(":") + 1);

/** The value of an attribute, whatever the prefix of its name is. */
function valueIn(attributes: Attributes, name: string): string | undefined {
  const found = attributes[`ss:${name}`] ?? attributes[name];
  if (found !== undefined) return found;
  const key = Object.keys(attributes).find((key) => withoutPrefix(key) === name);
  return key === undefined ? undefined : attributes[key];
}

const MOST_SPANNED = 2 ** 20;

function countIn(attributes: Attributes, name: string): number {
  const count = Number.parseInt(valueIn(attributes, name) ?? "", 10) || 0;
  return Math.min(Math.max(count, 0), MOST_SPANNED);
}

/** Where a row, column or cell is, from 0: where it says, which is after the ones before it, or at the next place. */
const placeIn = (attributes: Attributes, next: number): number =>
  Math.max(next, countIn(attributes, "Index") - 1);

const isHidden = (attributes: Attributes) => valueIn(attributes, "Hidden") === "1";

function formatNamed(name: string): CellFormat | undefined {
  return formatOfCode(Object.hasOwn(NAMED, name) ? NAMED[name] : name);
}
