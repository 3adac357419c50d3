/** Replaces personal data by masks: "[NAME 3]". The same person or number has the same mask in the whole collection. */
import { PERSONAL_KINDS } from "../../../../preload/contract/personal.ts";
import type { MaskedKind, PersonalKind } from "../../../../preload/contract/personal.ts";
import type { Row, TextRow } from "../row.ts";
import { isText } from "../row.ts";
import { findInRow } from "./find-in-row.ts";
import type { PieceOfPlace } from "./find-in-row.ts";
import { Persons } from "./persons.ts";
import { withTexts } from "./pieces.ts";

/** The same in every language, so that one kind of thing has one form in a collection. */
const MASKS: Record<PersonalKind, string> = {
  name: "NAME",
  address: "ADDRESS",
  "birth-date": "BIRTH DATE",
  email: "EMAIL",
  phone: "PHONE",
  account: "ACCOUNT",
  insurance: "INSURANCE NUMBER",
  tax: "TAX NUMBER",
};
const A_MASK = new RegExp(`\\[(${Object.values(MASKS).join("|")}) (\\d{1,7})\\]`, "g");

/** What was found in a row that has something to mask. */
interface FoundRow {
  readonly row: Row | TextRow;
  readonly document: string;
  readonly texts: readonly string[];
  readonly places: readonly (readonly PieceOfPlace[])[];
}

/**
 * The rows of a collection with the kinds masked; those without any are the same objects. Which mask stands for whom is forgotten with
 * this call.
 */
export function maskRows(
  rows: readonly (Row | TextRow)[],
  kinds: readonly PersonalKind[],
): { readonly maskedRows: ReadonlyMap<Row | TextRow, Row | TextRow>; readonly masked: MaskedKind[] } {
  const persons = new Persons();
  const numbers = new MaskNumbers();
  const found: FoundRow[] = [];
  for (const [i, row] of rows.entries()) {
    const { pieces, places: all } = findInRow(row);
    const texts = pieces.map(({ text }) => text);
    for (const text of texts) numbers.avoidThoseIn(text);
    const places = all.map((some) => some.filter(({ kind }) => kinds.includes(kind)));
    if (places.every((some) => some.length === 0)) continue;
    const document = isText(row) ? row.document : String(i);
    for (const { mention } of places.flat()) if (mention) persons.add(document, mention);
    found.push({ row, document, texts, places });
  }
  const maskedRows = new Map<Row | TextRow, Row | TextRow>();
  for (const { row, document, texts, places } of found) {
    const maskOf = (place: PieceOfPlace) =>
      numbers.maskOf(place.kind, place.mention ? persons.keyOf(document, place.mention) : plainKey(place));
    maskedRows.set(
      row,
      withTexts(
        row,
        texts.map((text, i) => masked(text, places[i]!, maskOf)),
      ),
    );
  }
  return { maskedRows, masked: numbers.counts };
}

function masked(
  text: string,
  places: readonly PieceOfPlace[],
  maskOf: (place: PieceOfPlace) => string,
): string {
  let [result, from] = ["", 0];
  for (const place of places) {
    result += text.slice(from, place.start) + maskOf(place);
    from = place.end;
  }
  return result + text.slice(from);
}

/** The same for the same number or address, however it is written. */
function plainKey({ kind, whole }: PieceOfPlace): string {
  const plain = whole.normalize("NFC").toLowerCase();
  if (kind === "phone")
    return plain
      .replace(/\(0\)/, "")
      .replace(/\D/g, "")
      .replace(/^(?:0049|49|0044|44|0)(?=\d{7})/, "");
  return plain.replace(/[^\p{L}\d@]+/gu, "");
}

/** Numbers the masks of each kind in the order in which they are needed, and counts them. */
class MaskNumbers {
  readonly #keys = new Map<PersonalKind, Map<string, number>>();
  readonly #places = new Map<PersonalKind, number>();
  /** The highest number of masks that the texts had before. */
  readonly #taken = new Map<string, number>();

  avoidThoseIn(text: string): void {
    for (const [, word, number] of text.matchAll(A_MASK))
      this.#taken.set(word!, Math.max(this.#taken.get(word!) ?? 0, Number(number)));
  }

  maskOf(kind: PersonalKind, key: string): string {
    const keys = this.#keys.get(kind) ?? new Map<string, number>();
    this.#keys.set(kind, keys);
    if (!keys.has(key)) keys.set(key, (this.#taken.get(MASKS[kind]) ?? 0) + keys.size + 1);
    this.#places.set(kind, (this.#places.get(kind) ?? 0) + 1);
    return `[${MASKS[kind]} ${keys.get(key)!}]`;
  }

  get counts(): MaskedKind[] {
    return PERSONAL_KINDS.flatMap((kind) => {
      const different = this.#keys.get(kind)?.size ?? 0;
      return different === 0 ? [] : [{ kind, places: this.#places.get(kind)!, different }];
    });
  }
}
