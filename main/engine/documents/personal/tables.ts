/** Personal data in columns: the head of a column is the label of each cell below it. */
import type { Place } from "./found.ts";

const CELL = /[^|]+/g;
/** Heads of columns that may have personal data; longer ones are sentences. */
const HEAD =
  /name|patient|mitglied|auftraggeber|empfänger|beg(?:ü|ue)nstigt|zahlungs(?:pflichtig|beteiligt)|geb\b|geb\.|geburt|birth|dob|tel|phone|mobil|fax|handy|mail|iban|konto|account n|card n|kartenn|blz|versicher|insurance n|police|policy|ssn|nhs|nino|ni n|steuer-?[in]|tax (?:id|n)|anschrift|adresse|address|stra(?:ß|ss)e|street|wohnort|plz|postleit|zip|postal code/i;
/** Next to a column of given names, "Name" is the surname. */
const GIVEN_HEAD = /^(?:vornamen?|first names?|given names?|forenames?)$/i;
const NAME_HEAD = /^name$/i;
const SURNAME_HEAD = "Surname";
const LONGEST_HEAD = 34;
/** "Phone 2", "E-mail 2 Address", and a year as a head of its own. */
const NUMBER_IN_HEAD = /(?<=\p{L}[ .]{0,2})[1-9](?!\d)|^(?:19|20)\d\d$/gu;
const FEWEST_COLUMNS = 2;
/** A shorter cell identifies nobody. */
const SHORTEST_CELL = 3;

interface Cell {
  readonly text: string;
  readonly start: number;
}

/** The cells of a column, each after its head: "Geburtsdatum: 12.3.1970". */
class Column {
  readonly #label: string;
  readonly #cells: Cell[] = [];

  constructor(head: string) {
    this.#label = `${head.replace(NUMBER_IN_HEAD, "").trimEnd()}: `; // "Phone 2: 123456" would be two numbers
  }

  add(cell: Cell): void {
    if (cell.text.length >= SHORTEST_CELL) this.#cells.push(cell);
  }

  /** The places within cells; all cells are searched together. */
  *places(find: (text: string) => readonly Place[]): Generator<Place> {
    const found = find(this.#cells.map(({ text }) => `${this.#label}${text}\n`).join(""));
    let [next, from] = [0, 0];
    for (const { text, start } of this.#cells) {
      const cell = from + this.#label.length;
      from = cell + text.length + 1;
      for (; next < found.length && found[next]!.start < from; next++) {
        const place = found[next]!;
        if (place.start >= cell && place.end <= cell + text.length)
          yield { ...place, start: start + place.start - cell, end: start + place.end - cell };
      }
    }
  }
}

/** Searches the cells of columns whose heads suggest personal data; `find` returns places in order. */
export function placesInTables(text: string, find: (text: string) => readonly Place[]): Place[] {
  if (!text.includes("|")) return [];
  const all: Column[] = [];
  let columns: readonly (Column | null)[] = [];
  for (const cells of rowsOf(text)) {
    if (cells.length < FEWEST_COLUMNS) columns = [];
    else if (cells.length === columns.length) cells.forEach((cell, i) => columns[i]?.add(cell));
    else {
      columns = columnsOf(cells);
      all.push(...columns.filter((column) => column !== null));
    }
  }
  return all.flatMap((column) => [...column.places(find)]);
}

/** The cells of each line. */
function* rowsOf(text: string): Generator<Cell[]> {
  let start = 0;
  for (const line of text.split("\n")) {
    yield [...line.matchAll(CELL)].map(({ index, 0: cell }) => {
      const blank = cell.length - cell.trimStart().length;
      return { text: cell.trim(), start: start + index + blank };
    });
    start += line.length + 1;
  }
}

/** The columns below a head, null for one that is not searched; empty if the line is not the head of a table. */
function columnsOf(cells: readonly Cell[]): (Column | null)[] {
  if (cells.some(({ text }) => /\d/.test(text.replace(NUMBER_IN_HEAD, "")))) return [];
  const heads = cells.map(({ text }) => text.length <= LONGEST_HEAD && HEAD.test(text));
  if (!heads.includes(true)) return [];
  const hasGiven = cells.some(({ text }) => GIVEN_HEAD.test(text));
  return cells.map(({ text }, i) =>
    heads[i] ? new Column(hasGiven && NAME_HEAD.test(text) ? SURNAME_HEAD : text) : null,
  );
}
