/**
 * Phi-3, 3.5 and 4-mini: Llama with fused projections in its files, heads that may be rotated in part, and LongRoPE
 * (arXiv 2404.14219).
 */
import { z } from "zod";
import type { Architecture, BlockKind, Config, HalfBlock, JsonObject } from "./architecture.ts";
import { anySequence, cutBlocks } from "./cut.ts";
import { usualEnds } from "./ends.ts";
import { ggufForm } from "./gguf.ts";
import { decoder, decoderKeys, headSizes, readKeys, size } from "./keys.ts";
import { normsOf, preNormBlock } from "./pre-norm-block.ts";
import { ropeOf, ropeParameters, ropeType } from "./rope.ts";
import { fused } from "./weights.ts";
import { contextWithinWindow, GLOBAL, WINDOWED } from "./windows.ts";

const Keys = z.object({
  ...decoderKeys,
  max_position_embeddings: decoderKeys.max_position_embeddings.default(4096),
  original_max_position_embeddings: size.default(4096),
  rms_norm_eps: decoderKeys.rms_norm_eps.default(1e-5),
  partial_rotary_factor: z.number().positive().max(1).default(1),
  hidden_act: z.literal("silu").default("silu"),
  sliding_window: size.nullish(),
});

function config(json: JsonObject, path: string): Config {
  const c = readKeys(Keys, json, path);
  const sizes = headSizes(c, path);
  const parameters = ropeParameters(c);
  const isLong = ropeType(parameters) === "yarn"; // its name in the first files of long contexts
  const block = preNormBlock(c.sliding_window ? WINDOWED : GLOBAL, c, {
    ...sizes,
    window: c.sliding_window ?? null,
    rope: ropeOf(
      { ...parameters, ...(isLong && { rope_type: "longrope" }) },
      { headDim: sizes.headDim, path },
    ),
    bias: { qkv: false, o: false },
  });
  const kind: BlockKind = {
    name: block.name,
    halves: {
      attention: fusedIn(block.halves.attention, "self_attn.qkv_proj.weight", ["q", "k", "v"]),
      mlp: fusedIn(block.halves.mlp, "mlp.gate_up_proj.weight", ["gate", "up"]),
    },
  };
  return decoder(c, {
    blocks: Array.from({ length: c.num_hidden_layers }, () => kind),
    ends: usualEnds(normsOf(c)("model.norm"), c.tie_word_embeddings),
  });
}

/** A half whose projections with these roles are one weight `name` in files. */
function fusedIn(half: HalfBlock, name: string, roles: readonly string[]): HalfBlock {
  const isPart = ({ role }: HalfBlock["weights"][number]) => role !== undefined && roles.includes(role);
  const parts = fused(name, half.weights.filter(isPart));
  return {
    ...half,
    weights: half.weights.map((spec) => parts.find((part) => part.name === spec.name) ?? spec),
  };
}

export const phi3: Architecture = {
  modelTypes: ["phi3"],
  gguf: ggufForm({
    architecture: "phi3",
    strippingName: "Phi-3",
    json: { model_type: "phi3", architectures: ["Phi3ForCausalLM"], hidden_act: "silu" },
    keys: [
      ["sliding_window", "attention.sliding_window"],
      ["original_max_position_embeddings", "rope.scaling.original_context_length"],
      ["rotated", "rope.dimension_count"],
    ],
    derived: ({ rotated, sliding_window: window, ...read }) => ({
      partial_rotary_factor: rotated
        ? Number(rotated) /
          Number(read.head_dim ?? Number(read.hidden_size) / Number(read.num_attention_heads))
        : 1,
      sliding_window: window || null, // 0: none
      rotated: undefined,
    }),
    written: (json) => {
      const { partial_rotary_factor: part } = ropeParameters(json as z.output<typeof Keys>);
      const { headDim } = headSizes(json as z.output<typeof Keys>, "");
      return {
        ...contextWithinWindow(config(json, "")), // llama.cpp reads the window, and does not use it
        sliding_window: json.sliding_window ?? 0,
        rotated: Math.floor(headDim * Number(part ?? 1)),
      };
    },
    names: [
      ["self_attn.qkv_proj.", "attn_qkv."],
      ["mlp.gate_up_proj.", "ffn_up."],
    ],
  }),
  config,
  cut: cutBlocks,
  expressible: anySequence,
};
