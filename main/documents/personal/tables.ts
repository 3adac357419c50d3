/** Personal data in tables: the head of a column is the label of each cell below it. */
import { lastAtOrBefore } from "../blocks/ascending.ts";
import type { Place } from "./found.ts";

const CELL = /[^|]+/g;
/** Heads of columns that may have personal data; longer ones are sentences. */
const HEAD =
  /name|patient|mitglied|auftraggeber|empfänger|beg(?:ü|ue)nstigt|zahlungs(?:pflichtig|beteiligt)|geb\b|geb\.|geburt|birth|dob|tel|phone|mobil|fax|handy|mail|iban|konto|account n|card n|kartenn|blz|versicher|insurance n|police|policy|ssn|nhs|nino|ni n|steuer-?[in]|tax (?:id|n)|anschrift|adresse|address|stra(?:ß|ss)e|street|wohnort|plz|postleit|zip|postal code/i;
const LONGEST_HEAD = 34;
/** "Phone 2", "E-mail 2 Address", and a year as a head of its own. */
const NUMBER_IN_HEAD = /(?<=\p{L}[ .]{0,2})[1-9](?!\d)|^(?:19|20)\d\d$/gu;
/** A shorter cell identifies nobody. */
const SHORTEST_CELL = 3;

/** Searches the cells of columns whose heads suggest personal data, each after its head: "Geburtsdatum: 12.3.1970". */
export function placesInTables(text: string, find: (text: string) => readonly Place[]): Place[] {
  if (!text.includes("|")) return [];
  const cells: { start: number; end: number; startInText: number }[] = [];
  let labelled = "";
  let labels: readonly (string | null)[] = [];
  let lineStart = 0;
  for (const line of text.split("\n")) {
    const columns = [...line.matchAll(CELL)];
    if (columns.length !== labels.length) labels = labelsIn(columns.map(([cell]) => cell.trim()));
    else
      for (const [i, { index, 0: cell }] of columns.entries()) {
        if (!labels[i] || cell.trim().length < SHORTEST_CELL) continue;
        const start = labelled.length + labels[i].length;
        labelled += `${labels[i]}${cell}\n`;
        cells.push({ start, end: start + cell.length, startInText: lineStart + index });
      }
    lineStart += line.length + 1;
  }
  return find(labelled).flatMap((place) => {
    const cell = cells[lastAtOrBefore(place.start, cells.length, (i) => cells[i]!.start)];
    if (!cell || place.end > cell.end) return [];
    const by = cell.startInText - cell.start;
    return { ...place, start: place.start + by, end: place.end + by };
  });
}

/** The labels that a table's head gives the cells below, null for a column that is not searched; empty if the line is not a head. */
function labelsIn(heads: readonly string[]): (string | null)[] {
  const isSearched = (head: string) => head.length <= LONGEST_HEAD && HEAD.test(head);
  // "Phone 2: 123456" would be two numbers
  const plain = heads.map((head) => head.replace(NUMBER_IN_HEAD, "").trimEnd());
  if (heads.length < 2 || plain.some((head) => /\d/.test(head)) || !heads.some(isSearched)) return [];
  return plain.map((head) => (isSearched(head) ? `${head}: ` : null));
}
