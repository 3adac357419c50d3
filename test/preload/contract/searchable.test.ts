import { expect, test } from "vitest";
import { searchable } from "../../../preload/contract/searchable.ts";

test.each([
  ["Kündigung", "kundigung"],
  ["Kündigung", "KU\u0308NDIGUNG"], // decomposed, as in names of files from a Mac
  ["Straße", "STRASSE"],
  ["Großer Betrag: 10\u00a0000 €", "betrag: 10 000"],
  ["Vertrags\u00adende", "vertragsende"],
  ["İstanbul", "istanbul"],
  ["ISPARTA", "ısparta"],
  ["ΝΌΜΟΣ", "νομος"],
  ["ＡＢ株式会社", "ab株式"],
])("%j is found by %j", (text, search) => {
  expect(searchable(text)).toContain(searchable(search));
});

test("Another letter is another text", () => {
  expect(searchable("Mieter")).not.toContain(searchable("Mietar"));
});
