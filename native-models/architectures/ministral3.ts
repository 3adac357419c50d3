/**
 * Ministral 3: Llama whose queries grow with their position beyond the original context, as Llama 4's do, and with YaRN. GGUF's
 * architecture "mistral3" also holds Mistral Small 3, which is a Mistral.
 */
import { z } from "zod";
import { fail } from "../failure.ts";
import { shown } from "../shown.ts";
import type { Architecture, Config, JsonObject } from "./architecture.ts";
import { anySequence, cutBlocks } from "./cut.ts";
import { usualEnds } from "./ends.ts";
import { ggufForm, pairedHeads } from "./gguf.ts";
import { corruptConfig, decoder, decoderKeys, headSizes, readKeys, size } from "./keys.ts";
import { normsOf, preNormBlock } from "./pre-norm-block.ts";
import { ropeOf, ropeParameters, ropeType } from "./rope.ts";
import type { RopeKeys } from "./rope.ts";
import { contextWithinWindow, GLOBAL, WINDOWED } from "./windows.ts";

/** Upstream's parameters where a file has none. */
const DEFAULT_ROPE = {
  rope_type: "yarn",
  rope_theta: 1_000_000,
  factor: 16,
  original_max_position_embeddings: 16_384,
  beta_fast: 32,
  beta_slow: 1,
  mscale: 1,
  mscale_all_dim: 1,
  llama_4_scaling_beta: 0.1,
};

const Keys = z.object({
  ...decoderKeys,
  num_key_value_heads: decoderKeys.num_key_value_heads.default(8),
  head_dim: decoderKeys.head_dim.default(128),
  max_position_embeddings: decoderKeys.max_position_embeddings.default(262_144),
  rms_norm_eps: decoderKeys.rms_norm_eps.default(1e-5),
  hidden_act: z.literal("silu").default("silu"),
  sliding_window: size.nullish(),
});

function config(json: JsonObject, path: string): Config {
  const read = readKeys(Keys, json, path);
  const rope_parameters = read.rope_parameters ?? read.rope_scaling ?? DEFAULT_ROPE;
  const c = readKeys(Keys, { ...read, rope_parameters }, path);
  const sizes = headSizes(c, path);
  const parameters = ropeParameters(c);
  const { llama_4_scaling_beta: by, original_max_position_embeddings: every } = parameters;
  const kind = ropeType(parameters);
  if (kind !== "yarn") {
    const modelType = `rope scaling "${shown(kind)}" of ${c.model_type}`;
    fail({ code: "unsupported-architecture", modelType, supported: ["yarn"] });
  }
  if (typeof by !== "number" || !Number.isFinite(by))
    return corruptConfig(path, '"llama_4_scaling_beta" is no number');
  const { success, data } = size.safeParse(every ?? c.max_position_embeddings);
  if (!success) return corruptConfig(path, '"original_max_position_embeddings" is no number of tokens');
  const window = c.sliding_window ?? null;
  const block = preNormBlock(window === null ? GLOBAL : WINDOWED, c, {
    ...sizes,
    window,
    rope: {
      ...ropeOf(parameters, { headDim: sizes.headDim, path }),
      growth: { by, every: data },
    },
    bias: { qkv: false, o: false },
  });
  return decoder(c, {
    blocks: Array.from({ length: c.num_hidden_layers }, () => block),
    ends: usualEnds(normsOf(c)("model.norm"), c.tie_word_embeddings),
  });
}

const MISTRAL = { model_type: "mistral", architectures: ["MistralForCausalLM"], sliding_window: null };

/** The keys of a GGUF file whose queries grow, or else of a Mistral. */
function fromGguf({ growth, rope_scaling: scaling, rope_theta }: JsonObject): JsonObject {
  if (!growth) return { ...MISTRAL, growth: undefined };
  return {
    growth: undefined,
    rope_theta: undefined,
    rope_scaling: undefined,
    rope_parameters: { ...(scaling as JsonObject | undefined), rope_theta, llama_4_scaling_beta: growth },
  };
}

export const ministral3: Architecture = {
  modelTypes: ["ministral3"],
  gguf: ggufForm({
    architecture: "mistral3",
    json: { model_type: "ministral3", architectures: ["Ministral3ForCausalLM"], hidden_act: "silu" },
    keys: [
      ["head_dim", "rope.dimension_count"],
      ["growth", "attention.temperature_scale"],
    ],
    defaults: { rms_norm_eps: 1e-5 },
    derived: fromGguf,
    written: (json) => ({
      ...contextWithinWindow(config(json, "")),
      growth: ropeParameters(json as unknown as RopeKeys).llama_4_scaling_beta,
    }),
    stored: pairedHeads,
  }),
  config,
  cut: cutBlocks,
  expressible: anySequence,
};
