/** The mixer of LFM 2's convolutional blocks: a short convolution, gated before and after (arXiv 2511.23404). */
import type { HalfBlock, Norm, WeightSpec } from "./architecture.ts";
import { normWeights, projection } from "./weights.ts";

export interface ShortConvolutionOptions {
  /** D */
  readonly hiddenSize: number;
  /** The kernel width: tokens that it covers, including its own. */
  readonly width: number;
  readonly bias: boolean;
  /** The norm of the stream, before the projection. */
  readonly normBefore: Norm;
}

const NAME = "conv.conv";

/** out(c ⊙ convolution(b ⊙ x)) with [b, c, x] = in(stream). */
export function shortConvolution({
  hiddenSize,
  width,
  bias,
  normBefore,
}: ShortConvolutionOptions): HalfBlock {
  const weights: WeightSpec[] = [
    ...normWeights(normBefore, hiddenSize),
    ...projection("conv.in_proj", "in", [3 * hiddenSize, hiddenSize], bias),
    { name: `${NAME}.weight`, shape: [hiddenSize, 1, width] },
    ...(bias ? [{ name: `${NAME}.bias`, shape: [hiddenSize] } as const] : []),
    ...projection("conv.out_proj", "out", [hiddenSize, hiddenSize], bias),
  ];
  return {
    weights,
    state: { kind: "recurrent", tensors: { [NAME]: [width - 1, hiddenSize] } },
    branch(stream, ops) {
      const [all] = ops.linear(ops.rmsNorm(stream, normBefore), "conv.in_proj"); // [N, 3·D]
      const [b, c, x] = ops.split(all, [hiddenSize, hiddenSize, hiddenSize]); // [N, D] each
      const mixed = ops.multiply(c!, ops.causalConvolution(ops.multiply(b!, x!), NAME));
      const [out] = ops.linear(mixed, "conv.out_proj");
      return out;
    },
  };
}
