/**
 * GGUF's names for the keys of config.json and for weights (github.com/ggml-org/ggml docs/gguf.md, gguf-py's tensor_mapping.py).
 */
import { fail } from "../failure.ts";
import { attentionsOf } from "./architecture.ts";
import type {
  Config,
  ElementChange,
  GgufForm,
  GgufHeader,
  JsonObject,
  Rope,
  StoredView,
} from "./architecture.ts";
import { MOST_LAYERS } from "./keys.ts";
import { divisorsOf, hasTwoLists, longMagnitude, parametersOf, ropeParameters, ropeType } from "./rope.ts";
import type { RopeKeys } from "./rope.ts";
import { GLOBAL } from "./windows.ts";

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

export interface GgufOptions extends Pick<GgufForm, "strippingName"> {
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
  /** Whether projections may have biases, which files say only by having them. */
  readonly biases?: boolean;
  /** Keys derived from those that were read. */
  readonly derived?: (read: Readonly<Record<string, unknown>>) => JsonObject;
  /** Keys to be written that a config.json implies but spells differently. */
  readonly written?: (config: JsonObject) => JsonObject;
  /** How a weight's rows or elements are stored, by its upstream name; unchanged if absent. */
  readonly stored?: (name: string, config: Config) => Omit<StoredView, "name">;
}

/** The GGUF form of a family, which differs from the common metadata and names as the options say. */
export function ggufForm(options: GgufOptions): GgufForm {
  const { architecture, json, keys = [], defaults = {}, names = [], biases = false } = options;
  const { derived, written, stored, strippingName } = options;
  const allKeys = [...COMMON_KEYS, ...keys];
  const allNames = [...names, ...COMMON_NAMES];
  const key = (name: string) => `${architecture}.${name}`;
  return {
    architecture,
    ...(strippingName !== undefined && { strippingName }),
    config: (header) => {
      const { metadata } = header;
      const valueOf = (name: string) => untyped(metadata.get(key(name)));
      const unlike = Array.isArray(valueOf("attention.head_count"))
        ? "a different number of heads in each layer"
        : Number(valueOf("expert_count") ?? 0) > 0
          ? "a mixture of experts" // Mixtral's files are named after Llama, too
          : null;
      if (unlike !== null) {
        const modelType = `${architecture} with ${unlike}`;
        fail({ code: "unsupported-architecture", modelType, supported: [architecture] });
      }
      const read: Record<string, unknown> = {};
      for (const [ours, theirs] of allKeys) {
        read[ours] ??= valueOf(theirs) ?? defaults[ours]; // the first of several keys wins
        if (read[ours] === undefined) delete read[ours];
      }
      // The last blocks may be for multi-token prediction: they are not part of the model proper.
      const ahead = metadata.get(key("nextn_predict_layers"));
      if (typeof ahead === "number" && typeof read.num_hidden_layers === "number")
        read.num_hidden_layers -= ahead;
      const tokens = metadata.get("tokenizer.ggml.tokens") as { readonly length: number } | undefined;
      const padding = metadata.get("tokenizer.ggml.padding_token_id");
      const scaled = { ...read, ...scalingOf(header, key, read) };
      return {
        ...json,
        ...scaled,
        ...(biases ? biasesOf(header, Number(read.num_hidden_layers)) : {}),
        ...derived?.(scaled),
        vocab_size: read.vocab_size ?? tokens?.length,
        tie_word_embeddings: !header.has("output.weight"),
        bos_token_id: metadata.get("tokenizer.ggml.bos_token_id"),
        eos_token_id: metadata.get("tokenizer.ggml.eos_token_id"),
        // always set: a family's default may be outside the vocabulary
        pad_token_id: Number(padding) < (tokens?.length ?? 0) ? padding : null,
      };
    },
    metadata: (config) => {
      const metadata = new Map<string, unknown>();
      const parameters = ropeParameters(config as unknown as RopeKeys, GLOBAL);
      const spelled: JsonObject = { ...config, rope_theta: parameters.rope_theta, ...written?.(config) };
      for (const [ours, theirs] of allKeys) {
        const value = spelled[ours] ?? null;
        if (value !== null) metadata.set(key(theirs), value);
      }
      for (const [name, value] of ropeMetadata(parameters)) metadata.set(key(name), value);
      return metadata;
    },
    vectors: ({ json: config, blocks }) => {
      const attentions = attentionsOf({ blocks });
      const rotated = attentions.find(({ rope }) => rope?.beyond) ?? attentions.find(({ rope }) => rope);
      if (!rotated) return new Map();
      return ropeVectors(
        ropeParameters(config as unknown as RopeKeys, GLOBAL),
        rotated.rope!,
        rotated.headDim,
      );
    },
    view: (name, config) => ({
      name: allNames.reduce((renamed, [from, to]) => renamed.replace(from, to), name),
      ...stored?.(name, config),
    }),
  };
}

