/** A megabyte of what the search for personal data begins to look at, again and again. */
import type { HostileCase } from "../case.ts";
import { file } from "./document-file.ts";

const PIECES = [
  "aaaa@", "1", "A", "Aa ", "1 ", "(1", "+1 ", "DE00 ", "A-", "12 Aa ", "Am ", "Aaweg 1 ", "Frau ", "Dr. ", "Anna ", "von ", "Patient: Aa ",
  "Konto 1 ", "geb. ", "Viele Grüße\n", "a.b@c.", "Anna Weber, ", "Name | Tel\n12 | 12\n", "Name|Tel\n" + "123|456\n".repeat(999),
]; // prettier-ignore

export const personalCases: readonly HostileCase[] = PIECES.map((piece) =>
  file(
    `a megabyte of ${JSON.stringify(piece.slice(0, 30))}`,
    "data.txt",
    () => piece.repeat(Math.ceil(2 ** 20 / piece.length)),
    "either",
  ),
);
