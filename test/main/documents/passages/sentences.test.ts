import { describe, expect, test } from "vitest";
import { sentencesOf } from "../../../../main/documents/passages/sentences.ts";
import { Random } from "../../../../native-models/random.ts";

const trimmed = (text: string) => sentencesOf(text).map((sentence) => sentence.trim());

describe("A full stop does not end a sentence", () => {
  test.each([
    ["Nach Art. 5 Abs. 2 Nr. 1 DSGVO gilt das.", "Nach § 12 Abs. 3 S. 1 BGB i. V. m. § 5 nicht."],
    ["Dr. Müller nennt z. B. ca. 5.000,50 Euro.", "Am 3. Oktober kam der 2. Senat."],
    ["See Fig. 2, p. 5, and No. 5 of J. R. Smith et al. for 2.5 mg.", "Mr. Smith vs. Dr. Jones."],
    ["The U.S. Government did, i.e. it was approx. 5 of them.", "“Is it?” he asked."],
    ["Es waren 5.", "Danach usw.", "Und mehr etc.", "Schluss!"],
    ["He said no.", "It was modern art.", "Art. 5 it is."],
    ["1. Die erste Pflicht.", "2. Die zweite."],
    [
      "Geboren 1. 3. 1950 in Ulm.",
      "Nach Rdnr. 5 und BGBl. I S. 42 gilt es.",
      "Es waren 5.",
      "2. Die zweite.",
    ],
    ["Die Pat. Weber ist alt.", "Alt. 2 gilt."],
    ["Nachts sind es 12 °C.", "B. Stark misst sie."],
    ["Wien, 5. Jänner 2025.", "Gemäß Art. XVI Abs. 2 Bst. b und RGBl. Nr. 5 zahlt Fr. Huber Fr. 500."],
    ["Selon l'art. L. 121-1 du code, M. Dupont paie.", "Il sig. Rossi e l'avv. Bianchi, D.Lgs. 231/2001."],
    [
      "Zgodnie z art. 5 ust. 2 ustawy.",
      "Согласно ст. 5 п. 2 ГК РФ.",
      "Σύμφωνα με το άρθρ. 5 παρ. 2 του ν. 4412/2016.",
    ],
    ["هل هو كذلك؟", "نعم."],
  ])("within %s", (...sentences) => {
    expect(trimmed(sentences.join(" "))).toEqual(sentences);
  });
});

test("Quotation marks of German and of English close a sentence", () => {
  const sentences = [
    "Er sagte: „Das ist falsch.“",
    "Sie fragte: »Warum?«",
    "“It is so.”",
    "„Am 3.“",
    "Dann ging er.",
  ];
  expect(trimmed(sentences.join(" "))).toEqual(sentences);
  expect(trimmed("„Kommst du?“ fragte er. „Nr.“ 5 blieb.")).toEqual([
    "„Kommst du?“ fragte er.",
    "„Nr.“ 5 blieb.",
  ]);
});

test("A line end is white space, except before an item of a list", () => {
  expect(trimmed("One sentence that\nis wrapped. Another\none.\n- first\n- second")).toEqual([
    "One sentence that\nis wrapped.",
    "Another\none.",
    "- first",
    "- second",
  ]);
});

test("Chinese sentences end without a space", () => {
  expect(sentencesOf("一二三四。五六七八！九十")).toEqual(["一二三四。", "五六七八！", "九十"]);
});

test("Nothing is lost, whatever the text", () => {
  const random = new Random(3, "sentences.test");
  const pieces = [
    "Art. ",
    "5",
    ". ",
    "z. B.",
    "\n",
    "\n\n",
    "- ",
    "Wort ",
    "word",
    "?",
    "!” ",
    "。",
    "🌳",
    "(",
    "\ud83c",
    "\0",
    " ",
    "3. Mai",
  ];
  for (let i = 0; i < 500; i++) {
    const text = Array.from(
      { length: random.integer(40) },
      () => pieces[random.integer(pieces.length)]!,
    ).join("");
    const sentences = sentencesOf(text);
    expect(sentences.join("")).toBe(text);
    expect(sentences).not.toContain("");
  }
});

test("a row of dots, as in forms and tables of contents, takes time linear in its length", () => {
  const text = `Name: ${".".repeat(700_000)}x`;
  expect(sentencesOf(text)).toEqual([text]); // in quadratic time, ten minutes: longer than a test may take
});
