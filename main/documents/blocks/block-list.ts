/** Collects the blocks of a document as it is walked through. */
import { rowBlock } from "./blocks.ts";
import type { Block } from "./blocks.ts";
import { gridOf } from "./table-grid.ts";
import type { CellRow } from "./table-grid.ts";

/** How many places of its tables a document's merged cells may cover; real documents stay far below. */
const MOST_COVERED_PLACES = 100_000;

export class BlockList {
  readonly blocks: Block[] = [];
  /** The place that the next blocks get; undefined if each gets its own number. */
  place: number | undefined;
  #tables = 0;
  #coveredPlaces = 0;

  heading(level: number, text: string): void {
    const shown = tidy(text).replace(/\s+/g, " ");
    if (shown !== "")
      this.#add({ kind: "heading", place: this.#next, level: Math.min(Math.max(level, 1), 6), text: shown });
  }

  paragraph(text: string): void {
    const shown = tidy(text);
    if (shown !== "") this.#add({ kind: "paragraph", place: this.#next, text: shown });
  }

  /** A paragraph whose lines keep their indentation, such as code. */
  preformatted(text: string): void {
    const shown = text
      .replace(/\u00ad|[^\S\n]+(?=\n|$)/g, "")
      .replace(/^\n+/, "")
      .trimEnd();
    if (shown !== "") this.#add({ kind: "paragraph", place: this.#next, text: shown });
  }

  /** Returns whether the item had text. */
  item(level: number, mark: string, text: string): boolean {
    const shown = tidy(text);
    if (shown !== "")
      this.#add({
        kind: "item",
        place: this.#next,
        level: Math.min(Math.max(level, 1), 9),
        mark,
        text: shown,
      });
    return shown !== "";
  }

  /** Adds the rows of a table, without empty ones; merged cells appear in every row that they span. */
  table(table: readonly CellRow[]): void {
    const { titles, rows, covered } = gridOf(table, MOST_COVERED_PLACES - this.#coveredPlaces);
    this.#coveredPlaces += covered;
    for (const title of titles) this.paragraph(title);
    const number = ++this.#tables;
    for (const { cells, isHeader } of rows) {
      const row = rowBlock(this.#next, { cells, table: number, isHeader });
      if (row) this.#add(row);
    }
  }

  /** Blocks that were read on their own, such as notes, with tables of their own. */
  append(blocks: readonly Block[]): void {
    const before = this.#tables;
    for (const block of blocks) {
      if (block.kind !== "row") this.#add({ ...block, place: this.#next });
      else {
        const table = before + block.table;
        this.#tables = Math.max(this.#tables, table);
        this.#add({ ...block, place: this.#next, table });
      }
    }
  }

  /** How many places have blocks. */
  get places(): number {
    return new Set(this.blocks.map(({ place }) => place)).size;
  }

  get #next(): number {
    return this.place ?? this.blocks.length + 1;
  }

  #add(block: Block): void {
    this.blocks.push(block);
  }
}

/** Lines without spaces at their ends, without soft hyphens, and no blank ones at the beginning and end. */
function tidy(text: string): string {
  return text
    .replace(/\u00ad/g, "")
    .replace(/[^\S\n]+/g, (spaces) => (spaces.includes("\t") ? "\t" : " "))
    .replace(/ (?=\n|$)/g, "")
    .replace(/\n /g, "\n")
    .trim();
}
