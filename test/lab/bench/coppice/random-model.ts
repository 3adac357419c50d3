/** Models of any size with random weights, generated on reading. They take the same time and memory as trained models. */
import { attentionsOf, isTied } from "../../../../native-models/architectures/architecture.ts";
import type { JsonObject, WeightSpec } from "../../../../native-models/architectures/architecture.ts";
import { architectureOf } from "../../../../native-models/architectures/registry.ts";
import { fail } from "../../../../native-models/failure.ts";
import { rowsAndColumns } from "../../../../native-models/formats/tensor-file.ts";
import { modelWeights } from "../../../../native-models/model.ts";
import type { Model } from "../../../../native-models/model.ts";
import type { ModelShape } from "../../../../native-models/estimates/shape.ts";
import { Random } from "../../../../native-models/random.ts";
import type { Weight } from "../../../../native-models/weights.ts";

/** Shapes of published models, from their config.json. */
export const publishedShapes = {
  "SmolLM2-135M": {
    hidden_size: 576,
    intermediate_size: 1536,
    num_hidden_layers: 30,
    num_attention_heads: 9,
    num_key_value_heads: 3,
    vocab_size: 49_152,
    tie_word_embeddings: true,
  },
  "Qwen2.5-0.5B": {
    hidden_size: 896,
    intermediate_size: 4864,
    num_hidden_layers: 24,
    num_attention_heads: 14,
    num_key_value_heads: 2,
    vocab_size: 151_936,
    tie_word_embeddings: true,
  },
  "Llama-3.2-1B": {
    hidden_size: 2048,
    intermediate_size: 8192,
    num_hidden_layers: 16,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    vocab_size: 128_256,
    tie_word_embeddings: true,
  },
  "Llama-2-7B": {
    hidden_size: 4096,
    intermediate_size: 11_008,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    vocab_size: 32_000,
  },
  "Qwen2.5-7B": {
    hidden_size: 3584,
    intermediate_size: 18_944,
    num_hidden_layers: 28,
    num_attention_heads: 28,
    num_key_value_heads: 4,
    vocab_size: 152_064,
  },
  "Qwen3-0.6B": {
    model_type: "qwen3",
    hidden_size: 1024,
    intermediate_size: 3072,
    num_hidden_layers: 28,
    num_attention_heads: 16,
    num_key_value_heads: 8,
    head_dim: 128,
    vocab_size: 151_936,
    tie_word_embeddings: true,
  },
  "Gemma-3-270M": {
    model_type: "gemma3_text",
    hidden_size: 640,
    intermediate_size: 2048,
    num_hidden_layers: 18,
    num_attention_heads: 4,
    num_key_value_heads: 1,
    head_dim: 256,
    vocab_size: 262_144,
    sliding_window: 512,
  },
} as const;
export type PublishedShape = keyof typeof publishedShapes;

/** A model's sizes in the form that the memory estimates take. */
export function shapeOf(sizes: Readonly<Record<string, unknown>>): ModelShape {
  const { config, names, weight } = randomModel("random", sizes);
  const parameters = names.reduce((sum, name) => sum + weight(name).rows * weight(name).columns, 0);
  const { heads, kvHeads, headDim } = attentionsOf(config)[0]!;
  return {
    config: config.json,
    layers: config.blocks.length,
    hiddenSize: config.hiddenSize,
    intermediateSize: Number(config.json.intermediate_size),
    heads,
    kvHeads,
    headDim,
    vocabularySize: config.vocabularySize,
    tiedEmbedding: isTied(config.ends),
    maxPositions: config.maxPositions,
    parameters,
  };
}

/** Roughly the standard deviation of trained weights. */
const WIDTH = 0.02;
const POOL = 2 ** 20;

/**
 * A model with the keys of a config.json, with the Llama architecture unless they name another. Each weight repeats a pool of random numbers from its
 * own offset.
 */
export function randomModel(name: string, sizes: Readonly<Record<string, unknown>>): Model {
  const json: JsonObject & { model_type: string } = { model_type: "llama", rms_norm_eps: 1e-5, ...sizes };
  const architecture = architectureOf(json.model_type);
  const config = architecture.config(json, name);
  const random = new Random(1, "weights");
  const pool = Float32Array.from({ length: POOL }, () => (random.uniform() - 0.5) * 2 * WIDTH);
  const sections = config.blocks.map(() => "block" as const);
  const specs = modelWeights(config, sections);
  const shapes = new Map(specs.map(({ name: weight, shape }) => [weight, shape]));
  const places = new Map([...shapes.keys()].map((weight, index) => [weight, (index * 7919 * 64) % POOL]));
  return {
    path: name,
    architecture,
    config,
    sections,
    json,
    generation: {},
    names: [...shapes.keys()],
    weight(weight) {
      const shape = shapes.get(weight) ?? fail({ code: "missing-tensors", path: name, tensors: [weight] });
      return randomWeight(weight, shape, pool, places.get(weight)!);
    },
  };
}

function randomWeight(name: string, shape: WeightSpec["shape"], pool: Float32Array, place: number): Weight {
  const { rows, columns } = rowsAndColumns(shape);
  const readFloat32 = (first = 0, count = rows - first) => {
    if (shape.length === 1) return new Float32Array(columns).fill(1); // norms
    const values = new Float32Array(count * columns);
    let from = (place + first * columns) % pool.length;
    for (let done = 0; done < values.length;) {
      const length = Math.min(values.length - done, pool.length - from);
      values.set(pool.subarray(from, from + length), done);
      done += length;
      from = 0;
    }
    return values;
  };
  const read = (first: number, count: number) => new Uint8Array(readFloat32(first, count).buffer);
  return { name, storage: "f32", shape, rows, columns, read, readFloat32 };
}
