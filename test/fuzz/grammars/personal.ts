/** Texts of what the search for personal data looks at: labels, digits, capitals, marks. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findPersonal } from "../../../main/documents/personal/find-personal.ts";
import { maskRows } from "../../../main/documents/personal/masks.ts";
import { PERSONAL_KINDS } from "../../../preload/contract/data/personal.ts";
import type { Random } from "../../../native-models/random.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";

const PIECES = [
  "Frau", "Herr", "Dr.", "med.", "Mrs", "Dear", "Liebe", "Patient", "Name", "Konto", "IBAN", "DE", "GB", "BLZ", "Tel", "geb.", "born", "SSN", "Steuer-ID", "Viele Grüße", "gez.", "wohnhaft",
  "Weber", "Anna", "A", "Lindenweg", "Straße", "Mill Lane", "Am Alten Markt", "Leeds LS1 4AP", "von", "der", "Disease", "GmbH", "O'Neil", "É", "Mu\u0308ller", "Jo\u0308", "\u0308", "\u0958\u0301", "[NAME 7]",
  "1", "12", "123", "1234", "12345", "3704 0044", "01.02.1970", "May 3, 1960", "@", "example.org", "(at)",
  ".", ",", ":", "|", "(", ")", "-", "/", "+", "&", "'s", "\n", "\n\n", " ", "\u00a0", "\t", "*",
]; // prettier-ignore

export const personal: FuzzedParser = {
  name: "personal",
  shortCount: 300,
  make(random) {
    return { "text.txt": Buffer.from(several(random, 1, 60, () => piece(random)).join("")) };
  },
  parse(folder) {
    const text = readFileSync(join(folder, "text.txt"), "utf8");
    checkPlaces(text);
    const block = { kind: "paragraph" as const, place: 1, text };
    maskRows([{ line: 1, kind: "text", document: "a", blocks: [block], isRecord: false }], PERSONAL_KINDS);
  },
};

function piece(random: Random): string {
  const text = chance(random, 92) ? pick(random, PIECES) : textOf(random);
  return chance(random, 60) ? `${text} ` : text.repeat(chance(random, 5) ? 1 + random.integer(50) : 1);
}

/** Places are in order, not empty, and within the text. */
function checkPlaces(text: string): void {
  let from = 0;
  for (const { kind, start, end } of findPersonal([text])[0]!) {
    if (start < from || end <= start || end > text.length)
      throw new Error(`${kind} from ${start} to ${end} after ${from}`);
    from = end;
  }
}
