/** GGUF files of each family as the gguf package writes them, by the keys, names and values of llama.cpp's converter. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../native-models/architectures/architecture.ts";
import { architectureOf } from "../../../native-models/architectures/registry.ts";
import { openTensorFile } from "../../../native-models/formats/open.ts";
import type { TensorFile } from "../../../native-models/formats/tensor-file.ts";
import type { Model } from "../../../native-models/model.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { failureFrom } from "../../main/failure-from.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { families } from "./families.ts";
import { ggufFile, readGguf } from "./golden-gguf.ts";
import { hashedModel, trainingLogits, worstDifference } from "./hashed-model.ts";

/** What the converter leaves out where it is what llama.cpp assumes. */
const UNWRITTEN = [
  ...["vocab_size", "attention.sliding_window_pattern"],
  ...["rope.freq_base", "rope.freq_base_swa", "rope.scaling.type"],
];
/** What it writes that other keys say already. */
const REPEATED = ["attention.value_length", "rope.dimension_count", "vocab_size"];

const withoutPrefix = (key: string) => key.slice(key.indexOf(".") + 1);

/** What a model's rotation writes as tensors is what the file has. */
function expectVectors(
  { architecture, config }: Pick<Model, "architecture" | "config">,
  file: TensorFile,
): void {
  const small = [...file.tensors.keys()].filter((tensor) => tensor.startsWith("rope_"));
  const vectors = architecture.gguf!.vectors(config);
  expect([...vectors.keys()].sort()).toEqual(small.sort());
  for (const [tensor, values] of vectors)
    expect(worstDifference(Float32Array.from(values), file.tensors.get(tensor)!.readFloat32())).toBeLessThan(
      1e-5,
    );
}

const files = families.flatMap(({ gguf }) => gguf);

describe.each(files)("%s", (name) => {
  const golden = readGguf(name);
  const upstream = hashedModel(golden.config, golden);

  const open = () => {
    const path = join(temporaryFolder(), "model.gguf");
    writeFileSync(path, ggufFile(golden));
    return openModel(path);
  };

  test("has the weights of the folder that it was converted from", async () => {
    const model = await open();
    expect([...model.names].sort()).toEqual([...upstream.names].sort());
    for (const weight of upstream.names)
      expect(
        worstDifference(model.weight(weight).readFloat32(), upstream.weight(weight).readFloat32()),
        weight,
      ).toBeLessThan(2e-7); // norms that are stored with 1 added are rounded
    model.close();
  });

  test("has the folder's kinds of blocks, embedding and head", async () => {
    const model = await open();
    expect(described(model.config)).toEqual(described(upstream.config));
    model.close();
  });

  test("has the metadata that we would write", () => {
    const path = join(temporaryFolder(), "model.gguf");
    writeFileSync(path, ggufFile(golden));
    const file = openTensorFile(path);
    // some files have another architecture's name, whose keys are the same
    const prefix = `${file.metadata.get("general.architecture") as string}.`;
    const ours = upstream.architecture.gguf!.metadata(golden.config);
    const written = new Map([...ours].map(([key, value]) => [prefix + withoutPrefix(key), value]));
    for (const [key, value] of written) {
      const theirs = file.metadata.get(key);
      if (theirs === undefined) expect(UNWRITTEN, key).toContain(withoutPrefix(key));
      else expect(typeof value === "number" ? Math.fround(value) : value, key).toEqual(theirs);
    }
    const keys = [...file.metadata.keys()].filter((key) => key.startsWith(prefix) && !written.has(key));
    for (const key of keys) expect(REPEATED, key).toContain(withoutPrefix(key));
    expectVectors(upstream, file);
    file.close();
  });

  test("keeps the rotation's divisors where it is written again", async () => {
    const model = await open();
    const file = openTensorFile(model.path);
    expectVectors(model, file);
    file.close();
    model.close();
  });

  test("gives the reference's logits", async () => {
    const model = await open();
    const logits = await trainingLogits(model, golden.ids, golden.positions);
    expect(worstDifference(logits, golden.logits.data)).toBeLessThan(1e-4);
    model.close();
  });
});

test.each([
  ["mistral", "llama"],
  ["phi3", "phi3"],
])("a %s with windows promises llama.cpp, which has none there, no text longer than one", (name, prefix) => {
  const { config } = readGguf(name);
  const context = (changes: JsonObject) =>
    architectureOf(name)
      .gguf!.metadata({ ...config, ...changes })
      .get(`${prefix}.context_length`);
  expect(context({ sliding_window: 40 })).toBe(40);
  expect(context({ sliding_window: 4096 })).toBe(config.max_position_embeddings);
  expect(context({ sliding_window: null })).toBe(config.max_position_embeddings);
});

