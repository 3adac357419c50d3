import { describe, expect, test } from "vitest";
import { architectureOf } from "../../../native-models/architectures/registry.ts";
import { openGguf } from "../../../native-models/formats/gguf/read.ts";
import {
  tokenizerFromFiles,
  tokenizerFromFolder,
  tokenizerFromGguf,
} from "../../../native-models/tokenizer.ts";
import type { PipelineStep } from "../../../native-models/tokenizer/definition.ts";
import { preTokenizerKind } from "../../../native-models/tokenizer/gguf-pre-tokenizers.ts";
import { preTokenizer } from "../../../native-models/tokenizer/pre-tokenize.ts";
import { nameFor, rightStripped } from "../../../native-models/tokenizer/right-stripped.ts";
import { ggufTokenizer } from "../../../native-models/tokenizer/to-gguf.ts";
import { trimmedTokenizer } from "../../../native-models/tokenizer/trimmed.ts";
import { failureFrom } from "./failure-from.ts";
import { goldenPath } from "../formats/fixtures.ts";
import { filesOf, folderOf, references } from "./reference.ts";

const rowsOf = (name: string) => references.find((reference) => reference.name === name)!.rows!;

/** Metadata of the tiny model's file, whose tokenizer is the folder "sentencepiece" (test/lab/reference/tiny-llama.py). */
function sentencePieceMetadata(): ReadonlyMap<string, unknown> {
  const file = openGguf(goldenPath("tiny-llama-F16.gguf"));
  file.close();
  return file.metadata;
}

/** Metadata of a byte-level tokenizer, as a converter would write it. */
function byteLevelMetadata(pre: string): Map<string, unknown> {
  const { vocab, merges } = filesOf("byte-level")["tokenizer.json"].model as {
    vocab: Record<string, number>;
    merges: [string, string][];
  };
  const tokens: string[] = [];
  for (const [token, id] of Object.entries(vocab)) tokens[id] = token;
  return new Map<string, unknown>([
    ["tokenizer.ggml.model", "gpt2"],
    ["tokenizer.ggml.pre", pre],
    ["tokenizer.ggml.tokens", tokens],
    ["tokenizer.ggml.merges", merges.map((merge) => merge.join(" "))],
  ]);
}

/** What `tokenizers` cuts texts into by the patterns in test/lab/reference/tokenizer-ids.py (tokenizers 0.23.3, Split.pre_tokenize_str). */
const CUT: readonly [string, readonly string[]][] = [
  ["qwen2", ["a", "'\u017f", "b", " '", "\u017f", "'\u212a", " x", "'RE", "y"]],
  ["qwen2", ["\u0928", "\u093c'", "\u017f", " GrößeПриветМир", " ÉtéÀé", "\u0301b"]],
  ["tekken", ["a", "'\u017fb", " '", "\u017f", "'\u212a", " x", "'REy"]],
  ["tekken", ["\u0928\u093c", "'\u017f", " Größe", "Привет", "Мир", " Été", "Àé\u0301b"]],
  ["tekken", ["HTTPServer", "'s", " IT", "'S", " x", "1", "2", "3", "/\r\n/", " ", "\u2028é\u0301", "É\u0301", " ☺\ufe0f"]],
  ["gpt-4o", ["a'\u017f", "b", " '", "\u017f", "'\u212a", " x'RE", "y"]],
  ["gpt-4o", ["\u0928\u093c'\u017f", " Größe", "Привет", "Мир", " Été", "Àé\u0301b"]],
  ["gpt-4o", ["HTTPServer's", " IT'S", " x", "123", "456", "/\r\n/", " ", "\u2028é\u0301", "É\u0301", " ☺\ufe0f"]],
]; // prettier-ignore

