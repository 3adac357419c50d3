/** The linear attention of Qwen 3.5: a gated delta rule behind a short convolution (arXiv 2412.06464). */
import type { DeltaRule } from "../graph/delta-rule.ts";
import type { HalfBlock, Norm, WeightSpec } from "./architecture.ts";
import { normWeights, projection } from "./weights.ts";

export interface GatedDeltaNetOptions extends Omit<DeltaRule, "name"> {
  /** D */
  readonly hiddenSize: number;
  /** The kernel width of the convolution: tokens that it covers, including its own. */
  readonly convolutionWidth: number;
  /** The norm of the stream, before the projections. */
  readonly normBefore: Norm;
  /** The norm of each head of the output. */
  readonly normAfter: Norm;
}

const NAME = "linear_attn";
const CONVOLUTION = "linear_attn.conv1d";

/** out(norm(rule(silu(convolution(q, k, v)))) ⊙ silu(z)). */
export function gatedDeltaNet(options: GatedDeltaNetOptions): HalfBlock {
  const { hiddenSize, convolutionWidth, normBefore, normAfter, ...sizes } = options;
  const { keyHeads, heads, keyWidth, valueWidth } = sizes;
  const rule: DeltaRule = { name: NAME, ...sizes };
  const [keys, values] = [keyHeads * keyWidth, heads * valueWidth];
  const channels = 2 * keys + values;
  const weights: WeightSpec[] = [
    ...normWeights(normBefore, hiddenSize),
    ...projection(`${NAME}.in_proj_qkv`, "in", [channels, hiddenSize], false),
    ...projection(`${NAME}.in_proj_z`, "in", [values, hiddenSize], false),
    ...projection(`${NAME}.in_proj_b`, "in", [heads, hiddenSize], false),
    ...projection(`${NAME}.in_proj_a`, "in", [heads, hiddenSize], false),
    { name: `${CONVOLUTION}.weight`, shape: [channels, 1, convolutionWidth] },
    { name: `${NAME}.A_log`, shape: [heads] },
    { name: `${NAME}.dt_bias`, shape: [heads] },
    ...normWeights(normAfter, valueWidth),
    ...projection(`${NAME}.out_proj`, "out", [hiddenSize, values], false),
  ];
  return {
    weights,
    state: {
      kind: "recurrent",
      tensors: {
        [CONVOLUTION]: [convolutionWidth - 1, channels],
        [NAME]: [1, heads, keyWidth, valueWidth],
      },
    },
    branch(stream, ops) {
      const x = ops.rmsNorm(stream, normBefore);
      const [qkv, z, beta, decay] = ops.linear(
        x,
        `${NAME}.in_proj_qkv`,
        `${NAME}.in_proj_z`,
        `${NAME}.in_proj_b`,
        `${NAME}.in_proj_a`,
      ); // [N, channels], [N, H·Dv], [N, H] twice
      const convolved = ops.activate("silu", ops.causalConvolution(qkv, CONVOLUTION));
      const [q, k, v] = ops.split(convolved, [keys, keys, values]);
      const mixed = ops.deltaRule({ queries: q!, keys: k!, values: v!, decay, beta }, rule); // [N, H·Dv]
      const [out] = ops.linear(
        ops.gatedUnit("silu", z, ops.rmsNorm(mixed, normAfter, heads)),
        `${NAME}.out_proj`,
      );
      return out;
    },
  };
}
