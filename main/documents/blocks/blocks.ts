/** The text of a document as blocks in reading order: what every format of text is read into, and what passages are cut from. */

/** A block of text, without the marks of its format. `text` is never blank and may have several lines. */
export type Block = PlacedText &
  (
    | { readonly kind: "paragraph" }
    /** `level`: 1 for a title to 6. */
    | { readonly kind: "heading"; readonly level: number }
    /** An item of a list, `level` 1 in the outermost. `mark`: "-", or its number such as "3.". Its further paragraphs follow it. */
    | { readonly kind: "item"; readonly level: number; readonly mark: string }
    | TableRow
  );

/** A row of a table. `text`: its cells, joined by " | ". */
export interface TableRow {
  readonly kind: "row";
  readonly cells: readonly string[];
  /** Tables are numbered within the document, to distinguish adjacent ones. */
  readonly table: number;
  /** Whether the cells name columns. */
  readonly isHeader: boolean;
}

interface PlacedText {
  /** 1-based: the line of a text file, the page of a PDF, the slide of a presentation; elsewhere the number of the block. */
  readonly place: number;
  readonly text: string;
}

/** A row of a table; a cell is null where a merged cell of another place covers it. Undefined if all cells are empty. */
export function rowBlock(
  place: number,
  { cells, ...row }: Omit<TableRow, "kind" | "cells"> & { readonly cells: readonly (string | null)[] },
): Block | undefined {
  const texts = cells.map((cell) => cell && cell.replace(/\s+/g, " ").trim());
  if (!texts.some(Boolean)) return undefined;
  const text = texts.filter((text) => text !== null).join(" | ");
  return { kind: "row", place, text, cells: texts.map((text) => text ?? ""), ...row };
}

/** A block as it is written in a passage: headings and items with Markdown's marks. */
export function written(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `${"#".repeat(block.level)} ${block.text}`;
    case "item":
      return `${"  ".repeat(block.level - 1)}${block.mark} ${block.text}`;
    case "paragraph":
    case "row":
      return block.text;
  }
}

/** The separator between two blocks of a passage: a line break within a list or table, otherwise a blank line. */
export function between(before: Block, after: Block): "\n" | "\n\n" {
  const isList = before.kind === "item" && after.kind === "item";
  const isTable = before.kind === "row" && after.kind === "row" && before.table === after.table;
  return isList || isTable ? "\n" : "\n\n";
}
