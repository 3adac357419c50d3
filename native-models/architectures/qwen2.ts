/** Qwen 2 and 2.5, and models distilled into them: Llama with biases on queries, keys and values (arXiv 2407.10671). */
import { z } from "zod";
import type { Architecture, Config, JsonObject } from "./architecture.ts";
import { usualEnds } from "./ends.ts";
import { ggufForm } from "./gguf.ts";
import { halvesForm } from "./gguf-halves.ts";
import { decoder, decoderKeys, headSizes, readKeys } from "./keys.ts";
import { normsOf, preNormBlock } from "./pre-norm-block.ts";
import { ropeOf, ropeParameters } from "./rope.ts";
import { cutWindows, globalOnly, windowKeys, windowOf } from "./windows.ts";

const Keys = z.object({
  ...decoderKeys,
  ...windowKeys,
  max_position_embeddings: decoderKeys.max_position_embeddings.default(32_768),
  hidden_act: z.literal("silu").default("silu"),
});

function config(json: JsonObject, path: string): Config {
  const c = readKeys(Keys, json, path);
  const sizes = headSizes(c, path);
  const rope = ropeOf(ropeParameters(c), { headDim: sizes.headDim, path });
  const block = (name: string, window: number | null) =>
    preNormBlock(name, c, { ...sizes, window, rope, bias: { qkv: true, o: false } });
  return decoder(c, {
    blocks: windowOf(c, block, path),
    ends: usualEnds(normsOf(c)("model.norm"), c.tie_word_embeddings),
  });
}

const json = { model_type: "qwen2", architectures: ["Qwen2ForCausalLM"], hidden_act: "silu" };

export const qwen2: Architecture = {
  modelTypes: ["qwen2"],
  gguf: ggufForm({ architecture: "qwen2", json }),
  ggufOfHalves: halvesForm({ json }),
  config,
  cut: (json, kept) => cutWindows(json, kept, config(json, "")),
  expressible: globalOnly,
};
