/** A limit on the cells of a workbook: without one, a sheet of a few bytes could stand for millions. */
import { BadDocument } from "../whole-document.ts";

/** The reason for a workbook beyond a limit. */
export const TOO_MANY_CELLS =
  "a sheet has too many cells; save the part that is needed as a sheet of its own";

/** Counts the cells of all sheets of a workbook, and one more for each row. */
export class CellCount {
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  /** Throws `BadDocument` if there are too many. */
  take(cells: number): void {
    this.#left -= cells;
    if (this.#left < 0) throw new BadDocument(TOO_MANY_CELLS);
  }
}
