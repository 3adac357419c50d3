import { expect, test } from "vitest";
import { textOfName } from "../../../../main/documents/personal/document-names.ts";
import { maskRows } from "../../../../main/documents/personal/masks.ts";
import { PersonalSurvey } from "../../../../main/documents/personal/survey.ts";
import type { TextRow } from "../../../../main/documents/row.ts";
import { PERSONAL_KINDS } from "../../../../preload/contract/data/personal.ts";

const letter = (document: string, text: string): TextRow => ({
  line: 1,
  kind: "text",
  document,
  isRecord: false,
  blocks: [{ kind: "paragraph", place: 1, text }],
});

/** What a document of that name, with that text, is called. */
function called(name: string, text = "Nothing."): string {
  const { maskedNames } = maskRows([letter(name, text)], PERSONAL_KINDS, [{ path: name, from: 0 }]);
  return maskedNames.get(name) ?? name;
}

test.each([
  ["Befund Anna Schmidt.pdf", "Befund [NAME 1].pdf"],
  ["anna_schmidt_lease.pdf", "[NAME 1].pdf"],
  ["befund_anna_maria_von_schmidt.pdf", "befund_[NAME 1].pdf"],
  ["contract-between-anna-schmidt-and-paul-klein.pdf", "contract-between-[NAME 1]-and-[NAME 2].pdf"],
  ["frau-dr-weber-bericht.pdf", "frau-dr-[NAME 1].pdf"],
  ["patient anna weber lab.pdf", "patient [NAME 1].pdf"],
  ["schmidt, anna.docx", "[NAME 1].docx"],
  ["anna-schmidt-2024.pdf", "[NAME 1]-2024.pdf"],
  ["Schmidt, Anna.docx", "[NAME 1].docx"],
  ["Herr Quast/Rechnung 12.pdf", "Herr [NAME 1]/Rechnung 12.pdf"],
  ["anna.schmidt@example.org.eml", "[EMAIL 1].eml"],
  ["Mietvertrag Lindenweg.pdf", "Mietvertrag Lindenweg.pdf"],
  ["robert koch institut.pdf", "robert koch institut.pdf"],
])("%s is called %s", (name, expected) => {
  expect(called(name)).toBe(expected);
});

// Words of a name without capitals are searched as if each had one.
test.each(["will-mark.pdf", "rosenbaum.pdf", "paul-rechnung.pdf", "miss-the-bus.txt", "patient-safety.pdf"])(
  "%s keeps its name",
  (name) => expect(called(name)).toBe(name),
);

test.each([
  ["rosenbaum.pdf", "Frau Rosenbaum kam.", "[NAME 1].pdf"],
  ["anna-piano-plan.pdf", "Frau Anna Schmidt kam.", "[NAME 1]-piano-plan.pdf"],
  ["schmidts-lease.pdf", "Frau Anna Schmidt kam.", "[NAME 1]s-lease.pdf"],
  ["iris-scan.pdf", "Frau Iris Scan kam.", "[NAME 1].pdf"],
  ["klein-vertrag.pdf", "Herr Paul Klein mietet.", "[NAME 1]-vertrag.pdf"],
  ["dr-mark-brief.pdf", "Herr Dr. Mark kam.", "dr-[NAME 1]-brief.pdf"],
])("a person of the text is masked by whole words: %s, %s", (name, text, expected) => {
  expect(called(name, text)).toBe(expected);
});

test("a longer word than a person's name stays", () => {
  expect(called("rosenbaum.pdf", "Frau Rosen kam.")).toBe("rosenbaum.pdf");
});

test("a name in lower case is the person of the text, and masks nothing else there", () => {
  const row = letter("anna_schmidt_lease.pdf", "Lease. Frau Anna Schmidt kam.");
  const { maskedRows, maskedNames } = maskRows([row], PERSONAL_KINDS, [{ path: row.document, from: 0 }]);
  expect([...maskedNames.values()]).toEqual(["[NAME 1]_lease.pdf"]);
  expect([...maskedRows.values()]).toMatchObject([{ blocks: [{ text: "Lease. Frau [NAME 1] kam." }] }]);
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

// Names of files on a Mac are in decomposed letters, and so are texts that were copied out of some PDFs.
test.each([
  ["Befund Jürgen Müller.pdf", "Nichts.", "Befund [NAME 1].pdf"],
  ["Befund Müller.pdf", "Sehr geehrte Frau Müller,", "Befund [NAME 1].pdf"],
  ["Prüfung Müllers Brief.pdf", "Sehr geehrte Frau Müller,", "Prüfung [NAME 1]s Brief.pdf"],
  ["jürgen_müller_prüfung.pdf", "Nichts.", "[NAME 1]_prüfung.pdf"],
  ["müller, jürgen.pdf", "Nichts.", "[NAME 1].pdf"],
  ["Müller, Jürgen.pdf", "Nichts.", "[NAME 1].pdf"],
  ["Übersicht Ö. Müller.pdf", "Frau Özlem Müller kam.", "Übersicht [NAME 1].pdf"],
])("%s is masked in composed and in decomposed letters", (name, text, expected) => {
  for (const nameForm of ["NFC", "NFD"])
    for (const textForm of ["NFC", "NFD"])
      expect(called(name.normalize(nameForm), text.normalize(textForm))).toBe(expected.normalize(nameForm));
});

test("a name has as many characters as its text", () => {
  for (const name of ["straße_ﬁnn.pdf", "ǆ-x.txt", "a.b.c", ""])
    expect(textOfName(name).text).toHaveLength(name.length);
});

test("a preview counts what is in the name of a file once", () => {
  const survey = new PersonalSurvey("/data/Befund Anna Schmidt.txt");
  survey.take(letter("a", "Frau Schmidt kam."));
  survey.take(letter("a", "Nichts."));
  expect(survey.result.personal?.kinds).toMatchObject([{ kind: "name", places: 2 }]);
});
