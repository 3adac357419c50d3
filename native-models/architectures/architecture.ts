/**
 * What an architecture is. Everything that is particular to a family of models stands in its own file beside this one: its
 * configuration, the kinds of its blocks and which block is of which kind, the maths of each half, what surrounds the blocks, the
 * names its weights have in each format, and what a cut does to its configuration. Nothing outside this folder knows a family.
 *
 * The same maths gives the training graphs and the inference graph, through the `BlockOps` it is given.
 */
import type { ScoreOptions } from "../graph/attention.ts";
import type { Activation } from "../graph/elementwise.ts";
import type { Tensor } from "../graph/graph.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** A decoder as its architecture's file reads it from a config.json. Letters: native-models/graph/graph.ts. */
export interface Config {
  readonly modelType: string;
  /** The keys of config.json that were read; `Architecture.config` gives the same from these alone. */
  readonly json: JsonObject;
  /** D */
  readonly hiddenSize: number;
  /** V */
  readonly vocabularySize: number;
  /** The longest text that the model takes, in tokens. */
  readonly maxPositions: number;
  /** The kind of each block, from the lowest up; blocks of one kind share one object. [L] */
  readonly blocks: readonly BlockKind[];
  readonly ends: Ends;
}

/** A kind of block: both of its halves. */
export interface BlockKind {
  /** As `layer_types` of config.json has it: "full_attention", "sliding_attention". */
  readonly name: string;
  readonly halves: Readonly<Record<Half, HalfBlock>>;
}

/**
 * The two halves of a block. Each adds its branch to the residual stream. `attention` is the half in which tokens see each
 * other, whatever its maths: the name stands in saved runs.
 */
export type Half = "attention" | "mlp";

/** One half of a kind of block. */
export interface HalfBlock {
  readonly weights: readonly WeightSpec[];
  /** What chat keeps of earlier tokens for this half; null where no token sees another. */
  readonly state: MixerState | null;
  /** What this half adds to the residual stream x. [N, D] → [N, D] */
  branch(x: Tensor, ops: BlockOps): Tensor;
}

/**
 * What chat keeps of earlier tokens, by kind: the keys and values of an attention. Mixers whose state has another form (a window of
 * inputs, a matrix) are further kinds.
 */
export interface MixerState {
  readonly kind: "attention";
  readonly attention: Attention;
}

/** Grouped-query attention (arXiv 2305.13245) of one kind of block. */
export interface Attention extends ScoreOptions {
  /** H */
  readonly heads: number;
  /** K */
  readonly kvHeads: number;
  /** Dh */
  readonly headDim: number;
  /** A token sees this many tokens, itself included; null: all before it. */
  readonly window: number | null;
  /** Null: positions are not encoded. */
  readonly rope: Rope | null;
}

/** Rotary position embedding (arXiv 2104.09864). */
export interface Rope {
  /** Angle per position of each rotated pair, in radians; fewer than Dh / 2 where a head is rotated in part. */
  readonly frequencies: readonly number[];
  /** Factor of cosines and sines, 1 in most models. */
  readonly magnitude: number;
}

/** Root mean square normalisation with a weight of this name, without ".weight". */
export interface Norm {
  readonly name: string;
  readonly epsilon: number;
  /** Whether inputs are multiplied by 1 + weight rather than by the weight. */
  readonly plusOne: boolean;
}

/** What the maths of a half is written in. Names are relative to the block: "self_attn.q_proj". */
export interface BlockOps {
  /** The named projections of x, with whatever storage, bias and adapter each has. [N, in] → [N, out] each. */
  linear<Names extends readonly string[]>(x: Tensor, ...names: Names): { [K in keyof Names]: Tensor };
  /** Normalises rows, or each of `heads` heads of a row on its own. [N, C] → [N, C] */
  rmsNorm(x: Tensor, norm: Norm, heads?: number): Tensor;
  /** Causal attention, rotation included. q [N, H·Dh], k and v [N, K·Dh] → [N, H·Dh] */
  attention(q: Tensor, k: Tensor, v: Tensor, attention: Attention): Tensor;
  /** activation(gate) ⊙ up. [N, F] → [N, F] */
  gatedUnit(activation: Activation, gate: Tensor, up: Tensor): Tensor;
  /** x · factor. */
  scale(x: Tensor, factor: number): Tensor;
}

