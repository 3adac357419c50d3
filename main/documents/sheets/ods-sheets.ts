/** The sheets of an OpenDocument workbook, with the displayed text of their cells (OASIS OpenDocument 1.3, part 3, chapter 9). */
import type { CellValue } from "hucre/xlsx";
import { CellCount } from "./cell-count.ts";
import { walkXml } from "../markup/markup.ts";
import type { StoredSheet } from "./shown-part.ts";

/** A row or cell may stand for several equal ones; no real table repeats one with content more often than this. */
const MOST_REPEATED = { rows: 1000, columns: 100 };
const MOST_CELLS = 4_000_000;

type Attributes = Readonly<Record<string, string>>;

interface OpenRow {
  readonly values: CellValue[];
  readonly shown: (string | undefined)[];
  readonly count: number;
  readonly merges: Range[];
  readonly isHidden: boolean;
}

type Range = NonNullable<StoredSheet["merges"]>[number];
type OpenSheet = StoredSheet & {
  readonly rows: CellValue[][];
  readonly shown: (readonly (string | undefined)[])[];
  readonly merges: Range[];
  readonly hiddenRows: Set<number>;
  readonly hiddenColumns: Set<number>;
};

/** The sheets in a content.xml. Throws `BadDocument`: incomplete, nested too deep, too many cells. */
export function odsSheets(xml: string): StoredSheet[] {
  const reader = new Reader();
  walkXml(xml, reader);
  return reader.sheets;
}

class Reader {
  readonly sheets: OpenSheet[] = [];
  /** Styles of sheets that are not shown. */
  readonly #hidden = new Set<string>();
  #style = "";
  #tables = 0;
  /** The columns of the open sheet so far. */
  #columns = 0;
  /** Empty rows after the last one with content; they are added only when another row with content follows. */
  #emptyRows = 0;
  #row: OpenRow | undefined;
  #cell: Attributes | undefined;
  #paragraphs: string[] = [];
  #isParagraph = false;
  /** The depth within elements of a cell that are not its text: comments, pictures, tables. */
  #apart = 0;
  readonly #cells = new CellCount(MOST_CELLS);

