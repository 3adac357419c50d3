/** LFM 2: most blocks have a gated short convolution instead of attention (arXiv 2511.23404). */
import { z } from "zod";
import type { Architecture, BlockKind, Config, JsonObject, Norm } from "./architecture.ts";
import { selfAttention } from "./attention.ts";
import { cutKinds } from "./cut.ts";
import { usualEnds } from "./ends.ts";
import { ggufForm } from "./gguf.ts";
import { decoder, decoderKeys, headSizes, layerBlocks, readKeys, ropeBase, size } from "./keys.ts";
import { gatedMlp } from "./mlp.ts";
import { ropeOf, ropeParameters } from "./rope.ts";
import { shortConvolution } from "./short-convolution.ts";
import { GLOBAL } from "./windows.ts";

const CONVOLUTION = "conv";

const Keys = z
  .object({
    ...decoderKeys,
    num_attention_heads: decoderKeys.num_attention_heads.default(32),
    num_key_value_heads: decoderKeys.num_key_value_heads.default(8),
    rope_theta: ropeBase(1_000_000),
    max_position_embeddings: decoderKeys.max_position_embeddings.default(128_000),
    intermediate_size: size.default(12_288),
    /** The older spelling of two keys; it wins. */
    block_ff_dim: size.nullish(),
    tie_embedding: z.boolean().nullish(),
    tie_word_embeddings: z.boolean().default(true),
    norm_eps: z.number().positive().default(1e-5),
    conv_bias: z.boolean().default(false),
    conv_L_cache: z.number().int().min(2).max(64).default(3),
    block_auto_adjust_ff_dim: z.boolean().default(true),
    block_ffn_dim_multiplier: z.number().positive().default(1),
    block_multiple_of: size.default(256),
    full_attn_idxs: z.array(z.number().int().min(0)).nullish(),
    layer_types: z.array(z.string()).nullish(),
  })
  .omit({ rms_norm_eps: true });
type Keys = z.output<typeof Keys>;

function config(json: JsonObject, path: string): Config {
  const c = readKeys(Keys, json, path);
  const sizes = headSizes(c, path);
  const norm = (name: string): Norm => ({ name, epsilon: c.norm_eps, plusOne: false });
  const common = { hiddenSize: c.hidden_size, normBefore: norm("operator_norm") };
  const attention = selfAttention({
    ...sizes,
    ...common,
    scale: sizes.headDim ** -0.5,
    cap: null,
    window: null,
    rope: ropeOf(ropeParameters(c), { headDim: sizes.headDim, path }),
    bias: { qkv: false, o: false },
    queryNorm: norm("self_attn.q_layernorm"),
    keyNorm: norm("self_attn.k_layernorm"),
    output: "self_attn.out_proj",
  });
  const convolution = shortConvolution({ ...common, width: c.conv_L_cache, bias: c.conv_bias });
  const mlp = gatedMlp({
    hiddenSize: c.hidden_size,
    intermediateSize: feedForwardSize(c),
    activation: "silu",
    bias: false,
    normBefore: norm("ffn_norm"),
    names: ["feed_forward.w1", "feed_forward.w3", "feed_forward.w2"],
  });
  const kinds: Record<typeof GLOBAL | typeof CONVOLUTION, BlockKind> = {
    [GLOBAL]: { name: GLOBAL, halves: { attention, mlp } },
    [CONVOLUTION]: { name: CONVOLUTION, halves: { attention: convolution, mlp } },
  };
  const usual = (block: number) => (c.full_attn_idxs?.includes(block) === false ? CONVOLUTION : GLOBAL);
  return decoder(c, {
    blocks: layerBlocks(c, kinds, usual, path),
    ends: usualEnds(norm("model.embedding_norm"), c.tie_embedding ?? c.tie_word_embeddings),
  });
}

/** F: two thirds of the configured size, times a factor, rounded up to a multiple, unless it is to be used as it is. */
function feedForwardSize(c: Keys): number {
  const configured = c.block_ff_dim ?? c.intermediate_size;
  if (!c.block_auto_adjust_ff_dim) return configured;
  const scaled = Math.floor(c.block_ffn_dim_multiplier * Math.floor((2 * configured) / 3));
  return c.block_multiple_of * Math.ceil(scaled / c.block_multiple_of);
}

/** Older programs read the indices of the blocks with attention, newer ones the list of kinds. */
function cut(json: JsonObject, kept: readonly number[]): JsonObject {
  const result = cutKinds(json, kept, config(json, ""));
  const kinds = result.layer_types as string[];
  return { ...result, full_attn_idxs: kinds.flatMap((kind, block) => (kind === GLOBAL ? [block] : [])) };
}

export const lfm2: Architecture = {
  modelTypes: ["lfm2"],
  inOnnx: { genaiType: "lfm2" },
  gguf: ggufForm({
    architecture: "lfm2",
    json: {
      model_type: "lfm2",
      architectures: ["Lfm2ForCausalLM"],
      conv_bias: false,
      block_auto_adjust_ff_dim: false,
      block_ffn_dim_multiplier: 1,
      block_multiple_of: 256,
    },
    keys: [
      ["norm_eps", "attention.layer_norm_rms_epsilon"],
      ["conv_L_cache", "shortconv.l_cache"],
    ],
    // A block without key/value heads has a convolution. mlx-lm requires `block_dim`.
    derived: ({ num_key_value_heads: kvHeads, hidden_size }) => ({
      block_dim: hidden_size,
      ...(Array.isArray(kvHeads) && {
        num_key_value_heads: (kvHeads as number[]).reduce((most, heads) => Math.max(most, heads), 0),
        layer_types: kvHeads.map((heads) => (heads === 0 ? CONVOLUTION : GLOBAL)),
      }),
    }),
    written: (json) => {
      const c = readKeys(Keys, json, "");
      const { heads, kvHeads } = headSizes(c, "");
      return {
        norm_eps: c.norm_eps,
        conv_L_cache: c.conv_L_cache,
        intermediate_size: feedForwardSize(c),
        num_attention_heads: heads,
        num_key_value_heads: Int32Array.from(config(json, "").blocks, ({ name }) =>
          name === GLOBAL ? kvHeads : 0,
        ),
      };
    },
    names: [
      ["model.embedding_norm.", "token_embd_norm."],
      ["operator_norm.", "attn_norm."],
      ["self_attn.q_layernorm.", "attn_q_norm."],
      ["self_attn.k_layernorm.", "attn_k_norm."],
      ["self_attn.out_proj.", "attn_output."],
      ["conv.conv.", "shortconv.conv."],
      ["conv.in_proj.", "shortconv.in_proj."],
      ["conv.out_proj.", "shortconv.out_proj."],
      ["feed_forward.w1.", "ffn_gate."],
      ["feed_forward.w3.", "ffn_up."],
      ["feed_forward.w2.", "ffn_down."],
    ],
    stored: (name) => (name.endsWith("conv.conv.weight") ? { squeezed: true } : {}),
  }),
  config,
  cut,
  // transformers counts tokens by an attention's cache; llama.cpp keeps, and mlx-lm looks for, a state of each kind.
  expressible: (_config, program) => ({
    required: program === "transformers" ? [GLOBAL] : [GLOBAL, CONVOLUTION],
  }),
};
