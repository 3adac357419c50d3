/**
 * Gemma 2: norms (1 + w) before and after each half, GELU gates, a scaled embedding, scores and logits with soft caps, and every
 * second block windowed (arXiv 2408.00118).
 */
import { z } from "zod";
import type { Architecture, BlockKind, Config, JsonObject } from "./architecture.ts";
import { cutKinds, everyNth, sequence } from "./cut.ts";
import { usualEnds } from "./ends.ts";
import { ggufForm, plusOneNorms } from "./gguf.ts";
import { decoder, decoderKeys, headSizes, layerBlocks, readKeys, size } from "./keys.ts";
import { normsOf } from "./pre-norm-block.ts";
import { ropeOf, ropeParameters } from "./rope.ts";
import { scoreFactor, surroundedBlock, SURROUNDED_DECIMALS, SURROUNDED_NAMES } from "./surrounded-block.ts";
import { GLOBAL, WINDOWED } from "./windows.ts";

const cap = z.number().positive().nullable();

const Keys = z.object({
  ...decoderKeys,
  num_key_value_heads: decoderKeys.num_key_value_heads.default(4),
  head_dim: decoderKeys.head_dim.default(256),
  max_position_embeddings: decoderKeys.max_position_embeddings.default(8192),
  tie_word_embeddings: z.boolean().default(true),
  hidden_activation: z.literal("gelu_pytorch_tanh").default("gelu_pytorch_tanh"),
  attention_bias: z.boolean().default(false),
  query_pre_attn_scalar: z.number().positive().default(256),
  attn_logit_softcapping: cap.default(50),
  final_logit_softcapping: cap.default(30),
  sliding_window: size.default(4096),
  layer_types: z.array(z.string()).nullish(),
});

const usualKind = everyNth(2, GLOBAL, WINDOWED);

function config(json: JsonObject, path: string): Config {
  const c = readKeys(Keys, json, path);
  const sizes = headSizes(c, path);
  const rope = ropeOf(ropeParameters(c), { headDim: sizes.headDim, path });
  const block = (name: typeof GLOBAL | typeof WINDOWED): BlockKind =>
    surroundedBlock(name, c, {
      ...sizes,
      rope,
      window: name === WINDOWED ? c.sliding_window : null,
      scale: c.query_pre_attn_scalar ** -0.5,
      cap: c.attn_logit_softcapping,
      bias: c.attention_bias,
    });
  const kinds = { [GLOBAL]: block(GLOBAL), [WINDOWED]: block(WINDOWED) };
  return decoder(c, {
    blocks: layerBlocks(c, kinds, usualKind, path),
    ends: usualEnds(normsOf(c, { plusOne: true })("model.norm"), c.tie_word_embeddings, {
      embeddingScale: Math.fround(Math.sqrt(c.hidden_size)),
      logitCap: c.final_logit_softcapping,
    }),
  });
}

export const gemma2: Architecture = {
  modelTypes: ["gemma2"],
  gguf: ggufForm({
    architecture: "gemma2",
    json: {
      model_type: "gemma2",
      architectures: ["Gemma2ForCausalLM"],
      hidden_activation: "gelu_pytorch_tanh",
    },
    keys: [
      ["attn_logit_softcapping", "attn_logit_softcapping"],
      ["final_logit_softcapping", "final_logit_softcapping"],
      ["sliding_window", "attention.sliding_window"],
    ],
    derived: scoreFactor(46),
    names: SURROUNDED_NAMES,
    stored: plusOneNorms,
  }),
  decimals: SURROUNDED_DECIMALS,
  config,
  cut: (json, kept) => cutKinds(json, kept, config(json, "")),
  // mlx-lm has no windows in this family, whole or cut
  expressible: (_whole, program, length) => (program === "llama.cpp" ? [sequence(length, usualKind)] : null),
};