/** The keys for biases of which a file has any, in whichever of its blocks: some may lack a half. */
function biasesOf({ has }: GgufHeader, layers: number): JsonObject {
  const blocks = Array.from({ length: Math.min(layers, MOST_LAYERS) }, (_, block) => `blk.${block}`);
  const anyHas = (name: string) => blocks.some((block) => has(`${block}.${name}`));
  return {
    ...(anyHas("attn_q.bias") && { attention_bias: true }),
    ...(anyHas("ffn_up.bias") && { mlp_bias: true }),
  };
}

/** Typed arrays as plain ones, as configurations have them. */
const untyped = (value: unknown): unknown =>
  ArrayBuffer.isView(value) ? Array.from(value as Int32Array) : value;

/** Keys of a scaling of rotary positions. */
const SCALING_KEYS: readonly KeyPair[] = [
  ["rope_type", "rope.scaling.type"],
  ["factor", "rope.scaling.factor"],
  ["original_max_position_embeddings", "rope.scaling.original_context_length"],
];
const YARN_KEYS: readonly KeyPair[] = [
  ["beta_fast", "rope.scaling.yarn_beta_fast"],
  ["beta_slow", "rope.scaling.yarn_beta_slow"],
  ["attention_factor", "rope.scaling.yarn_attn_factor"],
  ["mscale_all_dim", "rope.scaling.yarn_log_multiplier"],
];
const LONG_KEYS: readonly KeyPair[] = [["attention_factor", "rope.scaling.attn_factor"]];
/** Small tensors with one divisor for the frequency of each rotated pair. */
const [DIVISORS, SHORT, LONG] = [
  "rope_freqs.weight",
  "rope_factors_short.weight",
  "rope_factors_long.weight",
];

/** The scaling of rotary positions. */
function scalingOf(
  { metadata, vector }: GgufHeader,
  key: (name: string) => string,
  config: JsonObject,
): JsonObject {
  const read = (pairs: readonly KeyPair[]) =>
    Object.fromEntries(
      pairs.flatMap(([ours, theirs]) => {
        const value = metadata.get(key(theirs));
        return value === undefined ? [] : [[ours, value]];
      }),
    );
  const factors = vector(DIVISORS!);
  if (factors) {
    const headDim = Number(
      config.head_dim ?? Number(config.hidden_size) / Number(config.num_attention_heads),
    );
    return { rope_scaling: parametersOf([...factors], config, headDim) };
  }
  const [short, long] = [vector(SHORT!), vector(LONG!)];
  if (short && long) {
    const lists = { short_factor: [...short], long_factor: [...long] };
    const type = "longrope"; // mlx-lm reads only the older key
    return { rope_scaling: { ...read(SCALING_KEYS), ...read(LONG_KEYS), rope_type: type, type, ...lists } };
  }
  const scaling = read(SCALING_KEYS);
  // Like llama.cpp: where no type is named, a factor is linear; the first files have it under another name.
  const factor = scaling.factor ?? metadata.get(key("rope.scale_linear"));
  if (scaling.rope_type === undefined) return factor ? { rope_scaling: { rope_type: "linear", factor } } : {};
  if (scaling.rope_type === "none") return {};
  const yarn = scaling.rope_type === "yarn" ? read(YARN_KEYS) : {};
  // llama.cpp takes `mscale` to be 1 where a file has `mscale_all_dim`
  return { rope_scaling: { ...scaling, ...yarn, ...(yarn.mscale_all_dim ? { mscale: 1 } : {}) } };
}

