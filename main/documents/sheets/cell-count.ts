/** A limit on the cells of a workbook: without one, a sheet of a few bytes could stand for millions. */
import { BadDocument } from "../bad-document.ts";

/** Counts the cells of all sheets of a workbook, and one more for each row. */
export class CellCount {
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  /** Throws `BadDocument` if there are too many. */
  take(cells: number): void {
    this.#left -= cells;
    if (this.#left < 0) throw new BadDocument("too-many-cells");
  }
}
