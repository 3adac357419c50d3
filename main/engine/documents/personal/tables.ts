/** Personal data in columns: the head of a column is the label of each cell below it. */
import type { Place } from "./find-personal.ts";

const CELL = /[^|\n]+/g;
/** Heads of columns that may have personal data; longer ones are sentences. */
const HEAD =
  /name|patient|mitglied|geb\b|geb\.|geburt|birth|dob|tel|phone|mobil|fax|handy|mail|iban|konto|account n|card n|kartenn|blz|versicher|insurance n|police|policy|ssn|nhs|nino|ni n|steuer-?[in]|tax (?:id|n)|anschrift|adresse|address|stra(?:ß|ss)e|street|wohnort|plz/i;
const LONGEST_HEAD = 40;
const FEWEST_CELLS = 2;

interface Cell {
  readonly text: string;
  readonly start: number;
}

/** Looks at each cell of such a column as if its head stood before it: "Geburtsdatum: 12.3.1970". */
export function placesInTables(text: string, find: (text: string) => readonly Place[]): Place[] {
  if (!text.includes("|")) return [];
  const places: Place[] = [];
  let heads: readonly (string | null)[] = [];
  for (const cells of rowsOf(text)) {
    if (cells.length < FEWEST_CELLS) heads = [];
    else if (cells.length !== heads.length) heads = headsOf(cells);
    else
      for (const [i, { text: cell, start }] of cells.entries()) {
        const head = heads[i];
        if (head === null || head === undefined || cell.trim() === "") continue;
        const label = `${head}: `;
        for (const place of find(label + cell)) {
          const from = place.start - label.length;
          if (from >= 0) places.push({ ...place, start: start + from, end: start + place.end - label.length });
        }
      }
  }
  return places;
}

/** The cells of each line, those of a line without a mark in one. */
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

/** The heads of the columns that are looked at; none if no cell is one. */
function headsOf(cells: readonly Cell[]): (string | null)[] {
  const isHead = ({ text }: Cell) => text.length <= LONGEST_HEAD && !/\d/.test(text);
  if (!cells.every(isHead)) return [];
  const heads = cells.map(({ text }) => (HEAD.test(text) ? text : null));
  return heads.some((head) => head !== null) ? heads : [];
}
