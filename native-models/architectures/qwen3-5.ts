/**
 * Qwen 3.5, text: three of four blocks have linear attention with a gated delta rule (arXiv 2412.06464); the fourth has attention with
 * gated outputs, in which a quarter of each head is rotated; norms (1 + w).
 */
import { z } from "zod";
import type {
  Architecture,
  BlockKind,
  Config,
  ElementChange,
  GgufHeader,
  JsonObject,
  StoredView,
} from "./architecture.ts";
import { selfAttention } from "./attention.ts";
import { cutPeriod, everyNth, kindNames, periodic, periodOf } from "./cut.ts";
import { usualEnds } from "./ends.ts";
import { gatedDeltaNet } from "./gated-delta-net.ts";
import { ggufForm, plusOneNorms } from "./gguf.ts";
import type { KeyPair } from "./gguf.ts";
import { corruptConfig, decoder, decoderKeys, headSizes, layerBlocks, readKeys, size } from "./keys.ts";
import { gatedMlp } from "./mlp.ts";
import { normsOf } from "./pre-norm-block.ts";
import { ropeOf, ropeParameters } from "./rope.ts";
import { GLOBAL } from "./windows.ts";

const LINEAR = "linear_attention";
const INTERVAL = 4;
const ARCHITECTURE = "Qwen3_5ForCausalLM";
const ROTATED = 0.25;

const Keys = z.object({
  ...decoderKeys,
  num_key_value_heads: decoderKeys.num_key_value_heads.default(4),
  head_dim: decoderKeys.head_dim.default(256),
  max_position_embeddings: decoderKeys.max_position_embeddings.default(32_768),
  hidden_act: z.literal("silu").default("silu"),
  attention_bias: z.boolean().default(false),
  partial_rotary_factor: z.number().positive().max(1).nullish(),
  linear_conv_kernel_dim: z.number().int().min(2).max(64).default(4),
  linear_key_head_dim: size.max(4096).default(128),
  linear_value_head_dim: size.max(4096).default(128),
  linear_num_key_heads: size.max(1024).default(16),
  linear_num_value_heads: size.max(1024).default(32),
  full_attention_interval: size.default(INTERVAL),
  layer_types: z.array(z.string()).nullish(),
});
type Keys = z.output<typeof Keys>;

function config(json: JsonObject, path: string): Config {
  const c = readKeys(Keys, json, path);
  const sizes = headSizes(c, path);
  const { linear_num_key_heads: keyHeads, linear_num_value_heads: heads } = c;
  if (heads % keyHeads !== 0)
    corruptConfig(path, `${keyHeads} key heads do not divide ${heads} value heads of linear attention`);
  const norm = normsOf(c, { plusOne: true });
  const common = { hiddenSize: c.hidden_size, normBefore: norm("input_layernorm") };
  const attention = selfAttention({
    ...sizes,
    ...common,
    scale: sizes.headDim ** -0.5,
    cap: null,
    window: null,
    rope: ropeOf(rotationOf(c), { headDim: sizes.headDim, path }),
    bias: { qkv: c.attention_bias, o: c.attention_bias },
    queryNorm: norm("self_attn.q_norm"),
    keyNorm: norm("self_attn.k_norm"),
    outputGate: true,
  });
  const linear = gatedDeltaNet({
    ...common,
    keyHeads,
    heads,
    keyWidth: c.linear_key_head_dim,
    valueWidth: c.linear_value_head_dim,
    convolutionWidth: c.linear_conv_kernel_dim,
    normAfter: normsOf(c)("linear_attn.norm"),
  });
  const mlp = gatedMlp({
    hiddenSize: c.hidden_size,
    intermediateSize: c.intermediate_size,
    activation: "silu",
    bias: false,
    normBefore: norm("post_attention_layernorm"),
  });
  const kinds: Record<typeof GLOBAL | typeof LINEAR, BlockKind> = {
    [GLOBAL]: { name: GLOBAL, halves: { attention, mlp } },
    [LINEAR]: { name: LINEAR, halves: { attention: linear, mlp } },
  };
  const usual = everyNth(c.full_attention_interval, GLOBAL, LINEAR);
  return decoder(c, {
    blocks: layerBlocks(c, kinds, usual, path),
    ends: usualEnds(norm("model.norm"), c.tie_word_embeddings),
  });
}

/** A text token has the same position in all three sections of the rotation, which differ only for images. */
function rotationOf(c: Keys): JsonObject {
  const parameters = ropeParameters(c);
  return { ...parameters, partial_rotary_factor: parameters.partial_rotary_factor ?? ROTATED };
}

/** The kinds are listed, and given as an interval for programs that read only that, if it can express them. */
function cut(json: JsonObject, kept: readonly number[]): JsonObject {
  const period = { key: "full_attention_interval", nth: GLOBAL, other: LINEAR };
  return cutPeriod(json, kept, config(json, ""), period);
}

/** Sequences of both kinds that one interval expresses; both must occur, because programs look for the first block of each. */
const bothByInterval = (length: number) =>
  periodic(length, GLOBAL, LINEAR).filter((kinds) => kinds.includes(GLOBAL) && kinds.includes(LINEAR));

/** Metadata that config.json spells differently. */
const DERIVED: readonly KeyPair[] = [
  ["inner_size", "ssm.inner_size"],
  ["rotated", "rope.dimension_count"],
  ["sections", "rope.dimension_sections"],
  ["recurrent", "attention.recurrent_layers"],
];
/** How many rotated pairs encode time, height and width of images. */
const SECTIONS = [11, 11, 10];

const RATE: ElementChange = { read: (stored) => Math.log(-stored), write: (value) => -Math.exp(value) };

