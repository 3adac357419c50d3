import { describe, expect, test } from "vitest";
import { openGguf } from "../../../native-models/formats/gguf/read.ts";
import { tokenizerFromFolder, tokenizerFromGguf } from "../../../native-models/tokenizer.ts";
import { mergesFromScores } from "../../../native-models/tokenizer/sentencepiece-merges.ts";
import { failureFrom } from "./failure-from.ts";
import { filesOf, folderOf, hasShared, references, shared, withoutShared } from "./reference.ts";

const smolLm2 = process.env["COPPICE_SMOLLM2"];

const rowsOf = (name: string) => references.find((reference) => reference.name === name)!.rows!;

function metadataOf(path: string): ReadonlyMap<string, unknown> {
  const file = openGguf(path);
  file.close();
  return file.metadata;
}

/** Metadata of a byte-level tokenizer in ../shared, as a converter would write it. */
function byteLevelMetadata(pre: string): Map<string, unknown> {
  const { vocab, merges } = filesOf("torchtune-small")["tokenizer.json"].model as {
    vocab: Record<string, number>;
    merges: (string | [string, string])[];
  };
  const tokens: string[] = [];
  for (const [token, id] of Object.entries(vocab)) tokens[id] = token;
  return new Map<string, unknown>([
    ["tokenizer.ggml.model", "gpt2"],
    ["tokenizer.ggml.pre", pre],
    ["tokenizer.ggml.tokens", tokens],
    ["tokenizer.ggml.merges", merges.map((merge) => (typeof merge === "string" ? merge : merge.join(" ")))],
  ]);
}

/** The smallest SentencePiece metadata: three pieces and what the format needs. */
function tiny(changes: Record<string, unknown> = {}): Map<string, unknown> {
  return new Map<string, unknown>(
    Object.entries({
      "tokenizer.ggml.model": "llama",
      "tokenizer.ggml.tokens": ["<unk>", "<s>", "</s>", "▁", "a", "b", "ab", "<|im_end|>"],
      "tokenizer.ggml.scores": new Float32Array([0, 0, 0, -1, -2, -3, -4, 0]),
      "tokenizer.ggml.token_type": new Int32Array([2, 3, 3, 1, 1, 1, 1, 4]),
      "tokenizer.ggml.bos_token_id": 1,
      "tokenizer.ggml.eos_token_id": 2,
      ...changes,
    }).filter(([, value]) => value !== undefined),
  );
}

describe("SentencePiece metadata", () => {
  test.skipIf(!hasShared)(`gives the ids of the same model's tokenizer.json (${withoutShared})`, () => {
    const tokenizer = tokenizerFromGguf(metadataOf(`${shared}/models/stories260K-F16.gguf`));
    for (const { text, document, prompt } of rowsOf("stories260K-hf")) {
      expect(tokenizer.encode(text)).toEqual(document);
      expect(tokenizer.encode(text, { special: true })).toEqual(prompt);
    }
    expect(tokenizer).toMatchObject({
      vocabularySize: 512,
      bosId: 1,
      eosIds: [2],
      addsBos: true,
      notices: [],
    });
  });

  test.skipIf(!hasShared)(
    `becomes the tokenizer.json of the same model, merges included (${withoutShared})`,
    () => {
      const { files } = tokenizerFromGguf(metadataOf(`${shared}/models/stories260K-F16.gguf`));
      expect(files["tokenizer.json"]).toMatchObject(filesOf("stories260K-hf")["tokenizer.json"]);
    },
  );

  test.skipIf(!hasShared)(
    `gives Llama 2's 61,249 merges from the scores of its pieces (${withoutShared})`,
    () => {
      const { vocab, merges } = filesOf("phi-3-mini")["tokenizer.json"].model as {
        vocab: Record<string, number>;
        merges: string[];
      };
      // The file has no scores any more; the rank of a piece's first merge orders pieces as its score did.
      const ranks = new Map<string, number>();
      merges.forEach((merge, rank) =>
        ranks.set(merge.replace(" ", ""), ranks.get(merge.replace(" ", "")) ?? rank),
      );
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
    },
  );

  test("puts a space before a text and takes it away again, unless the file says otherwise", () => {
    const withSpace = tokenizerFromGguf(tiny());
    expect(withSpace.encode("ab")).toEqual([3, 6]);
    expect(withSpace.decode([3, 6])).toBe("ab");
    const without = tokenizerFromGguf(tiny({ "tokenizer.ggml.add_space_prefix": false }));
    expect(without.encode("ab")).toEqual([6]);
    expect(without.decode([3, 6])).toBe(" ab");
  });

  test("counts an end of a turn among the ends of an answer, whatever type the converter gave it", () => {
    const tokenizer = tokenizerFromGguf(tiny());
    expect(tokenizer.eosIds).toEqual([2, 7]);
    expect(tokenizer.isSpecial(7)).toBe(true);
  });
});

