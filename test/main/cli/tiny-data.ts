/** A few rows that a tiny model can learn from. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const things = "ladder cart drum barn press boat lamp bell rope saw plough anvil".split(" ");

/** Writes train, valid and test files into a new folder, and gives the folder. */
export function writeTinyData(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const clause = (i: number) => `The ${things[i % things.length]} is hired for ${i} days`;
  const example = (i: number) => ({
    prompt: `${clause(i)}. Yes?\nAnswer:`,
    completion: i % 2 ? " Yes" : " No",
  });
  const question = (i: number) => ({
    question: `${clause(i)}. Yes?`,
    choices: ["Yes", "No"],
    answer: i % 2 ? 0 : 1,
  });
  const write = (name: string, rows: object[]) =>
    writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  write("train.jsonl", range(0, 16).map(example));
  write("valid.jsonl", range(20, 8).map(question));
  write("test.jsonl", range(30, 8).map(question));
  return folder;
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