describe("lists and numbers that no model has", () => {
  const refused = (name: string, changes: Record<string, unknown>, vector: Float32Array | null = null) => {
    const { config } = readGguf(name);
    const { gguf, config: read } = architectureOf(String(config.model_type));
    const tokens = Array.from({ length: Number(config.vocab_size) }, (_, id) => String(id));
    const metadata = new Map([
      ...gguf!.metadata(config),
      ["tokenizer.ggml.tokens", tokens] as const,
      ...Object.entries(changes),
    ]);
    const header = { metadata, has: () => false, vector: () => vector };
    return () => read(gguf!.config(header), "hostile.gguf");
  };
  const many = 500_000;

  test.each([4_000_000_000, 2 ** 40])("%d blocks are refused before anything is made of them", (count) => {
    expect(refused("exaone4", { "exaone4.block_count": count })).toThrow("num_hidden_layers");
  });

  test("more numbers of heads than blocks are refused", () => {
    const heads = new Int32Array(many);
    expect(refused("lfm2", { "lfm2.attention.head_count_kv": heads })).toThrow("num_key_value_heads");
    expect(refused("lfm2", { "lfm2.attention.head_count_kv": heads.fill(2) })).toThrow("layer_types");
  });

  test("a head is not rotated before its width is known to be possible", () => {
    const divisors = new Float32Array(4).fill(1);
    expect(refused("llama", { "llama.attention.key_length": 4_000_000_000 }, divisors)).toThrow("head_dim");
  });

  test("more divisors than rotated pairs are refused", () => {
    expect(refused("llama", {}, new Float32Array(many).fill(1))).toThrow("as many positive divisors");
  });
});

test("which blocks have linear attention is a list, or in older files an interval", () => {
  const { config } = readGguf("qwen3_5");
  const { gguf } = architectureOf("qwen3_5_text");
  const kinds = (changes: Record<string, unknown>) => {
    const metadata = new Map([...gguf!.metadata(config), ...Object.entries(changes)]);
    return gguf!.config({ metadata, has: () => true, vector: () => null }).layer_types;
  };
  const [list, ahead] = ["qwen35.attention.recurrent_layers", "qwen35.nextn_predict_layers"] as const;
  expect(kinds({})).toEqual(["linear_attention", "full_attention", "linear_attention"]);
  expect(kinds({ [list]: [false, true, true] })).toEqual([
    "full_attention",
    "linear_attention",
    "linear_attention",
  ]);
  expect(kinds({ [list]: [false, true, true], [ahead]: 1 })).toEqual(["full_attention", "linear_attention"]);
  expect(kinds({ [list]: undefined })).toBeUndefined();
});

test("an exported configuration has no blocks that predict ahead, which are not in the file", () => {
  const { config } = readGguf("qwen3_5");
  const whole = { ...config, mtp_num_hidden_layers: 1, mtp_use_dedicated_embeddings: false };
  const { published, cut } = architectureOf("qwen3_5_text");
  for (const json of [whole, cut(whole, [0, 1])])
    expect(JSON.stringify(published!(json))).not.toContain("mtp");
});

test("an exported configuration ties the embedding to the head for the whole model and for its text model", () => {
  const { config } = readGguf("qwen3_5");
  const json = architectureOf("qwen3_5_text").published!({ ...config, tie_word_embeddings: true });
  expect(json).toMatchObject({ tie_word_embeddings: true, text_config: { tie_word_embeddings: true } });
});

test("keys missing from early files have the defaults of that time", () => {
  const { config } = readGguf("llama"); // its values are those
  const { gguf, config: read } = architectureOf("llama");
  const metadata = new Map([...gguf!.metadata({ ...config, max_position_embeddings: 2048 })]);
  for (const key of ["rope.freq_base", "attention.layer_norm_rms_epsilon", "context_length"])
    expect(metadata.delete(`llama.${key}`)).toBe(true);
  const again = gguf!.config({ metadata, has: (tensor) => tensor === "output.weight", vector: () => null });
  expect(described(read(again, "gguf"))).toEqual(
    described(read({ ...config, max_position_embeddings: 2048 }, "json")),
  );
});

test.each([
  ["rope.scale_linear", 4, { rope_type: "linear", factor: 4 }],
  ["rope.scaling.factor", 4, { rope_type: "linear", factor: 4 }],
  ["rope.scale_linear", 0, undefined],
])("a linear scaling of early files, which name no type, is read: %s = %d", (key, factor, scaling) => {
  const { gguf } = architectureOf("llama");
  const metadata = new Map([...gguf!.metadata(readGguf("llama").config), [`llama.${key}`, factor] as const]);
  const again = gguf!.config({ metadata, has: () => true, vector: () => null });
  expect(again.rope_scaling).toEqual(scaling);
});

test.each([
  ["attention.head_count", [32, 16], "llama with a different number of heads in each layer"],
  ["expert_count", 8, "llama with a mixture of experts"],
  ["expert_count", 0, undefined],
])("what a file named after Llama has that no Llama has is refused by name: %s = %j", (key, value, name) => {
  const { gguf } = architectureOf("llama");
  const metadata = new Map([...gguf!.metadata(readGguf("llama").config), [`llama.${key}`, value] as const]);
  const read = () => gguf!.config({ metadata, has: () => true, vector: () => null });
  if (name === undefined) return expect(read).not.toThrow();
  expect(failureFrom(read)).toMatchObject({ code: "unsupported-architecture", modelType: name });
});

/** A configuration without how it was spelt, numbers in less than the precision of GGUF's. */
function described({ blocks, ends, ...config }: ReturnType<typeof hashedModel>["config"]): unknown {
  const { hiddenSize, vocabularySize, maxPositions } = config;
  const rounded = (_key: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(5)) : value;
  return JSON.parse(JSON.stringify({ hiddenSize, vocabularySize, maxPositions, blocks, ends }, rounded));
}
