import { expect, test } from "vitest";
import { evaluationRows } from "../../../../main/trimming/evaluation/evaluate.ts";
import {
  exampleIds,
  promptedAnswers,
  promptedQuestions,
} from "../../../../main/trimming/evaluation/prompted-rows.ts";
import type { Encoder } from "../../../../main/trimming/rows/rows.ts";

/** One id a byte. */
const characters: Encoder = {
  encode: (text, { addBos = false } = {}) => [
    ...(addBos ? [1] : []),
    ...[...Buffer.from(text)].map((byte) => byte + 3),
  ],
  tokenBytes: (id) => (id < 3 ? new Uint8Array() : Uint8Array.of(id - 3)),
  eosIds: [2],
  addsBos: true,
  bosToken: null,
};

const textOf = (ids: readonly number[]) =>
  Buffer.concat(ids.map((id) => Buffer.from(characters.tokenBytes(id)))).toString();
const rows = [..."aabbccdd"].map((letter, i) => ({
  prompt: `${"x".repeat(i + 1)}?`,
  completion: ` ${letter}`,
}));
const questions = [1, 2, 3].map((i) => ({ question: "q".repeat(10 * i), choices: ["a", "b"], answer: 0 }));

test("three short training rows with different answers precede a question of the untrained model", () => {
  const examples = exampleIds(characters, rows)!;
  expect(textOf(examples)).toBe("xxx? b\n\nxxxxx? c\n\nxxxxxxx? d\n\n");
  expect(exampleIds(characters, rows.slice(0, 2))).toBeNull();
  expect(
    exampleIds(
      characters,
      rows.map((row) => ({ ...row, prompt: "x".repeat(400) })),
    ),
  ).toBeNull();
  const alike = rows.map((row) => ({ ...row, completion: " a" }));
  expect(exampleIds(characters, alike)).not.toBeNull();
});

test("only questions that fit with the examples are asked, and their labels stay", () => {
  const examples = exampleIds(characters, rows)!;
  const all = evaluationRows(characters, { questions, examples: [] }, "plain", 512);
  const prompted = promptedQuestions(characters, all, examples, examples.length + 30)!;
  expect(prompted.questions).toEqual([0]);
  const [before, after] = [all.rows[0]!, prompted.rows.rows[0]!];
  expect(textOf(after.ids)).toBe(textOf(examples) + textOf(before.ids));
  expect(after.ids.slice(after.promptLength)).toEqual(before.ids.slice(before.promptLength));
  expect(promptedQuestions(characters, all, examples, examples.length)).toBeNull();
});

test("an answer is written after the same examples", () => {
  const row = { prompt: characters.encode("Who?", { addBos: true }), maxTokens: 4 } as never;
  const [prompted] = promptedAnswers(characters, [row], exampleIds(characters, rows)!);
  expect(textOf(prompted!.prompt)).toMatch(/ d\n\nWho\?$/);
});
