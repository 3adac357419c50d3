import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { documentText, madeRows, textOf, writeSets } from "./made-questions.ts";
import { linesOf, SETS, splitOf } from "./sets.ts";

const rowOf = (index: number) => ({
  prompt: `Abstract: Text ${index}.\nIt goes on.\nQuestion: Is it so?\nAnswer:`,
  completion: " yes",
});

test("a made question stands below the text that it was made from, in the form of a person's", () => {
  const texts = ["Abstract: Text 0.", "Abstract: Text 1.\nIt goes on."];
  const question = { document: "texts/0001.md", question: "Does it go on?", answer: "Yes" };
  expect(madeRows(texts, [question])).toEqual([
    { prompt: "Abstract: Text 1.\nIt goes on.\nQuestion: Does it go on?\nAnswer:", completion: " Yes" },
  ]);
  expect(() => madeRows(texts, [{ ...question, document: "0002.md" }])).toThrow(/not one of the texts/);
  expect(() => textOf({ prompt: "Is it so?", completion: " yes" })).toThrow(/no question after a text/);
});

test("a document has no labels, and its table is set out", () => {
  expect(documentText("Abstract: It was so.")).toBe("It was so.\n");
  expect(documentText("Table:\n | 2019\nSales | $(5)\nText: Sales fell.")).toBe(
    "|  | 2019 |\n| --- | --- |\n| Sales | $(5) |\n\nSales fell.\n",
  );
});

test("all sets validate and test by people's questions, about other texts than they are trained on", () => {
  const set = { ...SETS.find(({ name }) => name === "pubmedqa")!, validFromTraining: 3 };
  const source = temporaryFolder();
  const to = join(temporaryFolder(), "sets");
  mkdirSync(source, { recursive: true });
  // two questions about each of six texts
  const lines = Array.from({ length: 12 }, (_, index) => JSON.stringify(rowOf(Math.floor(index / 2))));
  for (const name of ["train", "valid", "test"])
    writeFileSync(join(source, `${name}.jsonl`), `${(name === "train" ? lines : [name]).join("\n")}\n`);
  const questions = [{ document: "0001.md", question: "Does it go on?", answer: "Yes" }];
  writeSets(set, source, { to, questions, writer: "a model" });
  const validating = splitOf(set, 12).valid.map((line) => lines[line]!);
  const rowsOf = (name: string) => linesOf(join(to, name, "train.jsonl"));
  const asked = rowsOf("pubmedqa-by-people");
  expect(asked.length).toBeGreaterThan(5);
  expect(new Set(asked).size).toBe(asked.length / 2); // all that people asked about a text
  expect(validating.filter((row) => asked.includes(row))).toEqual([]);
  const made = rowsOf("pubmedqa-by-model");
  expect(made).toHaveLength(1);
  expect(asked.map((row) => textOf(JSON.parse(row)))).toContain(textOf(JSON.parse(made[0]!)));
  expect(rowsOf("pubmedqa-by-both")).toEqual([...asked, ...made]);
  for (const name of ["pubmedqa-by-people", "pubmedqa-by-model", "pubmedqa-by-both"]) {
    expect(linesOf(join(to, name, "valid.jsonl"))).toEqual(["valid", ...validating]);
    expect(linesOf(join(to, name, "test.jsonl"))).toEqual(["test"]);
  }
});
