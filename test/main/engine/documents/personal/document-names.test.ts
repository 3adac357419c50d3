import { expect, test } from "vitest";
import { partsOfName } from "../../../../../main/engine/documents/personal/document-names.ts";
import { maskRows } from "../../../../../main/engine/documents/personal/masks.ts";
import { PersonalSurvey } from "../../../../../main/engine/documents/personal/survey.ts";
import type { TextRow } from "../../../../../main/engine/documents/row.ts";
import { PERSONAL_KINDS } from "../../../../../preload/contract/personal.ts";

const letter = (document: string, text: string): TextRow => ({
  ...{ line: 1, kind: "text", document, isRecord: false },
  blocks: [{ kind: "paragraph", place: 1, text }],
});

/** What a document of that name, with that text, is called. */
function called(name: string, text = "Nothing."): string {
  const { maskedNames } = maskRows([letter(name, text)], PERSONAL_KINDS, [{ path: name, from: 0 }]);
  return maskedNames.get(name) ?? name;
}

test.each([
  ["Befund Anna Schmidt.pdf", "Befund [NAME 1].pdf"],
  // Nothing says where a name in lower case ends.
  ["anna_schmidt_lease.pdf", "[NAME 1].pdf"],
  ["anna-schmidt-2024.pdf", "[NAME 1]-2024.pdf"],
  ["Schmidt, Anna.docx", "[NAME 1].docx"],
  ["Herr Quast/Rechnung 12.pdf", "Herr [NAME 1]/Rechnung 12.pdf"],
  ["anna.schmidt@example.org.eml", "[EMAIL 1].eml"],
  ["Mietvertrag Lindenweg.pdf", "Mietvertrag Lindenweg.pdf"],
  ["robert koch institut.pdf", "robert koch institut.pdf"],
])("%s is called %s", (name, expected) => {
  expect(called(name)).toBe(expected);
});

test("a name that only the text says is one is masked in the document's name too, with the same mask", () => {
  const rows = [
    letter("brief_morgenrot.txt", "Sehr geehrte Frau Morgenrot,"),
    letter("b.txt", "Herr Jan Klein kam."),
  ];
  const names = rows.map(({ document: path }) => ({ path, from: 0 }));
  const { maskedNames, masked } = maskRows(rows, PERSONAL_KINDS, names);
  expect([...maskedNames]).toEqual([["brief_morgenrot.txt", "brief_[NAME 1].txt"]]);
  expect(masked).toEqual([{ kind: "name", places: 3, different: 2 }]);
});

test("what stands before the folder of all documents stays, and so do kinds that are not masked", () => {
  const path = "/home/Anna Weber/Anna Schmidt.txt";
  const row = letter(path, "…");
  const names = [{ path, from: "/home/Anna Weber/".length }];
  expect([...maskRows([row], ["name"], names).maskedNames.values()]).toEqual([
    "/home/Anna Weber/[NAME 1].txt",
  ]);
  expect(maskRows([row], ["email"], names).maskedNames.size).toBe(0);
});

test("a part of a name has as many characters as its text", () => {
  for (const name of ["straße_ﬁnn.pdf", "ǆ-x.txt", "a.b.c", ""])
    expect(partsOfName(name).map(({ text }) => text.length)).toEqual([name.length]);
});

test("a preview counts what is in the name of a file once", () => {
  const survey = new PersonalSurvey("/data/Befund Anna Schmidt.txt");
  survey.take(letter("a", "Frau Schmidt kam."));
  survey.take(letter("a", "Nichts."));
  expect(survey.result.personal?.kinds).toMatchObject([{ kind: "name", places: 2 }]);
});
