/** Replaces personal data by masks: "[NAME 3]". The same person or number has the same mask in the whole collection. */
import { PERSONAL_KINDS } from "../../../preload/contract/data/personal.ts";
import type { MaskedKind, PersonalKind } from "../../../preload/contract/data/personal.ts";
import type { Row, TextRow } from "../row.ts";
import { isText } from "../row.ts";
import { textOfName } from "./document-names.ts";
import { findInRow, withTexts } from "./find-in-row.ts";
import type { PieceOfPlace } from "./find-in-row.ts";
import { findPersonal } from "./find-personal.ts";
import { MaskList } from "./mask-list.ts";
import { KnownNames } from "./names/repeats.ts";
import { Persons } from "./persons.ts";
import type { Place } from "./found.ts";

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

/** The path of a document, or another name of it; the characters before `from` are left as they are. */
export interface DocumentName {
  readonly path: string;
  readonly from: number;
}

export interface Masked {
  readonly maskedRows: ReadonlyMap<Row | TextRow, Row | TextRow>;
  /** Maps names in which something is masked to the masked ones, each of which still differs from all others. */
  readonly maskedNames: ReadonlyMap<string, string>;
  readonly masked: MaskedKind[];
  /** Masks what else is shown about a document, such as the names of its columns and of attached files; `masked` does not count it. */
  readonly maskShown: Record<"text" | "fileName", (document: string, shown: string) => string>;
}

/**
 * The rows of a collection with the kinds and the entries of a `list` masked, and the names of its documents; rows without any are the same
 * objects. Which mask stands for whom is not kept after the call.
 */
export function maskRows(
  rows: readonly (Row | TextRow)[],
  kinds: readonly PersonalKind[],
  names: readonly DocumentName[] = [],
  list: readonly string[] = [],
): Masked {
  const wanted = { kinds, list: new MaskList(list) };
  const [persons, known, numbers] = [new Persons(), new KnownNames(), new MaskNumbers()];
  const addPersons = (document: string, places: readonly Place[]) => {
    for (const { mention } of places) {
      if (!mention) continue;
      persons.add(document, mention);
      known.add(mention);
    }
    return places;
  };
  const nameTexts = new Map(names.map(({ path, from }) => [path, textOfName(path, from)]));
  const inNames = new Map<string, readonly Place[]>();
  const found = rows.flatMap((row, i) => {
    const document = isText(row) ? row.document : String(i);
    const name = isText(row) ? nameTexts.get(document) : undefined;
    const { texts, places, inName } = findInRow(row, name, wanted);
    if (name) inNames.set(document, addPersons(document, inName));
    for (const text of texts) numbers.avoidThoseIn(text);
    addPersons(document, places.flat());
    return places.some((some) => some.length > 0) ? { row, document, texts, places } : [];
  });
  for (const [path, name] of nameTexts)
    if (!inNames.has(path)) inNames.set(path, addPersons(path, findPersonal([], name, wanted)[0]!));

  const masked = (document: string, text: string, places: readonly (Place & Partial<PieceOfPlace>)[]) => {
    let [result, from] = ["", 0];
    for (const { kind, start, end, mention, whole = text.slice(start, end) } of places) {
      const key = mention ? persons.keyOf(document, mention) : plainKey(kind, whole);
      result += text.slice(from, start) + numbers.maskOf(kind, key);
      from = end;
    }
    return result + text.slice(from);
  };
  const maskedRows = new Map(
    found.map(({ row, document, texts, places }) => [
      row,
      withTexts(
        row,
        texts.map((text, i) => masked(document, text, places[i]!)),
      ),
    ]),
  );
  const maskedNames = new Map<string, string>();
  const taken = new Set(nameTexts.keys());
  for (const [path, places] of inNames) {
    if (places.length === 0) continue;
    const name = different(masked(path, path, places), taken);
    taken.add(name);
    maskedNames.set(path, name);
  }
  const maskShown: Masked["maskShown"] = {
    text: (document, text) => masked(document, text, findPersonal([text], undefined, wanted, known)[0]!),
    fileName: (document, name) =>
      masked(document, name, findPersonal([], textOfName(name), wanted, known)[0]!),
  };
  return { maskedRows, maskedNames, masked: numbers.counts, maskShown };
}

/** A text whose masks stand for anybody, "[NAME]": which mask stands for whom is not known to a later reading. */
export const withoutMaskNumbers = (text: string): string => text.replace(A_MASK, "[$1]");

/** The name, with a number if it is taken: "[NAME 1] (2).pdf". */
function different(name: string, taken: ReadonlySet<string>): string {
  const [, stem, ending] = /^(.*?)(\.\w{1,5})?$/s.exec(name) as unknown as [string, string, string?];
  for (let number = 1; ; number++) {
    const one = number === 1 ? name : `${stem} (${number})${ending ?? ""}`;
    if (!taken.has(one)) return one;
  }
}

/** A key for a number or address, the same however it is written. */
function plainKey(kind: PersonalKind, whole: string): string {
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
  readonly #kinds = new Map<PersonalKind, { places: number; readonly numbers: Map<string, number> }>();
  /** For each kind, the highest number among masks that the texts already had. */
  readonly #taken = new Map<string, number>();

  avoidThoseIn(text: string): void {
    for (const [, word, number] of text.matchAll(A_MASK))
      this.#taken.set(word!, Math.max(this.#taken.get(word!) ?? 0, Number(number)));
  }

  maskOf(kind: PersonalKind, key: string): string {
    const used = this.#kinds.get(kind) ?? { places: 0, numbers: new Map<string, number>() };
    this.#kinds.set(kind, used);
    used.places++;
    const number = used.numbers.get(key) ?? (this.#taken.get(MASKS[kind]) ?? 0) + used.numbers.size + 1;
    used.numbers.set(key, number);
    return `[${MASKS[kind]} ${number}]`;
  }

  get counts(): MaskedKind[] {
    return PERSONAL_KINDS.flatMap((kind) => {
      const used = this.#kinds.get(kind);
      return used ? [{ kind, places: used.places, different: used.numbers.size }] : [];
    });
  }
}
