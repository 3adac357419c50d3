/** Tokenizers of real models against the reference's ids (test/lab/reference/tokenizer-ids.py), from their folders and from GGUF. */
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openGguf } from "../../native-models/formats/gguf/read.ts";
import { tokenizerFromFolder, tokenizerFromGguf } from "../../native-models/tokenizer.ts";
import { mergesFromScores } from "../../native-models/tokenizer/sentencepiece-merges.ts";
import { expectIdsOfParts, expectReferenceIds } from "../native-models/tokenizer/reference-checks.ts";
import { referenceTokenizers } from "../native-models/tokenizer/reference.ts";
import { real } from "./material.ts";

const folderOf = (name: string) =>
  existsSync(real(`tokenizers/${name}`)) ? real(`tokenizers/${name}`) : real(`models/${name}`);
const { references, filesOf, tokenizerOf } = referenceTokenizers(
  new URL("tokenizer-ids.json", import.meta.url),
  folderOf,
);

describe.each(references.filter(({ rows }) => rows))("$name", (reference) => {
  test("gives the reference implementation's ids", () => {
    expectReferenceIds(reference, tokenizerOf(reference));
  });

  test("gives a long text the ids of its parts", () => {
    expectIdsOfParts(tokenizerOf(reference));
  });
});

test.each(references.filter(({ rows }) => !rows))(
  "$name, whose merges the reference refuses, is refused",
  async ({ name }) => {
    const error = await tokenizerFromFolder(folderOf(name)).catch((error: unknown) => error);
    expect(error).toMatchObject({ failure: { code: "corrupt-file", section: "model merges" } });
  },
);

test("stories260K's GGUF file gives the ids and the tokenizer.json of its folder", () => {
  const file = openGguf(real("models/stories260K-F16.gguf"));
  file.close();
  const tokenizer = tokenizerFromGguf(file.metadata);
  for (const { text, document, prompt } of references.find(({ name }) => name === "stories260K-hf")!.rows!) {
    expect(tokenizer.encode(text)).toEqual(document);
    expect(tokenizer.encode(text, { special: true })).toEqual(prompt);
  }
  expect(tokenizer.files["tokenizer.json"]).toMatchObject(filesOf("stories260K-hf")["tokenizer.json"]);
});

test("Llama 2's 61,249 merges come from the scores of its pieces", () => {
  const { vocab, merges } = filesOf("phi-3-mini")["tokenizer.json"].model as {
    vocab: Record<string, number>;
    merges: string[];
  };
  // The file has no scores any more; the rank of a piece's first merge orders pieces as its score did.
  const ranks = new Map<string, number>();
  merges.forEach((merge, rank) => {
    const piece = merge.replace(" ", "");
    ranks.set(piece, ranks.get(piece) ?? rank);
  });
  // The first 259 are control and byte tokens.
  const pieces = Object.entries(vocab).filter(([, id]) => id >= 259);
  const scores: number[] = [];
  const texts: string[] = [];
  for (const [piece, id] of pieces) {
    scores[id] = -(ranks.get(piece) ?? Number.MAX_VALUE);
    texts[id] = piece;
  }
  const ids = mergesFromScores(new Map(pieces), scores);
  const given = Array.from(
    { length: ids.length / 3 },
    (_, merge) => `${texts[ids[3 * merge]!]} ${texts[ids[3 * merge + 1]!]}`,
  );
  expect(given.length).toBe(61_249);
  expect(given.findIndex((merge, rank) => merge !== merges[rank])).toBe(-1);
});
