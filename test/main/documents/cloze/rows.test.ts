import { describe, expect, test } from "vitest";
import { withClozeQuestions } from "../../../../main/documents/cloze/rows.ts";
import type { Row } from "../../../../main/documents/row.ts";
import { questionsIn } from "../../../../main/documents/row.ts";

const letters = "abcdefghijklmnopqrstuvwxyz";
/** A house that two passages write about. */
const house = (i: number) => `Wohnanlage${letters[i % 26]}${letters[Math.floor(i / 26)]}hausen`;
const passage = (document: number, place: number, about: number): Row => ({
  line: place,
  kind: "example",
  origin: { document: `${document}.txt`, place },
  example: {
    prompt: "",
    completion: `Nach dem Vertrag über ${house(about)} schuldet der Mieter dem Vermieter monatlich einen Betrag von ${501 + about} Euro zuzüglich der vereinbarten Nebenkosten und Heizkosten.`,
  },
});
/** Documents of six passages; each of the second half writes about what one of the first does. */
const documents = (count: number) =>
  Array.from({ length: count }, (_, document) =>
    Array.from({ length: 6 }, (_, i) => passage(document, i + 1, (document % (count / 2)) * 6 + i)),
  );
const asked = (train: Row[], valid: Row[], test: Row[]) => {
  const { rows, without } = withClozeQuestions({ train, valid, test, offDomain: [] });
  return { without, questions: questionsIn(rows.test), rows };
};

describe("Cloze questions come from", () => {
  test.each([10, 16, 24])("%i documents, in which a term stands in two", (count) => {
    const all = documents(count);
    const { without, questions } = asked(all.slice(6).flat(), all.slice(0, 3).flat(), all.slice(3, 6).flat());
    expect(without).toEqual([]);
    expect(questions.length).toBeGreaterThanOrEqual(8);
  });

  test("two documents, by their places", () => {
    const [first, second] = documents(2).map((rows, document) => [
      ...rows,
      ...Array.from({ length: 30 }, (_, i) => passage(document, 7 + i, 100 + i)),
    ]) as [Row[], Row[]];
    const { without, questions, rows } = asked(second, first.slice(0, 18), first.slice(18));
    expect(without).toEqual([]);
    expect(questions.length).toBeGreaterThanOrEqual(8);
    const origins = rows.test.flatMap(({ kind, origin }) => (kind === "question" ? [origin] : []));
    for (const origin of origins) expect(first.map((row) => row.origin)).toContainEqual(origin);
  });
});

test("Splits for which too few can be made are named, and have none", () => {
  const all = documents(12);
  const { without, rows } = asked(all.slice(4).flat(), all[0]!.slice(0, 2), all.slice(1, 4).flat());
  expect(without).toEqual(["valid"]);
  expect(questionsIn(rows.valid)).toEqual([]);
});
