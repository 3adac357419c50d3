import {
  copyFileSync,
  cpSync,
  openSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Architecture, JsonObject } from "../../native-models/architectures/architecture.ts";
import { gemma3 } from "../../native-models/architectures/gemma3.ts";
import { llama } from "../../native-models/architectures/llama.ts";
import { writeAdapter } from "../../native-models/exporting/adapter.ts";
import { failureOf } from "../../native-models/failure.ts";
import { writeGguf } from "../../native-models/formats/gguf/write.ts";
import { writeSafetensorsFolder } from "../../native-models/formats/safetensors/write.ts";
import { fromFloat32, renamed } from "../../native-models/formats/views.ts";
import { openModel } from "../../native-models/open-model.ts";
import { Stack } from "../../native-models/training/stack.ts";
import { modelWeights } from "../../native-models/model.ts";
import { ggufTokenizer } from "../../native-models/tokenizer/to-gguf.ts";
import { sample } from "../../main/services/models/sample.ts";
import { ggufFile, readGguf } from "./architectures/golden-gguf.ts";
import { temporaryFolder } from "./formats/fixtures.ts";

const MANY = 2_800_000; // 192 · 2.8 million · 4 bytes = 2.15e9

test("a block with a single weight of 2 GiB as f32 is refused before anything is read", async () => {
  const failure = await openModel(wideModel({ intermediate_size: MANY })).catch(failureOf);
  expect(failure).toMatchObject({
    code: "weight-too-large",
    tensor: "model.layers.0.mlp.gate_proj.weight",
    bytes: 4 * 192 * MANY,
    limitBytes: 2 ** 31,
  });
});

test("an embedding of that size can be opened, because it can be split along the vocabulary, but not trained", async () => {
  const model = await openModel(wideModel({ vocab_size: MANY }));
  expect(model.parameters).toBeGreaterThan(192 * MANY);
  const failure = await new Promise((resolve) =>
    resolve(Stack.open(model, { threads: 1, trainable: { kind: "full" } })),
  ).catch(failureOf);
  expect(failure).toMatchObject({ code: "weight-too-large", tensor: "model.embed_tokens.weight" });
  model.close();
});

test.each([
  ["model.language_model.", "lm_head."],
  ["language_model.model.", "language_model.lm_head."],
  ["model.text_model.", "lm_head."],
])("the language part of a model whose weights start with %s is read", async (inside, head) => {
  const alone = await openModel(sample.model);
  const folder = join(temporaryFolder(), "whole");
  mkdirSync(folder);
  for (const name of ["tokenizer.json", "tokenizer_config.json"])
    copyFileSync(join(sample.model, name), join(folder, name));
  const weights = alone.names.map((name) =>
    renamed(alone.weight(name), name.replace(/^model\./, inside).replace(/^lm_head\./, head)),
  );
  await writeSafetensorsFolder(folder, [
    ...weights,
    fromFloat32("model.visual.blocks.0.attn.qkv.weight", [1, 2], Float32Array.of(1, 2)),
  ]);
  const { tie_word_embeddings, ...text_config } = readJson(join(sample.model, "config.json"));
  const whole = {
    model_type: "reader_of_images",
    tie_word_embeddings,
    text_config,
    vision_config: { depth: 1 },
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(whole));
  const model = await openModel(folder);
  expect(model.config.json).toEqual(alone.config.json);
  expect(model.leftOut).toEqual(["images"]);
  for (const name of alone.names) {
    expect(model.weight(name).name).toBe(name);
    expect(model.weight(name).readFloat32(0, 1)).toEqual(alone.weight(name).readFloat32(0, 1));
  }
  model.close();
  alone.close();
});

