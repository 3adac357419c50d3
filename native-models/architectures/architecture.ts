/**
 * What an architecture is: the maths of a block, the names of its weights and the keys of its configuration. One file an
 * architecture; the same maths gives the training graphs and the inference graph, through the `BlockOps` it is given.
 */
import type { Tensor } from "../graph/graph.ts";

/** The configuration of a decoder, in our names. Letters: native-models/graph/graph.ts. */
export interface Config {
  readonly modelType: string;
  /** D */
  readonly hiddenSize: number;
  /** F */
  readonly intermediateSize: number;
  /** L */
  readonly layers: number;
  /** H */
  readonly heads: number;
  /** K */
  readonly kvHeads: number;
  /** Dh */
  readonly headDim: number;
  /** V */
  readonly vocabularySize: number;
  readonly maxPositions: number;
  readonly normEpsilon: number;
  /** Angle per position of each rotated pair. [Dh / 2] */
  readonly ropeFrequencies: readonly number[];
  /** A token sees this many tokens, itself included; null: all before it. */
  readonly slidingWindow: number | null;
  readonly tiedEmbedding: boolean;
  readonly attentionBias: boolean;
  readonly mlpBias: boolean;
}

/** The two halves of a block, each a residual step: x + attention(norm(x)), x + mlp(norm(x)). */
export type Half = "attention" | "mlp";

/** What the maths of a block is written in. Names are relative to the block: "self_attn.q_proj". */
export interface BlockOps {
  /** The named projections of x, with whatever storage, bias and adapter each has. [N, in] → [N, out] each. */
  linear<Names extends readonly string[]>(x: Tensor, ...names: Names): { [K in keyof Names]: Tensor };
  /** [N, D] → [N, D] */
  rmsNorm(x: Tensor, name: string): Tensor;
  /** Causal attention with rotary positions. q [N, H·Dh], k and v [N, K·Dh] → [N, H·Dh] */
  attention(q: Tensor, k: Tensor, v: Tensor): Tensor;
  /** silu(gate) ⊙ up. [N, F] → [N, F] */
  swiglu(gate: Tensor, up: Tensor): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
}

/** A weight that a half of a block has: [out, in], or [size]. */
export interface WeightSpec {
  /** Relative to the block, as upstream writes it: "self_attn.q_proj.weight". */
  readonly name: string;
  readonly shape: readonly [number, number] | readonly [number];
}

export type JsonObject = Readonly<Record<string, unknown>>;

export interface Architecture {
  /** `model_type` of config.json that this file serves. */
  readonly modelTypes: readonly string[];
  /** `general.architecture` of GGUF files that this file serves. */
  readonly ggufArchitectures: readonly string[];
  /** Reads a config.json. Throws `corrupt-file`, `unsupported-architecture`. */
  config(json: JsonObject, path: string): Config;
  /** A config.json from GGUF metadata. `vector` reads a small tensor of the file, null if it has none of that name. */
  configFromGguf(
    metadata: ReadonlyMap<string, unknown>,
    vector: (name: string) => Float32Array | null,
  ): JsonObject;
  /** The GGUF name of a Hugging Face weight name. */
  ggufName(name: string): string;
  /** How many heads' rows GGUF stores interleaved in this weight, 0 for none; its rows are put back in order on reading. */
  ggufInterleavedHeads(name: string, config: Config): number;
  weights(config: Config): Record<Half, readonly WeightSpec[]>;
  attention(x: Tensor, ops: BlockOps): Tensor;
  mlp(x: Tensor, ops: BlockOps): Tensor;
}

/** Upstream names outside the blocks, shared by all architectures here. */
export const EMBEDDING = "model.embed_tokens.weight";
export const FINAL_NORM = "model.norm.weight";
export const HEAD = "lm_head.weight";

/** The upstream name of a weight of block `block`. */
export const blockWeight = (block: number, name: string) => `model.layers.${block}.${name}`;

/** The weights outside the blocks, by their upstream names. */
export function endWeights({ vocabularySize, hiddenSize, tiedEmbedding }: Config): WeightSpec[] {
  const matrix = [vocabularySize, hiddenSize] as const;
  return [
    { name: EMBEDDING, shape: matrix },
    { name: FINAL_NORM, shape: [hiddenSize] },
    ...(tiedEmbedding ? [] : [{ name: HEAD, shape: matrix }]),
  ];
}
