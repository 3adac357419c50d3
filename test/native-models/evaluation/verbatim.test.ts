import { expect, test } from "vitest";
import { VerbatimRuns, wordsOf } from "../../../native-models/evaluation/verbatim.ts";

const longest = (asked: { prompt: string; answer: string }[], ...texts: string[]) => {
  const runs = new VerbatimRuns(asked);
  for (const text of texts) runs.add(text);
  return [...runs.longest];
};

test("Words are what stands between spaces", () => {
  expect(wordsOf(" The  tenant's\nrent, due. ")).toEqual(["The", "tenant's", "rent,", "due."]);
});

test("In a script without spaces, characters are words, and so are the numbers and marks between them", () => {
  expect(wordsOf("第12条、賃料。 OK!")).toEqual(["第", "12", "条", "、", "賃", "料", "。", "OK!"]);
  const clause = "借主は毎月五日までに家賃を支払うものとする。";
  expect(longest([{ prompt: "", answer: `はい、${clause}` }], `第一条。${clause}以上`)).toEqual([
    clause.length,
  ]);
});

test("The longest run of each answer is found in any text, and words that only look alike are not", () => {
  const answers = [
    "x one two three four five y",
    "nothing of it is there at all",
    "six seven eight nine",
  ].map((answer) => ({ prompt: "", answer }));
  expect(
    longest(answers, "zero one two three four six seven", "two three four five six seven eight nine"),
  ).toEqual([4, 0, 4]);
  expect(longest(answers, "one two three", "Seven eight nine")).toEqual([0, 0, 0]);
});

test("What an answer copies from its own prompt does not count, what goes on does", () => {
  const training = "the rent is due on the first day of each month and never later";
  expect(
    longest([{ prompt: "the rent is due on the first", answer: "the rent is due on the first" }], training),
  ).toEqual([0]);
  expect(
    longest([{ prompt: "the rent is due", answer: "the rent is due on the first day" }], training),
  ).toEqual([8]);
  expect(longest([{ prompt: "something else", answer: "the rent is due on the first" }], training)).toEqual([
    7,
  ]);
});

test("Repeated words take no longer than their number", () => {
  const asked = [{ prompt: "", answer: "a ".repeat(1600) }];
  // If each run were compared word by word, this would take longer than a test may.
  expect(longest(asked, "a ".repeat(200_000))).toEqual([1600]);
});
