/** A block with norms (1 + w) before and after each half, and GELU gates (arXiv 2408.00118). */
import type { BlockKind, JsonObject } from "./architecture.ts";
import { selfAttention } from "./attention.ts";
import type { AttentionOptions } from "./attention.ts";
import type { NamePair } from "./gguf.ts";
import { gatedMlp } from "./mlp.ts";
import { normsOf } from "./pre-norm-block.ts";
import type { BlockKeys } from "./pre-norm-block.ts";

type SurroundedOptions = Omit<
  AttentionOptions,
  "hiddenSize" | "bias" | "normBefore" | "normAfter" | "branchScale" | "normAcrossHeads"
> & {
  /** Whether attention's projections have biases. */
  readonly bias: boolean;
};

/** A kind of block by its name in `layer_types`, with upstream's usual names of weights. */
export function surroundedBlock(
  name: string,
  c: BlockKeys,
  { bias, ...attention }: SurroundedOptions,
): BlockKind {
  const norm = normsOf(c, { plusOne: true });
  return {
    name,
    halves: {
      attention: selfAttention({
        ...attention,
        hiddenSize: c.hidden_size,
        bias: { qkv: bias, o: bias },
        normBefore: norm("input_layernorm"),
        normAfter: norm("post_attention_layernorm"),
      }),
      mlp: gatedMlp({
        hiddenSize: c.hidden_size,
        intermediateSize: c.intermediate_size,
        activation: "gelu-tanh",
        bias: false,
        normBefore: norm("pre_feedforward_layernorm"),
        normAfter: norm("post_feedforward_layernorm"),
      }),
    },
  };
}

/** GGUF's names of its norms. */
export const SURROUNDED_NAMES: readonly NamePair[] = [
  ["post_attention_layernorm.", "post_attention_norm."],
  ["pre_feedforward_layernorm.", "ffn_norm."],
  ["post_feedforward_layernorm.", "post_ffw_norm."],
];

/**
 * The factor of scores, for which GGUF files have no key: llama.cpp recognises only the 27B model, by its number of blocks; the factor
 * of that model does not follow from the head width.
 */
export const scoreFactor =
  (layersOf27B: number) =>
  (read: JsonObject): JsonObject => ({
    query_pre_attn_scalar:
      read.num_hidden_layers === layersOf27B
        ? Number(read.hidden_size) / Number(read.num_attention_heads)
        : read.head_dim,
  });

/** Keys that upstream accepts only with a decimal point. */
export const SURROUNDED_DECIMALS = ["attn_logit_softcapping", "final_logit_softcapping"];
