/** Collects the blocks of a document as it is walked through. */
import { rowBlock } from "./blocks.ts";
import type { Block } from "./blocks.ts";

/** A row of a table before it is one: its cells' texts. */
export interface CellRow {
  readonly cells: readonly string[];
  readonly isHeader: boolean;
}

export class BlockList {
  readonly blocks: Block[] = [];
  /** The place of the blocks to come; undefined if each has its number. */
  place: number | undefined;
  #tables = 0;

  heading(level: number, text: string): void {
    const shown = tidy(text).replace(/\s+/g, " ");
    if (shown !== "")
      this.#add({ kind: "heading", place: this.#next, level: Math.min(Math.max(level, 1), 6), text: shown });
  }

  paragraph(text: string): void {
    const shown = tidy(text);
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

  /** The rows of a table, without those that are empty. */
  table(rows: readonly CellRow[]): void {
    const table = ++this.#tables;
    for (const { cells, isHeader } of rows) {
      const row = rowBlock(this.#next, { cells, table, isHeader });
      if (row) this.#add(row);
    }
  }

  /** Blocks that were read on their own, such as notes. */
  append(blocks: readonly Block[]): void {
    for (const block of blocks) this.#add({ ...block, place: this.#next });
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
