/** The rows of a dataset: all of them up to a limit, or a random sample, so that a file of any size takes little memory. */
import { fail } from "../../../native-models/failure.ts";
import { Random } from "../../../native-models/random.ts";
import { charactersIn } from "../row.ts";
import type { Row, TextRow } from "../row.ts";

/** Far more than a personal computer can train on, little enough to hold in memory, and as JSON within the longest possible string. */
export const MOST_MILLION_CHARACTERS = 128;

/** How many rows are drawn, and the seed: the same seed draws the same rows from the same files. */
export interface Draw {
  readonly rows: number;
  readonly seed: number;
}

/** A row of one of several files, by the file's number. */
interface Placed {
  readonly file: number;
  readonly place: number;
  readonly row: Row | TextRow;
}

/**
 * A copy of a row with its own strings: those that a parser cuts out of a chunk of a file keep the whole chunk in memory. It is made with
 * JSON, because buffers from node:v8's serialiser are outside V8's memory cage, which ends the process of Electron 22.
 */
function copyOf<T extends Row | TextRow>(row: T): T {
  return JSON.parse(JSON.stringify(row)) as T;
}

/** Collects the rows of files. */
export class RowSample {
  readonly #draw: Draw | undefined;
  readonly #random: Random;
  readonly #kept: Placed[] = [];
  #seen = 0;
  #characters = 0;

  /** All rows, or those of a draw. */
  constructor(draw?: Draw) {
    this.#draw = draw;
    this.#random = new Random(draw?.seed ?? 0, "rows of a file");
  }

  /** Takes a row; in a draw, it may replace an earlier one or be left out (reservoir sampling, algorithm R). Throws `too-much-data`. */
  take(path: string, file: number, row: Row | TextRow): void {
    const place = this.#seen++;
    const slot = this.#draw && place >= this.#draw.rows ? this.#random.integer(place + 1) : place;
    if (this.#draw && slot >= this.#draw.rows) return;
    const replaced = this.#kept[slot];
    this.#characters += charactersIn(row) - (replaced ? charactersIn(replaced.row) : 0);
    this.#kept[slot] = { file, place, row: copyOf(row) };
    if (this.#characters > MOST_MILLION_CHARACTERS * 1e6)
      fail({ code: "too-much-data", path, millionCharacters: MOST_MILLION_CHARACTERS });
  }

  /** The rows of each file, in the order in which they came. */
  byFile(): Map<number, (Row | TextRow)[]> {
    const rows = new Map<number, (Row | TextRow)[]>();
    for (const { file, row } of this.#kept.sort((a, b) => a.place - b.place)) {
      const own = rows.get(file);
      if (own) own.push(row);
      else rows.set(file, [row]);
    }
    return rows;
  }
}

/** When there are too many rows, one in this many stays. It is not a period that is usual in files, such as 2, 4 or 10. */
const THINNING = 3;

/** Rows evenly spread over a file of unknown length. */
export class SpreadRows {
  readonly #mostRows: number;
  readonly #mostCharacters: number;
  #rows: Row[] = [];
  #characters = 0;
  #stride = 1;
  #seen = 0;

  constructor(mostRows: number, mostCharacters: number) {
    this.#mostRows = mostRows;
    this.#mostCharacters = mostCharacters;
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  take(row: Row): void {
    if (this.#seen++ % this.#stride !== 0) return;
    this.#rows.push(copyOf(row));
    this.#characters += charactersIn(row);
    while (
      this.#rows.length > this.#mostRows ||
      (this.#characters > this.#mostCharacters && this.#rows.length > 1)
    )
      this.#thin();
  }

  #thin(): void {
    this.#rows = this.#rows.filter((_, index) => index % THINNING === 0);
    this.#characters = this.#rows.reduce((sum, row) => sum + charactersIn(row), 0);
    this.#stride *= THINNING;
  }
}
