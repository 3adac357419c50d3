/** The MLP half of a block for most families: a gated unit (arXiv 2002.05202). */
import type { Activation } from "../graph/elementwise.ts";
import type { HalfBlock, Norm, WeightSpec } from "./architecture.ts";
import { normWeights, projection } from "./weights.ts";

export interface MlpOptions {
  /** D */
  readonly hiddenSize: number;
  /** F */
  readonly intermediateSize: number;
  readonly activation: Activation;
  /** Whether the three projections have biases. */
  readonly bias: boolean;
  /** The norm of the stream, before the projections. */
  readonly normBefore?: Norm;
  /** The norm of the branch, before it is added to the stream. */
  readonly normAfter?: Norm;
  /** Factor of the branch, 1 in most models. */
  readonly branchScale?: number;
  /** The names of gate, up and down; "mlp.gate_proj" and so on if absent. */
  readonly names?: readonly [gate: string, up: string, down: string];
}

const DEFAULT_NAMES = ["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"] as const;

/** down(activation(gate) ⊙ up), with upstream's usual names. */
export function gatedMlp(options: MlpOptions): HalfBlock {
  const { hiddenSize, intermediateSize, activation, bias, normBefore, normAfter, branchScale = 1 } = options;
  const [gateName, upName, downName] = options.names ?? DEFAULT_NAMES;
  const weights: WeightSpec[] = [
    ...normWeights(normBefore, hiddenSize),
    ...projection(gateName, "gate", [intermediateSize, hiddenSize], bias),
    ...projection(upName, "up", [intermediateSize, hiddenSize], bias),
    ...projection(downName, "down", [hiddenSize, intermediateSize], bias),
    ...normWeights(normAfter, hiddenSize),
  ];
  return {
    weights,
    state: null,
    branch(x, ops) {
      const normed = normBefore ? ops.rmsNorm(x, normBefore) : x;
      const [gate, up] = ops.linear(normed, gateName, upName); // [N, F] twice
      const [down] = ops.linear(ops.gatedUnit(activation, gate, up), downName); // [N, D]
      const branch = normAfter ? ops.rmsNorm(down, normAfter) : down;
      return branchScale === 1 ? branch : ops.scale(branch, branchScale);
    },
  };
}
