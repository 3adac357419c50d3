import { expect, test } from "vitest";
import { rowsOf } from "../../../main/documents/cut-texts.ts";
import { readDocument } from "./read.ts";
import { jsonl, scratch } from "./scratch.ts";

const sentences = (count: number) =>
  Array.from({ length: count }, (_, i) => `Sentence number ${i} is here.`).join(" ");

test("Each passage has its document and its place: of a file its line, of a record the record's", async () => {
  const at = scratch({
    "a.md": `# One\n\n${sentences(60)}\n\n# Two\n\n${sentences(5)}`,
    "b.jsonl": jsonl({ text: sentences(60) }, { text: "Short.", contract_id: "L-1" }),
  });
  const origins = async (name: string) =>
    rowsOf(await readDocument(at(name))).map(({ line, passage }) => [
      line,
      passage!.document,
      passage!.beginsSection,
    ]);
  const file = at("a.md");
  expect(await origins("a.md")).toEqual([
    [1, file, true],
    [3, file, false],
    [5, file, true],
  ]);
  expect((await origins("b.jsonl")).map(([line, document]) => [line, document])).toEqual([
    [1, `${at("b.jsonl")}\n1`],
    [1, `${at("b.jsonl")}\n1`],
    [2, `${at("b.jsonl")}\n2`],
  ]);
});

test("A passage has at most about 400 tokens, where a tokenizer needs many for its characters", async () => {
  const found = await readDocument(scratch({ "a.txt": sentences(200) })("a.txt"));
  const longest = (tokensPerCharacter: number) =>
    Math.max(
      ...rowsOf(found, { countTokens: (text) => text.length * tokensPerCharacter }).map((row) =>
        row.kind === "example" ? row.example.completion.length : 0,
      ),
    );
  expect(longest(0.25)).toBeGreaterThan(1100);
  expect(longest(0.25)).toBeLessThanOrEqual(1200);
  expect(longest(1)).toBeLessThanOrEqual(400);
});
