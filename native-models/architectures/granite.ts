/** Granite 3 and 4, dense: Llama with factors of the embedding, of scores, of branches and of logits (arXiv 2405.04324). */
import { z } from "zod";
import type { Architecture, Config, JsonObject } from "./architecture.ts";
import { anySequence, cutBlocks } from "./cut.ts";
import { usualEnds } from "./ends.ts";
import { ggufForm, pairedHeads } from "./gguf.ts";
import { decoder, decoderKeys, headSizes, readKeys } from "./keys.ts";
import { normsOf, preNormBlock } from "./pre-norm-block.ts";
import { ropeOf, ropeParameters } from "./rope.ts";
import { GLOBAL } from "./windows.ts";

const factor = z.number().positive().default(1);

const Keys = z.object({
  ...decoderKeys,
  hidden_act: z.literal("silu").default("silu"),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  embedding_multiplier: factor,
  attention_multiplier: factor,
  residual_multiplier: factor,
  logits_scaling: factor,
});

function config(json: JsonObject, path: string): Config {
  const c = readKeys(Keys, json, path);
  const sizes = headSizes(c, path);
  const block = preNormBlock(GLOBAL, c, {
    ...sizes,
    window: null,
    rope: ropeOf(ropeParameters(c), { headDim: sizes.headDim, path }),
    bias: { qkv: c.attention_bias, o: c.attention_bias },
    mlpBias: c.mlp_bias,
    scale: c.attention_multiplier,
    branchScale: c.residual_multiplier,
  });
  return decoder(c, {
    blocks: Array.from({ length: c.num_hidden_layers }, () => block),
    ends: usualEnds(normsOf(c)("model.norm"), c.tie_word_embeddings, {
      embeddingScale: c.embedding_multiplier,
      logitScale: 1 / c.logits_scaling,
    }),
  });
}

export const granite: Architecture = {
  modelTypes: ["granite"],
  gguf: ggufForm({
    architecture: "granite",
    json: {
      model_type: "granite",
      architectures: ["GraniteForCausalLM"],
      hidden_act: "silu",
      // mlx-lm has no defaults for these
      attention_bias: false,
      mlp_bias: false,
    },
    keys: [
      ["head_dim", "rope.dimension_count"],
      ["embedding_multiplier", "embedding_scale"],
      ["attention_multiplier", "attention.scale"],
      ["residual_multiplier", "residual_scale"],
      ["logits_scaling", "logit_scale"],
    ],
    biases: true,
    // llama.cpp scales scores by the head where a file has no factor
    derived: ({ attention_multiplier: given, hidden_size: width, num_attention_heads: heads }) => ({
      attention_multiplier: given ?? (Number(width) / Number(heads)) ** -0.5,
    }),
    stored: pairedHeads,
  }),
  config,
  cut: cutBlocks,
  expressible: anySequence,
};