/**
 * GGUF files have value heads in another order: the first of each key head, then the second of each. Source: llama.cpp's
 * converter, `_reorder_v_heads`.
 */
function tiledHeads(c: Keys, width: number, before = 0): Int32Array {
  const [keys, each] = [c.linear_num_key_heads, c.linear_num_value_heads / c.linear_num_key_heads];
  return Int32Array.from({ length: before + c.linear_num_value_heads * width }, (_, row) => {
    if (row < before) return row;
    const [head, within] = [Math.floor((row - before) / width), (row - before) % width];
    const tiled = (head % each) * keys + Math.floor(head / each);
    return before + tiled * width + within;
  });
}

function stored(name: string, { json }: Config): Omit<StoredView, "name"> {
  const c = readKeys(Keys, json, "");
  const values = c.linear_value_head_dim;
  const keys = 2 * c.linear_num_key_heads * c.linear_key_head_dim;
  const part = name.slice(name.indexOf("linear_attn.") + "linear_attn.".length);
  if (!name.includes("linear_attn.")) return plusOneNorms(name);
  switch (part) {
    case "in_proj_qkv.weight":
      return { rows: tiledHeads(c, values, keys) };
    case "in_proj_z.weight":
      return { rows: tiledHeads(c, values) };
    case "in_proj_a.weight":
    case "in_proj_b.weight":
    case "dt_bias":
      return { rows: tiledHeads(c, 1) };
    case "A_log":
      return { rows: tiledHeads(c, 1), element: RATE };
    case "conv1d.weight":
      return { rows: tiledHeads(c, values, keys), squeezed: true };
    case "out_proj.weight":
      return { columns: tiledHeads(c, values) };
    default:
      return {};
  }
}

const form = ggufForm({
  architecture: "qwen35",
  json: { model_type: "qwen3_5_text", architectures: [ARCHITECTURE], hidden_act: "silu" },
  keys: [
    ["linear_conv_kernel_dim", "ssm.conv_kernel"],
    ["linear_key_head_dim", "ssm.state_size"],
    ["linear_num_key_heads", "ssm.group_count"],
    ["linear_num_value_heads", "ssm.time_step_rank"],
    ["full_attention_interval", "full_attention_interval"],
    ...DERIVED,
  ],
  written: (json) => {
    const c = readKeys(Keys, json, "");
    const rotation = rotationOf(c);
    return {
      head_dim: c.head_dim,
      full_attention_interval: periodOf(kindNames(config(json, "")), GLOBAL, LINEAR),
      inner_size: c.linear_value_head_dim * c.linear_num_value_heads,
      rotated: Math.floor(c.head_dim! * Number(rotation.partial_rotary_factor)),
      sections: Int32Array.of(...((rotation.mrope_section as number[] | undefined) ?? SECTIONS), 0),
      recurrent: kindNames(config(json, "")).map((kind) => kind === LINEAR),
    };
  },
  names: [
    ["post_attention_layernorm.", "post_attention_norm."],
    ["linear_attn.A_log", "ssm_a"],
    ["linear_attn.dt_bias", "ssm_dt.bias"],
    ["linear_attn.conv1d.", "ssm_conv1d."],
    ["linear_attn.in_proj_qkv.", "attn_qkv."],
    ["linear_attn.in_proj_z.", "attn_gate."],
    ["linear_attn.in_proj_a.", "ssm_alpha."],
    ["linear_attn.in_proj_b.", "ssm_beta."],
    ["linear_attn.norm.", "ssm_norm."],
    ["linear_attn.out_proj.", "ssm_out."],
  ],
  stored,
});

/** A config.json in upstream's spelling. */
function ggufConfig(header: GgufHeader): JsonObject {
  const { inner_size, rotated, sections, recurrent, rope_theta, rope_scaling, ...json } = form.config(header);
  const { linear_num_value_heads: heads, head_dim, num_hidden_layers: layers } = json;
  const parameters = { rope_type: "default", ...(rope_scaling as JsonObject), rope_theta };
  return {
    ...json,
    linear_value_head_dim: Number(inner_size) / Number(heads),
    // older files have only the interval; the list also includes the blocks for multi-token prediction
    ...(Array.isArray(recurrent) && {
      layer_types: recurrent.slice(0, Number(layers)).map((isLinear) => (isLinear ? LINEAR : GLOBAL)),
    }),
    rope_parameters: {
      ...parameters,
      partial_rotary_factor: rotated === undefined ? ROTATED : Number(rotated) / Number(head_dim),
      mrope_section: Array.isArray(sections) ? sections.slice(0, 3) : SECTIONS,
    },
  };
}

/** Keys of the blocks for multi-token prediction, which are not read, and one that belongs outside the text model. */
const NOT_WRITTEN = ["mtp_num_hidden_layers", "mtp_use_dedicated_embeddings", "architectures"];

const without = (keys: readonly string[], json: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(json).filter(([key]) => !keys.includes(key)));

export const qwen35: Architecture = {
  modelTypes: ["qwen3_5_text"],
  gguf: { ...form, config: ggufConfig },
  config,
  // mlx-lm has no type for the text model only; transformers reads both, and loads the text model by the text model's own keys.
  published: ({ bos_token_id, eos_token_id, ...json }) => ({
    model_type: "qwen3_5",
    architectures: [ARCHITECTURE],
    tie_word_embeddings: json.tie_word_embeddings,
    bos_token_id,
    eos_token_id,
    text_config: without(NOT_WRITTEN, json),
  }),
  cut,
  // transformers counts tokens by an attention's cache.
  expressible: (_config, program, length) =>
    program === "transformers" ? { required: [GLOBAL] } : bothByInterval(length),
};
