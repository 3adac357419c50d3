import { describe, expect, test } from "vitest";
import { containing, nearDuplicates } from "../../../../main/documents/passages/near-duplicates.ts";
import { Random } from "../../../../native-models/random.ts";

const random = new Random(7, "near-duplicates.test");
const words = (count: number) => Array.from({ length: count }, () => `word${random.integer(5000)}`);
const groups = (texts: readonly string[]) => [...nearDuplicates(texts)];

/** The words with so many of them, evenly spread, replaced. */
const edited = (text: readonly string[], count: number) => {
  const step = Math.floor(text.length / count);
  return text.map((word, i) => (i % step === step - 1 ? `edit${i}` : word));
};

describe("Texts that are nearly the same are found:", () => {
  const text = words(200);

  test("with a few words changed, and not with many", () => {
    expect(groups([text, edited(text, 4), edited(text, 50)].map((list) => list.join(" ")))).toEqual([
      0, 0, 2,
    ]);
  });

  test("whatever the case, punctuation and white space", () => {
    expect(groups([text.join(" "), text.join(",\n").toUpperCase()])).toEqual([0, 0]);
  });

  test("in a group that is joined pair by pair, named by its first text", () => {
    const [second, third] = [edited(text, 4), edited(text, 4).map((word, i) => (i % 50 === 30 ? "x" : word))];
    expect(groups([words(200), third, text, second].map((list) => list.join(" ")))).toEqual([0, 1, 1, 1]);
  });

  test("in Chinese, whose words are not separated", () => {
    const characters = Array.from({ length: 300 }, (_, i) =>
      String.fromCodePoint(0x4e00 + ((i * 7919) % 9000)),
    );
    const changed = characters.map((character, i) => (i === 100 ? "甲" : character));
    expect(groups([characters.join(""), changed.join("")])).toEqual([0, 0]);
  });

  test("in Japanese, also behind a number and beside a long vowel", () => {
    const kana = Array.from({ length: 200 }, (_, i) => String.fromCodePoint(0x30a1 + ((i * 31) % 80)));
    const text = kana.join("ー");
    expect(groups([`2025${text}`, `2025${text.replace(kana[100]!, "々")}`])).toEqual([0, 0]);
  });

  test("and texts without a word, or of a few words, are only alike if they are equal", () => {
    expect(
      groups(["", " – ", "", "one", "one", "one two", "one two three four", "one two three five"]),
    ).toEqual([0, 1, 2, 3, 3, 5, 6, 7]);
  });
});

describe("Texts that contain each other are found:", () => {
  const contained = (...texts: string[][]) => [...containing(texts.map((text) => text.join(" ")))];
  const [text, other] = [words(200), words(300)];

  test("wherever one stands in the other, if it is half of it or more", () => {
    expect(contained(words(100), text, [...other, ...text, ...words(900)])).toEqual([0, 1, 1]);
    expect(
      contained(text, [...text.slice(0, 150), ...words(900)], [...other, ...text.slice(150), ...words(900)]),
    ).toEqual([0, 0, 2]);
  });

  test("not if more than four have it, and not by the words of a few lines", () => {
    expect(contained(...Array.from({ length: 6 }, () => [...text, ...words(100)]))).toEqual([
      0, 1, 2, 3, 4, 5,
    ]);
    expect(contained(words(6), words(6), ["short"], ["short"])).toEqual([0, 1, 2, 3]);
  });
});

test("Every copy of a document with 2% of its words changed is found among 2,000 passages, and nothing else", () => {
  const passages = Array.from({ length: 1000 }, () => words(200));
  const found = groups(
    [...passages, ...passages.map((list) => edited(list, 4))].map((list) => list.join(" ")),
  );
  expect(found).toEqual([...passages.keys(), ...passages.keys()]);
});