/** The metadata of rope parameters, without prefix. */
function ropeMetadata(parameters: JsonObject): (readonly [string, unknown])[] {
  const type = ropeType(parameters);
  const pairs: Record<string, readonly KeyPair[]> = {
    linear: SCALING_KEYS.slice(0, 2),
    yarn: [...SCALING_KEYS, ...YARN_KEYS],
    longrope: [...SCALING_KEYS, ...LONG_KEYS],
  };
  const isLong = hasTwoLists(parameters);
  const named: JsonObject = {
    ...parameters,
    rope_type: isLong ? "longrope" : type === "longrope" ? "none" : type,
    ...(isLong && { attention_factor: longMagnitude(parameters) }),
    mscale_all_dim: parameters.mscale ? parameters.mscale_all_dim : null, // one without the other is ignored
  };
  return (pairs[String(named.rope_type)] ?? []).flatMap(([ours, theirs]) => {
    const value = named[ours] ?? null;
    return value === null ? [] : [[theirs, value] as const];
  });
}

/** The small tensors of rope parameters. */
function ropeVectors(
  parameters: JsonObject,
  rope: Rope,
  headDim: number,
): ReadonlyMap<string, readonly number[]> {
  const type = ropeType(parameters);
  const divisors = (frequencies: readonly number[]) =>
    divisorsOf({ ...rope, frequencies }, parameters, headDim);
  if (rope.beyond)
    return new Map([
      [LONG!, divisors(rope.beyond.frequencies)],
      [SHORT!, divisors(rope.frequencies)],
    ]);
  // LongRoPE with one list is how divisors that no formula gives are spelled.
  return type === "llama3" || type === "factors" || type === "longrope"
    ? new Map([[DIVISORS!, divisors(rope.frequencies)]])
    : new Map();
}

/** GGUF files store 1 + w for norms that multiply by 1 + w. */
const ONE_MORE: ElementChange = { read: (stored) => stored - 1, write: (value) => value + 1 };

/** How GGUF stores the weights of a model whose norms are all (1 + w). */
export const plusOneNorms = (name: string): { readonly element?: ElementChange } =>
  name.endsWith("norm.weight") ? { element: ONE_MORE } : {};

/**
 * The stored row of each row of a rotated projection, if GGUF interleaves the halves of a head, (0, Dh/2, 1, Dh/2 + 1 …), and
 * Hugging Face concatenates them. Source: llama.cpp convert_hf_to_gguf.py, `permute`.
 */
function pairedRows(heads: number, headDim: number): Int32Array {
  return Int32Array.from({ length: heads * headDim }, (_, row) => {
    const within = row % headDim;
    const half = within < headDim / 2 ? 0 : 1;
    return row - within + 2 * (within - (half * headDim) / 2) + half;
  });
}

/** The order of rows if queries and keys are stored in this way. */
export function pairedHeads(name: string, { blocks }: Config): Pick<StoredView, "rows"> {
  const { heads, kvHeads, headDim } = attentionsOf({ blocks })[0]!;
  if (/\bq_proj\./.test(name)) return { rows: pairedRows(heads, headDim) };
  return /\bk_proj\./.test(name) ? { rows: pairedRows(kvHeads, headDim) } : {};
}