  readonly opened = (name: string, attributes: Attributes): void => {
    if (this.#apart > 0 || (this.#cell && /^(office:annotation|draw:|table:table$)/.test(name)))
      this.#apart++;
    else if (this.#cell) this.#openedInCell(name, attributes);
    else if (name === "style:style") this.#style = attributes["style:name"] ?? "";
    else if (name === "style:table-properties" && attributes["table:display"] === "false")
      this.#hidden.add(this.#style);
    else if (name === "table:table") this.#openTable(attributes);
    else if (this.#tables === 1 && name === "table:table-column") this.#openColumns(attributes);
    else if (this.#tables === 1 && name === "table:table-row") this.#openRow(attributes);
    else if (this.#row && /^table:(covered-)?table-cell$/.test(name)) {
      this.#cell = name === "table:table-cell" ? attributes : { ...attributes, "office:value-type": "" };
      this.#paragraphs = [];
    }
  };

  readonly text = (text: string): void => {
    if (this.#isParagraph && this.#apart === 0)
      this.#paragraphs[this.#paragraphs.length - 1] += text.replace(/\s+/g, " ");
  };

  readonly closed = (name: string): void => {
    if (this.#apart > 0) this.#apart--;
    else if (name === "text:p") this.#isParagraph = false;
    else if (/^table:(covered-)?table-cell$/.test(name)) this.#closeCell();
    else if (name === "table:table-row") this.#closeRow();
    else if (name === "table:table") {
      this.#tables--;
      this.#emptyRows = 0;
    }
  };

  #openedInCell(name: string, attributes: Attributes): void {
    if (name === "text:p") {
      this.#isParagraph = true;
      this.#paragraphs.push("");
    } else if (name === "text:s") this.text(" ");
    else if (name === "text:tab") this.text(" ");
    else if (name === "text:line-break") this.#paragraphs.push("");
    else if (attributes["text:display"] === "none") this.#apart++;
  }

  #openTable(attributes: Attributes): void {
    if (this.#tables++ > 0) return;
    const hidden = this.#hidden.has(attributes["table:style-name"] ?? "");
    this.#columns = 0;
    this.sheets.push({
      name: attributes["table:name"] ?? "",
      rows: [],
      shown: [],
      merges: [],
      hidden,
      hiddenRows: new Set(),
      hiddenColumns: new Set(),
    });
  }

  #openColumns(attributes: Attributes): void {
    const sheet = this.sheets[this.sheets.length - 1];
    const end = Math.min(this.#columns + countIn(attributes, "table:number-columns-repeated"), 2 ** 14);
    if (isHidden(attributes))
      for (let column = this.#columns; column < end; column++) sheet?.hiddenColumns.add(column);
    this.#columns = end;
  }

  #openRow(attributes: Attributes): void {
    this.#row = {
      values: [],
      shown: [],
      count: countIn(attributes, "table:number-rows-repeated"),
      merges: [],
      isHidden: isHidden(attributes),
    };
  }

  #closeCell(): void {
    const [cell, row, sheet] = [this.#cell, this.#row, this.sheets[this.sheets.length - 1]];
    this.#cell = undefined;
    if (!cell || !row || !sheet) return;
    const column = row.values.length;
    const text = this.#paragraphs.join("\n");
    const value = valueOf(cell, text);
    const isFilled = value !== null || text !== "";
    const count = countIn(cell, "table:number-columns-repeated");
    for (let i = Math.min(count, isFilled ? MOST_REPEATED.columns : 2 ** 14); i > 0; i--) {
      row.values.push(value);
      row.shown.push(isFilled && this.#paragraphs.length > 0 ? text : undefined);
    }
    const [columns, rows] = [
      countIn(cell, "table:number-columns-spanned"),
      countIn(cell, "table:number-rows-spanned"),
    ];
    if (columns > 1 || rows > 1)
      row.merges.push({ startRow: 0, startCol: column, endRow: rows - 1, endCol: column + columns - 1 });
  }

  #closeRow(): void {
    const [row, sheet] = [this.#row, this.sheets[this.sheets.length - 1]];
    this.#row = undefined;
    if (!row || !sheet) return;
    let width = row.values.length;
    while (width > 0 && row.values[width - 1] === null) width--;
    if (width === 0) {
      this.#emptyRows += row.count;
      return;
    }
    row.values.length = row.shown.length = width;
    for (let i = Math.min(this.#emptyRows, 2 ** 20); i > 0; i--) this.#addRow(sheet, [], []);
    this.#emptyRows = 0;
    for (const range of row.merges) {
      const top = sheet.rows.length;
      sheet.merges.push({ ...range, startRow: top, endRow: top + range.endRow });
    }
    for (let i = Math.min(row.count, MOST_REPEATED.rows); i > 0; i--) {
      if (row.isHidden) sheet.hiddenRows.add(sheet.rows.length);
      this.#addRow(sheet, row.values, row.shown);
    }
  }

  #addRow(sheet: OpenSheet, values: CellValue[], shown: (string | undefined)[]): void {
    this.#cells.take(1 + values.length);
    sheet.rows.push(values);
    sheet.shown.push(shown);
  }
}

/** Whether rows or columns are hidden by hand, in a group or by a filter. */
const isHidden = (attributes: Attributes) => /^(collapse|filter)$/.test(attributes["table:visibility"] ?? "");

function countIn(attributes: Attributes, name: string): number {
  return Math.max(1, Number.parseInt(attributes[name] ?? "", 10) || 1);
}

/** The value of a cell: a number, a date, a boolean or a text; null if it is empty, covered or an error. */
function valueOf(attributes: Attributes, text: string): CellValue {
  if (attributes["calcext:value-type"] === "error") return null;
  switch (attributes["office:value-type"]) {
    case undefined:
    case "string":
      return (text || attributes["office:string-value"]) ?? null;
    case "float":
    case "percentage":
    case "currency": {
      const value = Number(attributes["office:value"]);
      return Number.isFinite(value) ? value : text || null;
    }
    case "date":
      return dateIn(attributes["office:date-value"] ?? "") ?? (text || null);
    case "boolean":
      return attributes["office:boolean-value"] === "true";
    case "time":
      return text || (attributes["office:time-value"] ?? null);
    default:
      return null;
  }
}

/** A date, perhaps with a time, which is read as UTC if it has no zone, like a date without one; null if it is no date. */
function dateIn(text: string): Date | null {
  const date = new Date(text.includes("T") && !/Z|[+-]\d\d:\d\d$/.test(text) ? `${text}Z` : text);
  return Number.isNaN(date.getTime()) ? null : date;
}