/** What a projection is for. Adapters and the precision of products go by roles, since names differ from family to family. */
export const ROLES = ["q", "k", "v", "o", "gate", "up", "down", "in", "out"] as const;
export type Role = (typeof ROLES)[number];

/** A weight of a half, or outside the blocks: [out, in], or [size]. */
export interface WeightSpec {
  /** Relative to the block, as upstream writes it: "self_attn.q_proj.weight". */
  readonly name: string;
  readonly shape: readonly [number, number] | readonly [number];
  /** Of a projection's matrix. */
  readonly role?: Role;
  /** Where files have its rows inside a larger, fused weight. */
  readonly fused?: FusedRows;
}

/** The rows of a weight inside a fused one: row i is row `rows[i]` of the weight `name`, which is relative to the block too. */
export interface FusedRows {
  readonly name: string;
  readonly rows: Int32Array;
}

/** What surrounds the blocks. */
export interface Ends {
  readonly embedding: {
    /** [V, D] */
    readonly name: string;
    /** Factor of embedded tokens, 1 in most models. */
    readonly scale: number;
  };
  /** The norm behind the last block. */
  readonly norm: Norm;
  readonly head: {
    /** [V, D]; the embedding's name where both are one weight. */
    readonly name: string;
    /** Logits l become cap · tanh(l / cap); null: they stay as they are. */
    readonly cap: number | null;
  };
}

/** How a weight lies in a file of another layout. */
export interface StoredView {
  readonly name: string;
  /** Row i of the weight is row `rows[i]` of the stored one; in the same order where it is left out. */
  readonly rows?: Int32Array;
  /** From a stored element to the weight's; the same where it is left out. */
  readonly element?: (stored: number) => number;
}

/** What an architecture may ask about a GGUF file. */
export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, unknown>;
  has(tensor: string): boolean;
  /** A small tensor, null if the file has none of that name. Throws what reading it throws. */
  vector(tensor: string): Float32Array | null;
}

/** The GGUF form of an architecture's models. */
export interface GgufForm {
  /** `general.architecture` of its files. */
  readonly architecture: string;
  /** A config.json from a file's metadata. */
  config(header: GgufHeader): JsonObject;
  /** The metadata, under its prefix, of a config.json: what `config` reads. */
  metadata(json: JsonObject): ReadonlyMap<string, unknown>;
  /** Where a weight lies, by its upstream name. */
  view(name: string, config: Config): StoredView;
}

/** Programs that a result can be meant for, by what each can be told about the kinds of a model's blocks. */
export const PROGRAMS = ["transformers", "llama.cpp", "mlx-lm"] as const;
export type Program = (typeof PROGRAMS)[number];

export interface Architecture {
  /** `model_type` of config.json that this file serves. */
  readonly modelTypes: readonly string[];
  /** Null where no GGUF files of it exist. */
  readonly gguf: GgufForm | null;
  /** Reads a config.json. Throws `corrupt-file`, `unsupported-architecture`. */
  config(json: JsonObject, path: string): Config;
  /** The config.json without the blocks whose numbers are not in `kept`, which are in order. */
  cut(json: JsonObject, kept: readonly number[]): JsonObject;
  /**
   * The sequences of kinds, `length` blocks long, that a program can be told with this configuration; null: any sequence of the
   * kinds that the model has.
   */
  expressible(config: Config, program: Program, length: number): readonly (readonly string[])[] | null;
}

/** The upstream name of a weight of block `block`. */
export const blockWeight = (block: number, name: string) => `model.layers.${block}.${name}`;

/** The weights outside the blocks, by their upstream names. */
export function endWeights({ vocabularySize, hiddenSize, ends }: Config): WeightSpec[] {
  const matrix = [vocabularySize, hiddenSize] as const;
  return [
    { name: ends.embedding.name, shape: matrix },
    { name: `${ends.norm.name}.weight`, shape: [hiddenSize] },
    ...(isTied(ends) ? [] : [{ name: ends.head.name, shape: matrix }]),
  ];
}

/** Whether embedding and head are one weight. */
export const isTied = ({ embedding, head }: Ends): boolean => head.name === embedding.name;
