/** The block that most families share: RMS norm before attention and before a SwiGLU MLP (arXiv 2302.13971). */
import type { BlockKind, Norm } from "./architecture.ts";
import { selfAttention } from "./attention.ts";
import type { AttentionOptions } from "./attention.ts";
import { gatedMlp } from "./mlp.ts";

/** The keys of config.json that give its sizes. */
export interface BlockKeys {
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly rms_norm_eps: number;
}

/** What differs between families. */
interface PreNormOptions extends Pick<
  AttentionOptions,
  "heads" | "kvHeads" | "headDim" | "window" | "rope" | "bias"
> {
  readonly queryNorm?: Norm;
  readonly keyNorm?: Norm;
  /** Whether the MLP's projections have biases. */
  readonly mlpBias?: boolean;
  /** Factor of q·kᵀ, Dh^−½ if absent. */
  readonly scale?: number;
  /** Factor of both branches, 1 if absent. */
  readonly branchScale?: number;
}

/** Norms with the configuration's epsilon that multiply by their weight, or by 1 + weight. */
export const normsOf =
  ({ rms_norm_eps }: Pick<BlockKeys, "rms_norm_eps">, { plusOne = false } = {}) =>
  (name: string): Norm => ({ name, epsilon: rms_norm_eps, plusOne });

/** A kind of block by its name in `layer_types`, with upstream's usual names of weights. */
export function preNormBlock(
  name: string,
  c: BlockKeys,
  { mlpBias = false, scale, branchScale = 1, ...attention }: PreNormOptions,
): BlockKind {
  const norm = normsOf(c);
  return {
    name,
    halves: {
      attention: selfAttention({
        ...attention,
        hiddenSize: c.hidden_size,
        scale: scale ?? attention.headDim ** -0.5,
        branchScale,
        cap: null,
        normBefore: norm("input_layernorm"),
      }),
      mlp: gatedMlp({
        hiddenSize: c.hidden_size,
        intermediateSize: c.intermediate_size,
        activation: "silu",
        bias: mlpBias,
        branchScale,
        normBefore: norm("post_attention_layernorm"),
      }),
    },
  };
}
