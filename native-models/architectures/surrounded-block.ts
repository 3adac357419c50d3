/** A block with norms (1 + w) before and after each half, and GELU gates (arXiv 2408.00118). */
import type { BlockKind, ElementChange, Norm } from "./architecture.ts";
import { selfAttention } from "./attention.ts";
import type { AttentionOptions } from "./attention.ts";
import type { NamePair } from "./gguf.ts";
import { gatedMlp } from "./mlp.ts";
import type { BlockKeys } from "./pre-norm-block.ts";

type SurroundedOptions = Omit<
  AttentionOptions,
  "hiddenSize" | "bias" | "normBefore" | "normAfter" | "branchScale" | "normAcrossHeads"
> & {
  /** Whether attention's projections have biases. */
  readonly bias: boolean;
};

/** Norms that multiply by 1 + weight, with the configuration's epsilon. */
export const plusOneNormsOf =
  ({ rms_norm_eps }: Pick<BlockKeys, "rms_norm_eps">) =>
  (name: string): Norm => ({ name, epsilon: rms_norm_eps, plusOne: true });

/** A kind of block by its name in `layer_types`, with upstream's usual names of weights. */
export function surroundedBlock(
  name: string,
  c: BlockKeys,
  { bias, ...attention }: SurroundedOptions,
): BlockKind {
  const norm = plusOneNormsOf(c);
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

/** GGUF files have these norms as 1 + w. */
const ONE_MORE: ElementChange = { read: (stored) => stored - 1, write: (value) => value + 1 };

/** How GGUF stores weights of such a model. */
export const surroundedStored = (name: string): { readonly element?: ElementChange } =>
  name.endsWith("norm.weight") ? { element: ONE_MORE } : {};
