import { expect, test } from "vitest";
import { placeIn, placeKindByName, placeText } from "../../../../preload/contract/data/places.ts";
import { sentence } from "../../../../preload/contract/words/sentence.ts";

test.each([
  ["2024/lease.pdf", "page"],
  ["talk.PPTX", "slide"],
  ["talk.odp", "slide"],
  ["rows.jsonl.gz", "line"],
  ["prices.xlsx", "row"],
  ["prices.xls", "row"],
  ["talk.ppsx", "slide"],
  ["prices.xltm", "row"],
  ["letters.zip/answer.docx", "paragraph"],
  ["novel.epub", "chapter"],
  ["Group 7", "line"],
])("a place in %s is a %s", (name, kind) => {
  expect(placeKindByName(name)).toBe(kind);
});

test("a record's document is named without its place", () => {
  expect(placeIn({ document: "answers.jsonl, 12", place: 12 })).toEqual({
    name: "answers.jsonl",
    kind: "line",
  });
  expect(placeIn({ document: "lease.pdf", place: 3 })).toEqual({ name: "lease.pdf", kind: "page" });
  expect(placeIn({ document: "", place: 5 })).toEqual({ name: "", kind: "row" });
});

test("a place is named for what it is", () => {
  expect([placeText("slide", 4), placeText("page", 1200)]).toEqual(["slide 4", "page 1,200"]);
});

test("a row of a spreadsheet is no line", () => {
  const failure = {
    code: "bad-data",
    path: "prices.xlsx",
    line: 7,
    reason: { code: "row", place: "row", why: { code: "empty", part: "text" } },
  } as const;
  expect(sentence(failure)).toBe(
    'Row 7 of "prices.xlsx" cannot be used: the row has an empty text. Correct or remove the row.',
  );
});
