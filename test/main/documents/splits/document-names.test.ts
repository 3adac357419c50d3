import { expect, test } from "vitest";
import { documentNames } from "../../../../main/documents/splits/document-names.ts";

const names = (...documents: string[]) => [...documentNames(documents).values()];

test("documents are named within the folder that all of them are in", () => {
  expect(names("/home/ann/leases/2024/a.pdf", "/home/ann/leases/2025/a.pdf")).toEqual([
    "2024/a.pdf",
    "2025/a.pdf",
  ]);
  expect(names("/home/ann/leases/a.pdf")).toEqual(["a.pdf"]);
  expect(names("/home/ann/a/b.txt", "/home/ann/ab.txt")).toEqual(["a/b.txt", "ab.txt"]);
  expect(names("/a.txt", "/b/c.txt")).toEqual(["a.txt", "b/c.txt"]);
});

test("a record is named after its file and line, a group by its own name", () => {
  expect(names("/data/answers.jsonl\n12", "/data/answers.jsonl\n13", "Contract 7")).toEqual([
    "answers.jsonl, 12",
    "answers.jsonl, 13",
    "Contract 7",
  ]);
});

test("names that were given before stay as they are", () => {
  expect(names("2024/a.pdf", "answers.jsonl, 12")).toEqual(["2024/a.pdf", "answers.jsonl, 12"]);
});
