/** Llama 2 and 3, Mistral, SmolLM2, TinyLlama: RMS norm, rotary grouped-query attention, SwiGLU (arXiv 2302.13971). */
import { z } from "zod";
import type { Architecture, Config, JsonObject } from "./architecture.ts";
import { anySequence, cutBlocks } from "./cut.ts";
import { usualEnds } from "./ends.ts";
import { ggufForm, pairedHeads } from "./gguf.ts";
import { halvesForm } from "./gguf-halves.ts";
import { decoder, decoderKeys, headSizes, readKeys, size } from "./keys.ts";
import { normsOf, preNormBlock } from "./pre-norm-block.ts";
import { ropeOf, ropeParameters } from "./rope.ts";
import { contextWithinWindow, GLOBAL, WINDOWED } from "./windows.ts";

/** Mistral's window where a file names none. */
const WINDOW = 4096;

const Keys = z.object({
  ...decoderKeys,
  hidden_act: z.literal("silu").default("silu"),
  sliding_window: size.nullish(),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
});

function config(json: JsonObject, path: string): Config {
  const c = readKeys(Keys, json, path);
  const sizes = headSizes(c, path);
  // Upstream reads windows only in Mistral, and biases only in Llama.
  const isMistral = c.model_type === "mistral";
  const { sliding_window: window = WINDOW } = isMistral ? c : { sliding_window: null };
  const [attentionBias, mlpBias] = isMistral ? [false, false] : [c.attention_bias, c.mlp_bias];
  const block = preNormBlock(window === null ? GLOBAL : WINDOWED, c, {
    ...sizes,
    window,
    rope: ropeOf(ropeParameters(c), { headDim: sizes.headDim, path }),
    bias: { qkv: attentionBias, o: attentionBias },
    mlpBias,
  });
  return decoder(c, {
    blocks: Array.from({ length: c.num_hidden_layers }, () => block),
    ends: usualEnds(normsOf(c)("model.norm"), c.tie_word_embeddings),
  });
}

const json = { model_type: "llama", architectures: ["LlamaForCausalLM"], hidden_act: "silu" };
const defaults = { rms_norm_eps: 1e-5, max_position_embeddings: 2048, rope_theta: 10_000 };

const written = (read: JsonObject) => contextWithinWindow(config(read, ""));

export const llama: Architecture = {
  modelTypes: ["llama", "mistral"],
  gguf: ggufForm({
    architecture: "llama",
    json,
    keys: [["head_dim", "rope.dimension_count"]],
    biases: true,
    defaults,
    written,
    stored: pairedHeads,
  }),
  ggufOfHalves: halvesForm({ json, biases: true, defaults, written }),
  config,
  cut: cutBlocks,
  expressible: anySequence,
};