test("the language part of a model whose file has no head ends with its embedding", async () => {
  const alone = await openModel(sample.model);
  const folder = join(temporaryFolder(), "whole");
  mkdirSync(folder);
  for (const name of ["tokenizer.json", "tokenizer_config.json"])
    copyFileSync(join(sample.model, name), join(folder, name));
  const weights = alone.names
    .filter((name) => name !== "lm_head.weight")
    .map((name) => renamed(alone.weight(name), name.replace(/^model\./, "language_model.model.")));
  await writeSafetensorsFolder(folder, weights);
  const text_config = { ...readJson(join(sample.model, "config.json")), tie_word_embeddings: undefined };
  writeFileSync(join(folder, "config.json"), JSON.stringify({ model_type: "reader_of_images", text_config }));
  const model = await openModel(folder);
  expect(model.config.ends.head.name).toBe("model.embed_tokens.weight");
  model.close();
  alone.close();
});

test("sizes that Gemma 3's files leave out are transformers' defaults, and are written out for programs that have others", async () => {
  const text_config = {
    model_type: "gemma3_text",
    hidden_size: 2560,
    intermediate_size: 10_240,
    num_hidden_layers: 1,
    rope_scaling: { factor: 8, rope_type: "linear" },
    sliding_window: 1024,
  }; // as in google/gemma-3-4b-it, which has more blocks
  const model = await openModel(
    emptyModel({ model_type: "gemma3", text_config }, gemma3, text_config, "language_model."),
  );
  const sizes = { num_attention_heads: 8, num_key_value_heads: 4, sliding_window: 1024, vocab_size: 262_208 };
  expect(model.config.json).toMatchObject({ ...sizes, head_dim: 256 });
  expect(model.json).toMatchObject(sizes);
  model.close();
});

test("an adapter is refused as what it is, not as a damaged model", async () => {
  const base = await openModel(sample.model);
  const [folder, gguf] = [temporaryFolder(), join(temporaryFolder(), "lora.gguf")];
  const pair = { a: new Float32Array(192), b: new Float32Array(192) };
  const only = (name: string) => (name === "model.layers.0.self_attn.q_proj.weight" ? pair : null);
  await writeAdapter(folder, base, { rank: 1, alpha: 1, pair: only }, "sample");
  const described = new Map([
    ["general.architecture", "llama"],
    ["general.type", "adapter"],
  ]);
  await writeGguf(gguf, described, [fromFloat32("blk.0.attn_q.weight.lora_a", [1, 192], pair.a)]);
  base.close();
  for (const path of [folder, join(folder, "adapter_model.safetensors"), gguf])
    expect(await openModel(path).catch(failureOf)).toEqual({ code: "adapter-only", path });
});

test("an adapter whose weights are a pickle is refused as an adapter, not as a pickle", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "adapter_config.json"), "{}");
  writeFileSync(join(folder, "adapter_model.bin"), "PK\x03\x04");
  expect(await openModel(folder).catch(failureOf)).toEqual({ code: "adapter-only", path: folder });
});

test.each(["adapter_model.safetensors", "adapter_model.bin", "adapters.safetensors"])(
  "a model with an adapter beside it, in %s, is refused until adapter_config.json is gone",
  async (weights) => {
    const folder = join(temporaryFolder(), "model");
    cpSync(sample.model, folder, { recursive: true });
    writeFileSync(join(folder, weights), "");
    writeFileSync(join(folder, "adapter_config.json"), "{}");
    const failure = { code: "unmerged-adapter", path: folder };
    for (const path of [folder, join(folder, "model.safetensors")])
      expect(await openModel(path).catch(failureOf)).toEqual(failure);
    rmSync(join(folder, "adapter_config.json"));
    (await openModel(folder)).close();
  },
);

test.each(["LlamaForSequenceClassification", "LlamaModel"])(
  "a model that writes no text is refused as what it is: %s",
  async (name) => {
    const folder = join(temporaryFolder(), "model");
    cpSync(sample.model, folder, { recursive: true });
    const json = readJson(join(folder, "config.json"));
    writeFileSync(join(folder, "config.json"), JSON.stringify({ ...json, architectures: [name] }));
    expect(await openModel(folder).catch(failureOf)).toMatchObject({
      code: "unsupported-architecture",
      modelType: name,
    });
  },
);