test.each(CUT)("%s cuts a text as the reference does: %j", (name, pieces) => {
  const { pretokenizers } = preTokenizerKind(name).kind.preTokenizer as { pretokenizers: PipelineStep[] };
  expect(preTokenizer(pretokenizers.slice(0, 1))(pieces.join(""), true)).toEqual(pieces);
});

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
  test("gives the same ids as the model's tokenizer.json", () => {
    const tokenizer = tokenizerFromGguf(sentencePieceMetadata());
    for (const { text, document, prompt } of rowsOf("sentencepiece")) {
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

  test("becomes the same model's tokenizer.json, with merges derived from the scores of its pieces", () => {
    const { files } = tokenizerFromGguf(sentencePieceMetadata());
    expect(files["tokenizer.json"]).toMatchObject(filesOf("sentencepiece")["tokenizer.json"]);
  });

  test("adds a space before a text and removes it again, unless the file says otherwise", () => {
    const withSpace = tokenizerFromGguf(tiny());
    expect(withSpace.encode("ab")).toEqual([3, 6]);
    expect(withSpace.decode([3, 6])).toBe("ab");
    const without = tokenizerFromGguf(tiny({ "tokenizer.ggml.add_space_prefix": false }));
    expect(without.encode("ab")).toEqual([6]);
    expect(without.decode([3, 6])).toBe(" ab");
  });

  test("treats an end-of-turn token as an end of an answer, whatever type the converter gave it", () => {
    const tokenizer = tokenizerFromGguf(tiny());
    expect(tokenizer.eosIds).toEqual([2, 7]);
    expect(tokenizer.isSpecial(7)).toBe(true);
  });
});

describe("tokens that absorb the white space after them, as Phi-3's do", () => {
  /** A folder's tokenizer in which these tokens do. */
  const stripping = (...contents: readonly string[]) => {
    const { files } = tokenizerFromGguf(tiny());
    const json = files["tokenizer.json"] as { added_tokens: { content: string }[] };
    const added_tokens = json.added_tokens.map((token) => ({
      ...token,
      rstrip: contents.includes(token.content),
    }));
    return tokenizerFromFiles({
      path: "tokenizer.json",
      files: { ...files, "tokenizer.json": { ...json, added_tokens } },
    });
  };
  const prompt = "<|im_end|>\n ab</s> a";
  const idsOf = ({ encode }: ReturnType<typeof stripping>) => encode(prompt, { special: true });

  test("are such tokens in a GGUF file, too, also in one that was made of it, and if some tokens are dropped", () => {
    const folder = stripping("<|im_end|>", "</s>");
    expect(idsOf(folder)).toEqual([7, 3, 6, 2, 3, 4]);
    expect(idsOf(stripping())).not.toEqual(idsOf(folder));
    const gguf = tokenizerFromGguf(valuesOf(ggufTokenizer(folder, 8)));
    expect(idsOf(gguf)).toEqual(idsOf(folder));
    expect(idsOf(tokenizerFromGguf(valuesOf(ggufTokenizer(gguf, 8))))).toEqual(idsOf(folder));
    const kept = Int32Array.of(0, 1, 2, 3, 4, 5, 6);
    expect(rightStripped(trimmedTokenizer(gguf, kept).definition)).toEqual(["</s>"]);
  });

  test("give the model a name by which llama.cpp assumes them, if they are the ones that it assumes", () => {
    const { strippingName } = architectureOf("phi3").gguf!;
    const nameOf = (...contents: readonly string[]) =>
      ["clauses", "My phi-3"].map((name) => nameFor(name, stripping(...contents).definition, strippingName));
    expect(nameOf("<|im_end|>", "</s>")).toEqual(["clauses (Phi-3)", "My phi-3"]);
    expect(nameOf("<|im_end|>")).toEqual(["clauses", "My phi-3"]);
    expect(nameOf()).toEqual(["clauses", "My phi-3"]);
    expect(nameFor("clauses", stripping("<|im_end|>", "</s>").definition, undefined)).toBe("clauses");
  });
});

/** Metadata as it is read again. */
const valuesOf = (entries: ReturnType<typeof ggufTokenizer>): Map<string, unknown> =>
  new Map(
    [...entries].map(([key, entry]) => [
      key,
      typeof entry === "object" && "type" in entry ? entry.value : entry,
    ]),
  );

describe("byte-level metadata", () => {
  test.each([
    ["gpt-2", "byte-level as GPT-2"],
    ["default", "byte-level as GPT-2"],
    ["smollm", "byte-level as SmolLM"],
    ["refact", "byte-level as SmolLM"],
    ["llama-bpe", "byte-level"],
    ["qwen2", "byte-level as Qwen2"],
  ])(`cuts text as %s does, the reference's ids of "%s"`, (pre, name) => {
    const tokenizer = tokenizerFromGguf(byteLevelMetadata(pre));
    const given = rowsOf(name).map(({ text }) => tokenizer.encode(text));
    expect(given).toEqual(rowsOf(name).map(({ document }) => document));
    expect(tokenizer.notices).toEqual([]);
  });

  test("reports an unknown pre-tokenizer", () => {
    const tokenizer = tokenizerFromGguf(byteLevelMetadata("of-tomorrow"));
    expect(tokenizer.notices).toEqual([expect.stringContaining('"of-tomorrow"')]);
    expect(tokenizer.encode("x 1 2")).toEqual(tokenizerFromGguf(byteLevelMetadata("gpt-2")).encode("x 1 2"));
  });
});

test.each([
  ["llama-bpe", true, { behavior: "Isolated", invert: false }],
  ["dbrx", false, { behavior: "Isolated" }], // as in OLMo 2 and Granite 4
  ["dbrx", false, { behavior: "Removed", invert: true }], // as in tokenizers made from tiktoken's
])("a folder's pre-tokenizer has the name %s in GGUF: merges ignored %s, %j", (name, ignore_merges, how) => {
  const json = filesOf("byte-level")["tokenizer.json"] as unknown as {
    model: object;
    pre_tokenizer: { pretokenizers: [PipelineStep, PipelineStep] };
  };
  const [{ type, pattern }, bytes] = json.pre_tokenizer.pretokenizers;
  const tokenizer = tokenizerFromFiles({
    path: "tokenizer.json",
    files: {
      "tokenizer.json": {
        ...json,
        pre_tokenizer: { type: "Sequence", pretokenizers: [{ type, pattern, ...how }, bytes] },
        model: { ...json.model, ignore_merges },
      },
      "tokenizer_config.json": {},
    },
  });
  const metadata = ggufTokenizer(tokenizer, tokenizer.vocabularySize);
  expect(metadata.get("tokenizer.ggml.pre")).toBe(name);
  const again = tokenizerFromGguf(metadata);
  for (const { text } of rowsOf("byte-level")) expect(again.encode(text)).toEqual(tokenizer.encode(text));
  expect(tokenizerFromGguf(byteLevelMetadata(name)).definition.ignoreMerges).toBe(ignore_merges);
});

test("a folder and its GGUF file agree on everything but the template", async () => {
  const folder = await tokenizerFromFolder(folderOf("sentencepiece"));
  const gguf = tokenizerFromGguf(sentencePieceMetadata());
  const facts = ({
    vocabularySize,
    bosId,
    bosToken,
    eosIds,
    eosToken,
    addsBos,
    leadingSpaces,
  }: typeof folder) => ({
    vocabularySize,
    bosId,
    bosToken,
    eosIds,
    eosToken,
    addsBos,
    leadingSpaces,
  });
  expect(facts(gguf)).toEqual(facts(folder));
});

test.each([
  ["padding", 2 ** 32 - 1],
  ["padding", 8],
  ["unknown", 2 ** 32 - 1],
  ["eot", -1],
])("the id of its %s token, %i, is out of range and counts as none, with a notice", (name, id) => {
  const tokenizer = tokenizerFromGguf(tiny({ [`tokenizer.ggml.${name}_token_id`]: id }));
  const without = tokenizerFromGguf(tiny({ [`tokenizer.ggml.${name}_token_id`]: undefined }));
  expect(tokenizer.notices).toEqual([expect.stringContaining(`${name}_token_id is ${id}`)]);
  expect(tokenizer.encode("abc")).toEqual(without.encode("abc"));
  expect(tokenizer.files).toEqual(without.files);
});

describe("invalid metadata is refused by name", () => {
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
    ["a minor id that is text", { "tokenizer.ggml.padding_token_id": "1" }, "padding_token_id"],
    ["byte-level without merges", { "tokenizer.ggml.model": "gpt2" }, "merges"],
    ["half a merge", { "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.merges": ["a"] }, "merges"],
  ])("%s", (_, changes, field) => {
    expect(failureFrom(() => tokenizerFromGguf(tiny(changes), "m.gguf"))).toMatchObject({
      code: "corrupt-file",
      path: "m.gguf",
      section: `metadata tokenizer.ggml.${field}`,
    });
  });

  test("a merge of pieces without an id", () => {
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
