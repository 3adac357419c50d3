/** The attention half of a block for most families: an architecture's file chooses its optional parts. */
import type { Attention, HalfBlock, Norm, WeightSpec } from "./architecture.ts";
import { normWeights, projection } from "./weights.ts";

export interface AttentionOptions extends Attention {
  /** D */
  readonly hiddenSize: number;
  /** Which projections have a bias. */
  readonly bias: { readonly qkv: boolean; readonly o: boolean };
  /** The norm of the stream, before the projections. */
  readonly normBefore?: Norm;
  /** The norms of each head of the queries and of the keys, before rotation. */
  readonly queryNorm?: Norm;
  readonly keyNorm?: Norm;
  /** Whether these two norms take all heads together instead of each by itself. */
  readonly normAcrossHeads?: boolean;
  /** The norm of the branch, before it is added to the stream. */
  readonly normAfter?: Norm;
  /** Factor of the branch, 1 in most models. */
  readonly branchScale?: number;
  /** The name of the output projection, "self_attn.o_proj" if absent. */
  readonly output?: string;
  /** Whether the query projection also gives a gate on each head's output: [q, gate] of each head. */
  readonly outputGate?: boolean;
}

/** Self-attention, with upstream's usual names. */
export function selfAttention(options: AttentionOptions): HalfBlock {
  const {
    hiddenSize,
    bias,
    normBefore,
    queryNorm,
    keyNorm,
    normAcrossHeads,
    normAfter,
    branchScale = 1,
    output = "self_attn.o_proj",
    outputGate = false,
    ...attention
  } = options;
  const { heads, kvHeads, headDim } = attention;
  const [query, keyValue] = [heads * headDim, kvHeads * headDim];
  const weights: WeightSpec[] = [
    ...normWeights(normBefore, hiddenSize),
    ...projection("self_attn.q_proj", "q", [outputGate ? 2 * query : query, hiddenSize], bias.qkv),
    ...projection("self_attn.k_proj", "k", [keyValue, hiddenSize], bias.qkv),
    ...projection("self_attn.v_proj", "v", [keyValue, hiddenSize], bias.qkv),
    ...projection(output, "o", [hiddenSize, query], bias.o),
    ...normWeights(queryNorm, normAcrossHeads ? query : headDim),
    ...normWeights(keyNorm, normAcrossHeads ? keyValue : headDim),
    ...normWeights(normAfter, hiddenSize),
  ];
  return {
    weights,
    state: { kind: "attention", attention },
    branch(x, ops) {
      const normed = normBefore ? ops.rmsNorm(x, normBefore) : x;
      const [projected, k, v] = ops.linear(
        normed,
        "self_attn.q_proj",
        "self_attn.k_proj",
        "self_attn.v_proj",
      ); // [N, H·Dh], [N, K·Dh] twice
      const [q, gate] = outputGate ? ops.split(projected, [headDim, headDim], heads) : [projected];
      const queries = queryNorm ? ops.rmsNorm(q!, queryNorm, normAcrossHeads ? 1 : heads) : q!;
      const keys = keyNorm ? ops.rmsNorm(k, keyNorm, normAcrossHeads ? 1 : kvHeads) : k;
      const mixed = ops.attention(queries, keys, v, attention);
      const [out] = ops.linear(gate ? ops.gatedUnit("sigmoid", gate, mixed) : mixed, output); // [N, D]
      const branch = normAfter ? ops.rmsNorm(out, normAfter) : out;
      return branchScale === 1 ? branch : ops.scale(branch, branchScale);
    },
  };
}
