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

/** A cell with the label that its column's head gives it, and where it begins in the text. */
interface Cell {
  readonly label: string;
  readonly text: string;
  readonly start: number;
}

/** Searches the cells of columns whose heads suggest personal data; `find` returns places in order. */
export function placesInTables(text: string, find: (text: string) => readonly Place[]): Place[] {
  if (!text.includes("|")) return [];
  const cells = labelledCells(text);
  const found = find(cells.map((cell) => `${cell.label}${cell.text}\n`).join(""));
  let [next, from] = [0, 0];
  return cells.flatMap(({ label, text: cell, start }) => {
    const [first, end] = [from + label.length, from + label.length + cell.length];
    from = end + 1;
    const places: Place[] = [];
    for (; next < found.length && found[next]!.start < from; next++) {
      const place = found[next]!;
      if (place.start < first || place.end > end) continue;
      places.push({ ...place, start: start + place.start - first, end: start + place.end - first });
    }
    return places;
  });
}

/** The cells below heads that suggest personal data, column by column: "Geburtsdatum: 12.3.1970". */
function labelledCells(text: string): Cell[] {
  const columns: Cell[][] = [];
  let labels: readonly (string | null)[] = [];
  let lineStart = 0;
  for (const line of text.split("\n")) {
    const cells = [...line.matchAll(CELL)].map(({ index, 0: cell }) => ({
      text: cell.trim(),
      start: lineStart + index + cell.length - cell.trimStart().length,
    }));
    lineStart += line.length + 1;
    if (cells.length < FEWEST_COLUMNS) labels = [];
    else if (cells.length !== labels.length) {
      labels = labelsIn(cells.map((cell) => cell.text));
      columns.unshift(...labels.map(() => []));
    } else
      for (const [i, cell] of cells.entries())
        if (labels[i] && cell.text.length >= SHORTEST_CELL) columns[i]!.push({ ...cell, label: labels[i] });
  }
  return columns.flat();
}

/** The labels that a table's head gives the cells below, null for a column that is not searched; empty if the line is not a head. */
function labelsIn(heads: readonly string[]): (string | null)[] {
  if (heads.some((head) => /\d/.test(head.replace(NUMBER_IN_HEAD, "")))) return [];
  if (!heads.some(isSearched)) return [];
  const hasGiven = heads.some((head) => GIVEN_HEAD.test(head));
  return heads.map((head) => {
    if (!isSearched(head)) return null;
    // "Phone 2: 123456" would be two numbers
    return `${hasGiven && NAME_HEAD.test(head) ? SURNAME_HEAD : head.replace(NUMBER_IN_HEAD, "").trimEnd()}: `;
  });
}

const isSearched = (head: string): boolean => head.length <= LONGEST_HEAD && HEAD.test(head);
