/** Qwen 3, dense: Llama with a norm on each head of queries and keys, and an independent head width (arXiv 2505.09388). */
import { z } from "zod";
import type { Architecture, Config, JsonObject } from "./architecture.ts";
import { usualEnds } from "./ends.ts";
import { ggufForm } from "./gguf.ts";
import { decoder, decoderKeys, headSizes, readKeys } from "./keys.ts";
import { normsOf, preNormBlock } from "./pre-norm-block.ts";
import { ropeOf, ropeParameters } from "./rope.ts";
import { cutWindows, globalOnly, windowKeys, windowOf } from "./windows.ts";

const Keys = z.object({
  ...decoderKeys,
  ...windowKeys,
  head_dim: decoderKeys.head_dim.default(128),
  max_position_embeddings: decoderKeys.max_position_embeddings.default(32_768),
  hidden_act: z.literal("silu").default("silu"),
  attention_bias: z.boolean().default(false),
});

function config(json: JsonObject, path: string): Config {
  const c = readKeys(Keys, json, path);
  const sizes = headSizes(c, path);
  const norm = normsOf(c);
  const rope = ropeOf(ropeParameters(c), { headDim: sizes.headDim, path });
  const block = (name: string, window: number | null) =>
    preNormBlock(name, c, {
      ...sizes,
      window,
      rope,
      bias: { qkv: c.attention_bias, o: c.attention_bias },
      queryNorm: norm("self_attn.q_norm"),
      keyNorm: norm("self_attn.k_norm"),
    });
  return decoder(c, {
    blocks: windowOf(c, block, path),
    ends: usualEnds(norm("model.norm"), c.tie_word_embeddings),
  });
}

export const qwen3: Architecture = {
  modelTypes: ["qwen3"],
  gguf: ggufForm({
    architecture: "qwen3",
    json: { model_type: "qwen3", architectures: ["Qwen3ForCausalLM"], hidden_act: "silu" },
  }),
  config,
  cut: (json, kept) => cutWindows(json, kept, config(json, "")),
  expressible: globalOnly,
};
