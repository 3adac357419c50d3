/**
 * GGUF's names for the keys of config.json and for weights (github.com/ggml-org/ggml docs/gguf.md, gguf-py's tensor_mapping.py).
 */
import { fail } from "../failure.ts";
import type { Config, GgufForm, GgufHeader, JsonObject, StoredView } from "./architecture.ts";

/** A key of config.json, and the GGUF metadata key with the same meaning, without the architecture's prefix. */
export type KeyPair = readonly [string, string];
/** A part of an upstream name, and GGUF's replacement. */
export type NamePair = readonly [string, string];

const COMMON_KEYS: readonly KeyPair[] = [
  ["hidden_size", "embedding_length"],
  ["intermediate_size", "feed_forward_length"],
  ["num_hidden_layers", "block_count"],
  ["num_attention_heads", "attention.head_count"],
  ["num_key_value_heads", "attention.head_count_kv"],
  ["head_dim", "attention.key_length"],
  ["vocab_size", "vocab_size"],
  ["max_position_embeddings", "context_length"],
  ["rms_norm_eps", "attention.layer_norm_rms_epsilon"],
  ["rope_theta", "rope.freq_base"],
];

const COMMON_NAMES: readonly NamePair[] = [
  ["model.embed_tokens.", "token_embd."],
  ["model.norm.", "output_norm."],
  ["lm_head.", "output."],
  ["model.layers.", "blk."],
  ["input_layernorm.", "attn_norm."],
  ["post_attention_layernorm.", "ffn_norm."],
  ["self_attn.q_proj.", "attn_q."],
  ["self_attn.k_proj.", "attn_k."],
  ["self_attn.v_proj.", "attn_v."],
  ["self_attn.o_proj.", "attn_output."],
  ["self_attn.q_norm.", "attn_q_norm."],
  ["self_attn.k_norm.", "attn_k_norm."],
  ["mlp.gate_proj.", "ffn_gate."],
  ["mlp.up_proj.", "ffn_up."],
  ["mlp.down_proj.", "ffn_down."],
];

export interface GgufOptions {
  /** `general.architecture`, which is also the prefix of the metadata. */
  readonly architecture: string;
  /** Keys of config.json that every such file implies. */
  readonly json: JsonObject & { readonly model_type: string };
  /** Keys in addition to the common ones. */
  readonly keys?: readonly KeyPair[];
  /** Defaults for keys that the file lacks. */
  readonly defaults?: JsonObject;
  /** Names that are matched before the common ones. */
  readonly names?: readonly NamePair[];
  /** Keys derived from those that were read. */
  readonly derived?: (read: Readonly<Record<string, unknown>>) => JsonObject;
  /** How a weight's rows or elements are stored, by its upstream name; unchanged if absent. */
  readonly stored?: (name: string, config: Config) => Omit<StoredView, "name">;
}

/** The GGUF form of a family, which differs from the common metadata and names as the options say. */
export function ggufForm(options: GgufOptions): GgufForm {
  const { architecture, json, keys = [], defaults = {}, names = [], derived, stored } = options;
  const allKeys = [...COMMON_KEYS, ...keys];
  const allNames = [...names, ...COMMON_NAMES];
  const key = (name: string) => `${architecture}.${name}`;
  return {
    architecture,
    config: (header) => {
      const { metadata } = header;
      if (Array.isArray(metadata.get(key("attention.head_count")))) {
        const modelType = `${architecture} with a different number of heads in each layer`;
        fail({ code: "unsupported-architecture", modelType, supported: [architecture] });
      }
      const read: Record<string, unknown> = {};
      for (const [ours, theirs] of allKeys) {
        read[ours] ??= metadata.get(key(theirs)) ?? defaults[ours]; // the first of several keys wins
        if (read[ours] === undefined) delete read[ours];
      }
      const tokens = metadata.get("tokenizer.ggml.tokens") as readonly unknown[] | undefined;
      return {
        ...json,
        ...read,
        ...derived?.(read),
        vocab_size: read.vocab_size ?? tokens?.length,
        ...scalingOf(header, key),
        tie_word_embeddings: !header.has("output.weight"),
        bos_token_id: metadata.get("tokenizer.ggml.bos_token_id"),
        eos_token_id: metadata.get("tokenizer.ggml.eos_token_id"),
      };
    },
    metadata: (config) => {
      const metadata = new Map<string, unknown>();
      for (const [ours, theirs] of allKeys) {
        const value = config[ours] ?? null;
        if (value !== null) metadata.set(key(theirs), value);
      }
      const scaling = (config.rope_scaling ?? {}) as JsonObject;
      if (scaling.rope_type === "linear") {
        metadata.set(key("rope.scaling.type"), "linear");
        metadata.set(key("rope.scaling.factor"), scaling.factor);
      }
      return metadata;
    },
    view: (name, config) => ({
      name: allNames.reduce((renamed, [from, to]) => renamed.replace(from, to), name),
      ...stored?.(name, config),
    }),
  };
}

/** The scaling of rotary positions: factors in a separate tensor, or one number. */
function scalingOf({ metadata, vector }: GgufHeader, key: (name: string) => string): JsonObject {
  const factors = vector("rope_freqs.weight");
  if (factors) return { rope_scaling: { rope_type: "factors", factors: [...factors] } };
  const type = metadata.get(key("rope.scaling.type"));
  if (type === undefined || type === "none") return {};
  return { rope_scaling: { rope_type: type, factor: metadata.get(key("rope.scaling.factor")) } };
}

/**
 * The stored row of each row of a rotated projection, if GGUF interleaves the halves of a head, (0, Dh/2, 1, Dh/2 + 1 …), and
 * Hugging Face concatenates them. Source: llama.cpp convert_hf_to_gguf.py, `permute`.
 */
export function pairedRows(heads: number, headDim: number): Int32Array {
  return Int32Array.from({ length: heads * headDim }, (_, row) => {
    const within = row % headDim;
    const half = within < headDim / 2 ? 0 : 1;
    return row - within + 2 * (within - (half * headDim) / 2) + half;
  });
}
