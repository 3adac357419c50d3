import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../main/temporary-folder.ts";
import { madeRows, writeSets } from "./made-questions.ts";
import { linesOf, SETS, splitOf } from "./sets.ts";

const rowOf = (index: number) => ({
  prompt: `Abstract: Text ${index}.\nIt goes on.\nQuestion: Is it so?\nAnswer:`,
  completion: " yes",
});

test("a made question stands below the text that it was made from, in the form of a person's", () => {
  const rows = [rowOf(0), rowOf(1)];
  const question = { document: "texts/0001.md", question: "Does it go on?", answer: "Yes" };
  expect(madeRows(rows, [question])).toEqual([
    { prompt: "Abstract: Text 1.\nIt goes on.\nQuestion: Does it go on?\nAnswer:", completion: " Yes" },
  ]);
  expect(() => madeRows(rows, [{ ...question, document: "0002.md" }])).toThrow(/not one of the texts/);
  expect(() =>
    madeRows([{ ...rowOf(0), prompt: "Is it so?" }], [{ ...question, document: "0000.md" }]),
  ).toThrow(/no question after a text/);
});

test("all sets validate and test by people's questions, and train on no row that validates", () => {
  const set = { ...SETS.find(({ name }) => name === "pubmedqa")!, validFromTraining: 3 };
  const source = temporaryFolder();
  const to = join(temporaryFolder(), "sets");
  mkdirSync(source, { recursive: true });
  const lines = Array.from({ length: 8 }, (_, index) => JSON.stringify(rowOf(index)));
  for (const name of ["train", "valid", "test"])
    writeFileSync(join(source, `${name}.jsonl`), `${(name === "train" ? lines : [name]).join("\n")}\n`);
  const questions = [{ document: "0004.md", question: "Does it go on?", answer: "Yes" }];
  writeSets(set, source, { to, questions, writer: "a model" });
  const split = splitOf(set, 8);
  const made = madeRows([rowOf(split.train[4]!)], [{ ...questions[0]!, document: "0" }]).map((row) =>
    JSON.stringify(row),
  );
  const validating = ["valid", ...split.valid.map((line) => lines[line]!)];
  for (const [name, training] of [
    ["pubmedqa-made", made],
    ["pubmedqa-both", [...split.train.map((line) => lines[line]!), ...made]],
  ] as const) {
    expect(linesOf(join(to, name, "train.jsonl"))).toEqual(training);
    expect(linesOf(join(to, name, "valid.jsonl"))).toEqual(validating);
    expect(linesOf(join(to, name, "test.jsonl"))).toEqual(["test"]);
  }
});
