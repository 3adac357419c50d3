/** A model folder: safetensors, alone or in shards with an index, its configuration and tokenizer. */
import type { Random } from "../../../native-models/random.ts";
import { openTensorFile } from "../../../native-models/formats/open.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { chance, pick, shuffled } from "../draw.ts";
import { changedJson, jsonBytes } from "../json-values.ts";
import type { Json } from "../json-values.ts";
import type { Files, FuzzedParser } from "../parser.ts";
import { bytesOf, changed, damaged, raw, u64 } from "../pieces.ts";
import { readAll, tolerating } from "./model.ts";
import { tokenizerJson } from "./tokenizer.ts";

const SHAPES: Record<string, number[]> = {
  "model.embed_tokens.weight": [8, 8],
  "model.norm.weight": [8],
  "model.layers.0.input_layernorm.weight": [8],
  "model.layers.0.self_attn.q_proj.weight": [8, 8],
  "model.layers.0.self_attn.k_proj.weight": [4, 8],
  "model.layers.0.self_attn.v_proj.weight": [4, 8],
  "model.layers.0.self_attn.o_proj.weight": [8, 8],
  "model.layers.0.post_attention_layernorm.weight": [8],
  "model.layers.0.mlp.gate_proj.weight": [8, 8],
  "model.layers.0.mlp.up_proj.weight": [8, 8],
  "model.layers.0.mlp.down_proj.weight": [8, 8],
  // Scales of 8-bit floats: at once, by row, by block.
  "model.layers.0.self_attn.q_proj.weight_scale": [1],
  "model.layers.0.self_attn.v_proj.weight_scale": [4, 1],
  "model.layers.0.mlp.gate_proj.weight_scale_inv": [2, 3],
};

const CONFIG: Json = {
  model_type: "llama",
  hidden_size: 8,
  intermediate_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  vocab_size: 8,
  max_position_embeddings: 64,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  tie_word_embeddings: true,
  eos_token_id: [0],
  quantization_config: { quant_method: "fp8", weight_block_size: [4, 3] },
};

export const safetensors: FuzzedParser = {
  name: "safetensors",
  shortCount: 2000,
  make(random, isChanged) {
    const names = shuffled(random, Object.keys(SHAPES));
    const isSharded = chance(random, 40);
    const half = isSharded ? 5 : names.length;
    const parts = [names.slice(0, half), names.slice(half)].filter((part) => part.length > 0);
    const fileName = (part: number) =>
      isSharded ? `model-0000${part + 1}-of-00002.safetensors` : "model.safetensors";
    // One of the files is changed, so that the others let it come into play.
    const target = isChanged ? random.integer(5) : -1;
    const files: Record<string, Buffer> = {};
    parts.forEach(
      (part, index) =>
        (files[fileName(index)] = weightsFile(
          random,
          pickedFrom(SHAPES, part),
          target === 0 || target === 1,
        )),
    );
    const index: Json = {
      metadata: { total_size: 1 },
      weight_map: Object.fromEntries(parts.flatMap((part, i) => part.map((name) => [name, fileName(i)]))),
    };
    if (isSharded) files["model.safetensors.index.json"] = jsonFile(random, index, target === 2);
    files["config.json"] = jsonFile(random, CONFIG, target === 3 || (target === 2 && !isSharded));
    files["tokenizer.json"] = jsonFile(random, tokenizerJson(random), target === 4);
    return files satisfies Files;
  },
  async parse(folder) {
    tolerating(() => readAll(openTensorFile(folder)));
    const model = await openModel(folder);
    for (const name of model.names) tolerating(() => model.weight(name).readFloat32());
    model.close();
  },
};

function jsonFile(random: Random, value: Json, isChanged: boolean): Buffer {
  return jsonBytes(isChanged ? changedJson(value, random) : value, random, isChanged);
}

/** Types and bytes of a value. */
const WIDE: readonly (readonly [string, number])[] = [
  ["F32", 4],
  ["F16", 2],
  ["BF16", 2],
];
const NARROW: readonly (readonly [string, number])[] = [
  ["F8_E4M3", 1],
  ["F8_E5M2", 1],
  ["F8_E8M0", 1],
];

const INTEGERS: readonly (readonly [string, number])[] = [["I32", 4]];

const typesOf = (name: string) =>
  /qweight|qzeros|g_idx/.test(name) ? INTEGERS : name.includes("_proj") ? [...WIDE, ...NARROW] : WIDE;

const pickedFrom = (shapes: Record<string, number[]>, names: readonly string[]) =>
  names.map((name) => [name, shapes[name]!] as const);

function weightsFile(
  random: Random,
  parts: readonly (readonly [string, number[]])[],
  isChanged: boolean,
): Buffer {
  let offset = 0;
  const tensors = parts.map(([name, shape]): [string, Json] => {
    const [dtype, width] = pick(random, typesOf(name));
    const bytes = width * shape.reduce((product, size) => product * size);
    const own = { dtype, shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
    return [name, own];
  });
  const metadata: [string, Json][] = chance(random, 50) ? [["__metadata__", { format: "pt" }]] : [];
  const header: Json = Object.fromEntries([...metadata, ...tensors]);
  const json = jsonFile(random, header, isChanged && chance(random, 70));
  const pieces = [u64(json.length), raw(json), raw(Buffer.alloc(offset, 1))];
  const bytes = bytesOf(isChanged && chance(random, 40) ? changed(pieces, random) : pieces);
  return isChanged && chance(random, 10) ? damaged(bytes, random) : bytes;
}
