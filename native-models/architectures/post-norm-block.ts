/** A block without norms before its halves: their branches are normalised, and so are queries and keys. */
import type { BlockKind } from "./architecture.ts";
import { selfAttention } from "./attention.ts";
import type { AttentionOptions } from "./attention.ts";
import type { NamePair } from "./gguf.ts";
import { gatedMlp } from "./mlp.ts";
import { normsOf } from "./pre-norm-block.ts";
import type { BlockKeys } from "./pre-norm-block.ts";

type PostNormOptions = Pick<
  AttentionOptions,
  "heads" | "kvHeads" | "headDim" | "window" | "rope" | "bias"
> & {
  /** Whether the norms of queries and keys take all heads together. */
  readonly normAcrossHeads: boolean;
};

/** A kind of block by its name in `layer_types`, with upstream's usual names of weights. */
export function postNormBlock(name: string, c: BlockKeys, options: PostNormOptions): BlockKind {
  const norm = normsOf(c);
  return {
    name,
    halves: {
      attention: selfAttention({
        ...options,
        hiddenSize: c.hidden_size,
        scale: options.headDim ** -0.5,
        cap: null,
        queryNorm: norm("self_attn.q_norm"),
        keyNorm: norm("self_attn.k_norm"),
        normAfter: norm("post_attention_layernorm"),
      }),
      mlp: gatedMlp({
        hiddenSize: c.hidden_size,
        intermediateSize: c.intermediate_size,
        activation: "silu",
        bias: false,
        normAfter: norm("post_feedforward_layernorm"),
      }),
    },
  };
}

/** GGUF's names of its norms. */
export const POST_NORM_NAMES: readonly NamePair[] = [
  ["post_attention_layernorm.", "post_attention_norm."],
  ["post_feedforward_layernorm.", "post_ffw_norm."],
];