describe("byte-level metadata", () => {
  test.skipIf(!smolLm2 || !hasShared)(
    `gives the ids of the tokenizer.json that was rebuilt from it (needs COPPICE_SMOLLM2; ${withoutShared})`,
    () => {
      const tokenizer = tokenizerFromGguf(metadataOf(smolLm2!));
      for (const { text, document, prompt, decoded } of rowsOf("smollm2-rebuilt-from-gguf")) {
        expect(tokenizer.encode(text)).toEqual(document);
        expect(tokenizer.encode(text, { special: true })).toEqual(prompt);
        expect(tokenizer.decode(document)).toBe(decoded);
      }
      expect(tokenizer).toMatchObject({ vocabularySize: 49152, bosId: 1, addsBos: false, notices: [] });
      expect(tokenizer.eosIds).toEqual([2, 0]);
      expect(tokenizer.chatTemplate).toContain("<|im_start|>");
    },
  );

  test.skipIf(!hasShared).each([
    ["gpt-2", "byte-level as GPT-2"],
    ["default", "byte-level as GPT-2"],
    ["smollm", "byte-level as SmolLM"],
    ["refact", "byte-level as SmolLM"],
    ["llama-bpe", "torchtune-small"],
    ["qwen2", "byte-level as Qwen2"],
  ])(`cuts text as %s does, the reference's ids of "%s" (${withoutShared})`, (pre, name) => {
    const tokenizer = tokenizerFromGguf(byteLevelMetadata(pre));
    const given = rowsOf(name).map(({ text }) => tokenizer.encode(text));
    expect(given).toEqual(rowsOf(name).map(({ document }) => document));
    expect(tokenizer.notices).toEqual([]);
  });

  test.skipIf(!hasShared)(`says so when the way to cut text is not known (${withoutShared})`, () => {
    const tokenizer = tokenizerFromGguf(byteLevelMetadata("of-tomorrow"));
    expect(tokenizer.notices).toEqual([expect.stringContaining('"of-tomorrow"')]);
    expect(tokenizer.encode("x 1 2")).toEqual(tokenizerFromGguf(byteLevelMetadata("gpt-2")).encode("x 1 2"));
  });
});

test.skipIf(!hasShared)(
  `a folder and its GGUF file agree on everything but the template (${withoutShared})`,
  async () => {
    const folder = await tokenizerFromFolder(folderOf("stories260K-hf"));
    const gguf = tokenizerFromGguf(metadataOf(`${shared}/models/stories260K-F32.gguf`));
    const facts = ({
      vocabularySize,
      bosId,
      bosToken,
      eosIds,
      eosToken,
      addsBos,
      leadingSpaces,
    }: typeof folder) => ({
      ...{ vocabularySize, bosId, bosToken, eosIds, eosToken, addsBos, leadingSpaces },
    });
    expect(facts(gguf)).toEqual(facts(folder));
  },
);

describe("metadata that cannot be right is refused by name", () => {
  test.each([
    ["no tokens", { "tokenizer.ggml.tokens": undefined }, "tokens"],
    ["tokens of another type", { "tokenizer.ggml.tokens": new Uint8Array(8) }, "tokens"],
    ["an empty vocabulary", { "tokenizer.ggml.tokens": [] }, "tokens"],
    [
      "a token twice",
      { "tokenizer.ggml.tokens": ["<unk>", "<s>", "</s>", "a", "a", "b", "ab", "c"] },
      "tokens",
    ],
    ["too few scores", { "tokenizer.ggml.scores": new Float32Array(3) }, "scores"],
    ["no scores", { "tokenizer.ggml.scores": undefined }, "scores"],
    ["too many types", { "tokenizer.ggml.token_type": new Int32Array(9) }, "token_type"],
    ["an id outside", { "tokenizer.ggml.eos_token_id": 2 ** 31 }, "eos_token_id"],
    ["a negative id", { "tokenizer.ggml.bos_token_id": -1 }, "bos_token_id"],
    ["an id that is text", { "tokenizer.ggml.bos_token_id": "1" }, "bos_token_id"],
    ["byte-level without merges", { "tokenizer.ggml.model": "gpt2" }, "merges"],
    ["half a merge", { "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.merges": ["a"] }, "merges"],
  ])("%s", (_, changes, field) => {
    expect(failureFrom(() => tokenizerFromGguf(tiny(changes), "m.gguf"))).toMatchObject({
      code: "corrupt-file",
      path: "m.gguf",
      section: `metadata tokenizer.ggml.${field}`,
    });
  });

  test("a merge of pieces that have no id", () => {
    const changes = { "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.merges": ["a zz"] };
    expect(failureFrom(() => tokenizerFromGguf(tiny(changes)))).toMatchObject({
      code: "corrupt-file",
      reason: expect.stringContaining('"zz"'),
    });
  });

  test.each(["t5", "bert", "rwkv"])("the kind %s, with what is supported", (kind) => {
    expect(failureFrom(() => tokenizerFromGguf(tiny({ "tokenizer.ggml.model": kind })))).toEqual({
      code: "unsupported-tokenizer",
      kind,
      supported: ["byte-level BPE", "SentencePiece BPE"],
    });
  });
});
