/**
 * Gemma 3, text: norms (1 + w) before and after each half and on each head of queries and keys, GELU gates, a scaled embedding,
 * and five windowed blocks per global one, each kind with its own rotation (arXiv 2503.19786).
 */
import { z } from "zod";
import type { Architecture, BlockKind, Config, JsonObject } from "./architecture.ts";
import { cutKinds, periodic, periodOf } from "./cut.ts";
import { usualEnds } from "./ends.ts";
import { ggufForm } from "./gguf.ts";
import { decoder, decoderKeys, headSizes, layerKinds, readKeys, ropeBase, size } from "./keys.ts";
import { ropeOf, ropeParameters } from "./rope.ts";
import type { RopeKeys } from "./rope.ts";
import { plusOneNormsOf, surroundedBlock, surroundedStored, SURROUNDED_NAMES } from "./surrounded-block.ts";
import { GLOBAL, WINDOWED } from "./windows.ts";

const PERIOD = 6;

const Keys = z.object({
  ...decoderKeys,
  num_key_value_heads: decoderKeys.num_key_value_heads.default(4),
  head_dim: decoderKeys.head_dim.default(256),
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
  const norm = plusOneNormsOf(c);
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
  const period = c.sliding_window_pattern ?? PERIOD;
  const usual = (index: number) => ((index + 1) % period === 0 ? GLOBAL : WINDOWED);
  const names = layerKinds(c.layer_types, c.num_hidden_layers, [GLOBAL, WINDOWED], usual, path);
  return decoder(c, {
    blocks: names.map((name) => kinds[name]),
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
function cut(json: JsonObject, kept: readonly number[]): JsonObject {
  const result: Record<string, unknown> = { ...cutKinds(json, kept, config(json, "")) };
  const period = periodOf(result.layer_types as string[], GLOBAL, WINDOWED);
  delete result._sliding_window_pattern;
  if (period === null) delete result.sliding_window_pattern;
  else result.sliding_window_pattern = period;
  return result;
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
    // Files have no key for it: llama.cpp recognises only the size 27B, whose scale does not follow from the head width.
    derived: (read) => ({
      query_pre_attn_scalar:
        read.num_hidden_layers === 62
          ? Number(read.hidden_size) / Number(read.num_attention_heads)
          : read.head_dim,
    }),
    names: SURROUNDED_NAMES,
    stored: surroundedStored,
  }),
  decimals: ["attn_logit_softcapping", "final_logit_softcapping"],
  config,
  cut,
  expressible: (_config, program, length) =>
    program === "transformers" ? null : periodic(length, GLOBAL, WINDOWED),
};
