/** SmolLM3: Llama in which some blocks, usually every fourth, do not encode positions. */
import { z } from "zod";
import type { Architecture, Config, JsonObject } from "./architecture.ts";
import { cutBlocks, everyNth, sequence } from "./cut.ts";
import { usualEnds } from "./ends.ts";
import { ggufForm, pairedHeads } from "./gguf.ts";
import { corruptConfig, decoder, decoderKeys, headSizes, readKeys, ropeBase, size } from "./keys.ts";
import { normsOf, preNormBlock } from "./pre-norm-block.ts";
import { ropeOf, ropeParameters } from "./rope.ts";
import { GLOBAL } from "./windows.ts";

/** A kind of block without rotation. */
const UNROTATED = "unrotated_attention";
const INTERVAL = 4;

const Keys = z.object({
  ...decoderKeys,
  num_key_value_heads: decoderKeys.num_key_value_heads.default(4),
  max_position_embeddings: decoderKeys.max_position_embeddings.default(32_768),
  rope_theta: ropeBase(2_000_000),
  tie_word_embeddings: z.boolean().default(true),
  hidden_act: z.literal("silu").default("silu"),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  use_sliding_window: z.literal(false).default(false),
  /** 1: a block with rotation; upstream's name says the opposite. */
  no_rope_layers: z.array(z.union([z.boolean(), z.literal([0, 1])])).nullish(),
  no_rope_layer_interval: size.default(INTERVAL),
});

function config(json: JsonObject, path: string): Config {
  const c = readKeys(Keys, json, path);
  const { num_hidden_layers: layers, no_rope_layers: list, no_rope_layer_interval: interval } = c;
  if (list && list.length < layers)
    corruptConfig(path, `no_rope_layers names ${list.length} blocks of ${layers}`);
  const sizes = headSizes(c, path);
  const bias = { qkv: c.attention_bias, o: c.attention_bias };
  const options = { ...sizes, window: null, bias, mlpBias: c.mlp_bias };
  const rotated = preNormBlock(GLOBAL, c, {
    ...options,
    rope: ropeOf(ropeParameters(c), { headDim: sizes.headDim, path }),
  });
  const unrotated = preNormBlock(UNROTATED, c, { ...options, rope: null });
  const usual = everyNth(interval, unrotated, rotated);
  const kindOf = (block: number) => (!list ? usual(block) : list[block] ? rotated : unrotated);
  return decoder(c, {
    blocks: sequence(layers, kindOf),
    ends: usualEnds(normsOf(c)("model.norm"), c.tie_word_embeddings),
  });
}

export const smollm3: Architecture = {
  modelTypes: ["smollm3"],
  gguf: ggufForm({
    architecture: "smollm3",
    json: { model_type: "smollm3", architectures: ["SmolLM3ForCausalLM"], hidden_act: "silu" },
    keys: [["head_dim", "rope.dimension_count"]],
    stored: pairedHeads,
  }),
  config,
  cut: (json, kept) => ({
    ...cutBlocks(json, kept),
    no_rope_layers: kept.map((block) => (config(json, "").blocks[block]!.name === GLOBAL ? 1 : 0)),
  }),
  expressible: (_config, program, length) =>
    program === "llama.cpp" // it has no key for the interval
      ? [sequence(length, everyNth(INTERVAL, UNROTATED, GLOBAL))]
      : null,
};