test("a GGUF file whose architecture's name holds two types is opened as the one that it is", async () => {
  for (const [file, type] of [
    ["mistral-small", "mistral"],
    ["ministral3", "ministral3"],
  ] as const) {
    const path = join(temporaryFolder(), `${file}.gguf`);
    writeFileSync(path, ggufFile(readGguf(file)));
    const model = await openModel(path);
    expect(model.config.modelType).toBe(type);
    expect(model.architecture.modelTypes).toContain(type);
    model.close();
  }
});

test("an added token that the embedding has no row for is left out, with a notice, and named nowhere in an export", async () => {
  const folder = sampleWith((json) => {
    json.added_tokens.push({ id: ROWS, content: "<x>", special: false, normalized: false });
  });
  const model = await openModel(folder);
  const { tokenizer } = model;
  expect(tokenizer.notices).toEqual([expect.stringContaining('"<x>"')]);
  expect(tokenizer.vocabularySize).toBe(ROWS);
  expect(tokenizer.decode(tokenizer.encode("a <x> b"))).toBe("a <x> b");
  expect(ggufTokenizer(tokenizer, ROWS).get("tokenizer.ggml.tokens")).toHaveLength(ROWS);
  expect(JSON.stringify(tokenizer.files)).not.toContain("<x>");
  model.close();
});

test("a vocabulary that is larger than the embedding is refused", async () => {
  const folder = sampleWith((json) => {
    json.model.vocab["beyond"] = ROWS;
  });
  expect(await openModel(folder).catch(failureOf)).toMatchObject({
    code: "corrupt-file",
    reason: expect.stringContaining(`${ROWS} rows`),
  });
});

/** The sample's rows of its embedding. */
const ROWS = 2048;

interface TokenizerJson {
  added_tokens: object[];
  model: { vocab: Record<string, number> };
}

/** A folder with the sample, whose tokenizer.json is changed. */
function sampleWith(change: (json: TokenizerJson) => void): string {
  const folder = join(temporaryFolder(), "changed");
  cpSync(sample.model, folder, { recursive: true });
  const path = join(folder, "tokenizer.json");
  const json = JSON.parse(readFileSync(path, "utf8")) as TokenizerJson;
  change(json);
  writeFileSync(path, JSON.stringify(json));
  return folder;
}

/** A folder with a model of one block, of zeros, in the sample's sizes but for these. */
function wideModel(sizes: Record<string, number>): string {
  const json = { ...readJson(join(sample.model, "config.json")), ...sizes, num_hidden_layers: 1 };
  return emptyModel(json, llama);
}

/** A folder with a model of one block, of zeros, and the sample's tokenizer; `text`: what its config.json says of the language model. */
function emptyModel(json: JsonObject, { config }: Architecture, text = json, prefix = ""): string {
  const folder = join(temporaryFolder(), "empty");
  mkdirSync(folder);
  for (const name of ["tokenizer.json", "tokenizer_config.json"])
    copyFileSync(join(sample.model, name), join(folder, name));
  writeFileSync(join(folder, "config.json"), JSON.stringify(json));
  const specs = modelWeights(config(text, folder), ["block"]);
  writeSparse(
    join(folder, "model.safetensors"),
    Object.fromEntries(specs.map(({ name, shape }) => [`${prefix}${name}`, [...shape]])),
  );
  return folder;
}

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Record<string, number>;

/** A file of f16 zeros of these shapes, which takes no room on the disk. */
function writeSparse(path: string, shapes: Record<string, number[]>): void {
  let end = 0;
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const begin = end;
    end += 2 * shape.reduce((product, size) => product * size, 1);
    return [name, { dtype: "F16", shape, data_offsets: [begin, end] }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = openSync(path, "w");
  writeSync(file, length);
  writeSync(file, header);
  ftruncateSync(file, 8 + header.length + end);
  closeSync(file);
}
