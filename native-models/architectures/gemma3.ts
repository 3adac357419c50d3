/**
 * Gemma 3, text: norms (1 + w) before and after each half and on each head of queries and keys, GELU gates, a scaled embedding,
 * and five windowed blocks per global one, each kind with its own rotation (arXiv 2503.19786).
 */
import { z } from "zod";
import type { Architecture, BlockKind, Config, JsonObject } from "./architecture.ts";
import { cutPeriod, everyNth, periodic, sequence } from "./cut.ts";
import { usualEnds } from "./ends.ts";
import { ggufForm, plusOneNorms } from "./gguf.ts";
import { decoder, decoderKeys, headSizes, layerBlocks, readKeys, ropeBase, size } from "./keys.ts";
import { normsOf } from "./pre-norm-block.ts";
import { ropeOf, ropeParameters } from "./rope.ts";
import type { RopeKeys } from "./rope.ts";
import { scoreFactor, surroundedBlock, SURROUNDED_DECIMALS, SURROUNDED_NAMES } from "./surrounded-block.ts";
import { GLOBAL, WINDOWED } from "./windows.ts";

const PERIOD = 6;

const Keys = z.object({
  ...decoderKeys,
  num_attention_heads: decoderKeys.num_attention_heads.default(8),
  num_key_value_heads: decoderKeys.num_key_value_heads.default(4),
  head_dim: decoderKeys.head_dim.default(256),
  vocab_size: decoderKeys.vocab_size.default(262_208),
  max_position_embeddings: decoderKeys.max_position_embeddings.default(131_072),
  tie_word_embeddings: z.boolean().default(true),
  hidden_activation: z.literal("gelu_pytorch_tanh").default("gelu_pytorch_tanh"),
  attention_bias: z.boolean().default(false),
  query_pre_attn_scalar: z.number().positive().default(256),
  final_logit_softcapping: z.number().positive().nullish(),
  sliding_window: size.default(4096),
  sliding_window_pattern: size.nullish(),
  layer_types: z.array(z.string()).nullish(),
  rope_theta: ropeBase(1_000_000),
  rope_local_base_freq: ropeBase(10_000),
  use_bidirectional_attention: z.literal(false).nullish(),
});
type Keys = z.output<typeof Keys>;

function config(json: JsonObject, path: string): Config {
  const c = readKeys(Keys, json, path);
  const sizes = headSizes(c, path);
  const norm = normsOf(c, { plusOne: true });
  const block = (name: typeof GLOBAL | typeof WINDOWED): BlockKind =>
    surroundedBlock(name, c, {
      ...sizes,
      scale: c.query_pre_attn_scalar ** -0.5,
      window: name === WINDOWED ? c.sliding_window : null,
      rope: ropeOf(rotationOf(c, name), { headDim: sizes.headDim, path }),
      cap: null, // Gemma 2's key is still in files, but upstream does not read it
      bias: c.attention_bias,
      queryNorm: norm("self_attn.q_norm"),
      keyNorm: norm("self_attn.k_norm"),
    });
  const kinds = { [GLOBAL]: block(GLOBAL), [WINDOWED]: block(WINDOWED) };
  const usual = everyNth(c.sliding_window_pattern ?? PERIOD, GLOBAL, WINDOWED);
  return decoder(c, {
    blocks: layerBlocks(c, kinds, usual, path),
    ends: usualEnds(norm("model.norm"), c.tie_word_embeddings, {
      embeddingScale: Math.fround(Math.sqrt(c.hidden_size)),
      logitCap: c.final_logit_softcapping ?? null,
    }),
  });
}

/** The rotation of a kind of block: newer upstream files name it by kind; older ones have two bases and scale the global one. */
function rotationOf(c: Keys, kind: typeof GLOBAL | typeof WINDOWED): JsonObject {
  if (kind === GLOBAL || c.rope_parameters?.[kind]) return ropeParameters(c, kind);
  return { rope_theta: c.rope_local_base_freq };
}

/**
 * The kinds of the kept blocks are listed for programs that read the list, and given as one period for the others if that can
 * express them.
 */
function cut({ _sliding_window_pattern: _, ...json }: JsonObject, kept: readonly number[]): JsonObject {
  const period = { key: "sliding_window_pattern", nth: GLOBAL, other: WINDOWED };
  return cutPeriod(json, kept, config(json, ""), period);
}

export const gemma3: Architecture = {
  modelTypes: ["gemma3_text"],
  gguf: ggufForm({
    architecture: "gemma3",
    json: {
      model_type: "gemma3_text",
      architectures: ["Gemma3ForCausalLM"],
      hidden_activation: "gelu_pytorch_tanh",
    },
    keys: [
      ["sliding_window", "attention.sliding_window"],
      ["sliding_window_pattern", "attention.sliding_window_pattern"],
      ["rope_local_base_freq", "rope.freq_base_swa"],
    ],
    defaults: { rope_theta: 1_000_000 },
    written: (json) => {
      const { rope_theta: localBase } = ropeParameters(json as unknown as RopeKeys, WINDOWED);
      return json.rope_parameters ? { rope_local_base_freq: localBase } : {};
    },
    derived: scoreFactor(62),
    names: SURROUNDED_NAMES,
    stored: plusOneNorms,
  }),
  decimals: SURROUNDED_DECIMALS,
  // mlx-lm has the smallest model's sizes for these
  writtenOut: ["num_attention_heads", "num_key_value_heads", "sliding_window", "vocab_size"],
  config,
  cut,
  expressible: (_config, program, length) => {
    if (program === "transformers") return null;
    // Ollama knows one period. mlx-lm takes the cache of its first global block, so there must be one.
    if (program === "ollama") return [sequence(length, everyNth(PERIOD, GLOBAL, WINDOWED))];
    const sequences = periodic(length, GLOBAL, WINDOWED);
    return program === "mlx-lm" ? sequences.filter((kinds) => kinds.includes(GLOBAL)) : sequences;
  },
};
