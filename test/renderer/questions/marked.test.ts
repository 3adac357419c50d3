import { expect, test } from "vitest";
import { markedPieces } from "../../../renderer/questions/marked.ts";

const marked = (passage: string, evidence: string) =>
  markedPieces(passage, evidence)
    .filter(({ isMarked }) => isMarked)
    .map(({ text }) => text);

test("the sentence is marked where it stands, whatever its spaces", () => {
  const passage = "Rent is due.\nA  late\npayment costs (at most) 5 € + tax. It ends.";
  const pieces = markedPieces(passage, "A late payment costs (at most) 5 € + tax.");
  expect(pieces.map(({ text }) => text).join("")).toBe(passage);
  expect(pieces.map(({ isMarked }) => isMarked)).toEqual([false, true, false]);
  expect(pieces[1]!.text).toBe("A  late\npayment costs (at most) 5 € + tax.");
});

test("two rows of a table are marked in the order in which they stand", () => {
  const passage = "Year: 2020; Sales: 4\nYear: 2021; Sales: 5\nYear: 2022; Sales: 6";
  expect(marked(passage, "Year: 2022; Sales: 6\nYear: 2020; Sales: 4")).toEqual([
    "Year: 2020; Sales: 4",
    "Year: 2022; Sales: 6",
  ]);
});

test.each(["", "\n", "Nobody said so."])(
  "evidence that is not in the passage marks nothing: %j",
  (evidence) => {
    expect(markedPieces("A passage.", evidence)).toEqual([{ text: "A passage.", isMarked: false }]);
  },
);
