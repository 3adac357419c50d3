/**
 * The definition of an architecture. Everything specific to a model family is in its own file in this folder: its configuration,
 * the kinds of its blocks and which block is of which kind, the maths of each half, the weights around the blocks, its weight
 * names in each format, and the effect of a cut on its configuration. Nothing outside this folder knows a family. The same maths
 * builds the training graphs and the inference graph, through the `BlockOps` passed to it.
 */
import type { ScoreOptions } from "../graph/attention.ts";
import type { DeltaRule, ProjectedDelta } from "../graph/delta-rule.ts";
import type { Activation } from "../graph/elementwise.ts";
import type { Tensor } from "../graph/graph.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** A decoder, as its architecture's file reads it from a config.json. Letters: native-models/graph/graph.ts. */
export interface Config {
  readonly modelType: string;
  /** The keys of config.json that were read; `Architecture.config` gives the same result from only these. */
  readonly json: JsonObject;
  /** D */
  readonly hiddenSize: number;
  /** V */
  readonly vocabularySize: number;
  /** The longest text that the model accepts, in tokens. */
  readonly maxPositions: number;
  /** The kind of each block, starting at the input; blocks of one kind share one object. [L] */
  readonly blocks: readonly BlockKind[];
  readonly ends: Ends;
}

/** A kind of block: both of its halves. */
export interface BlockKind {
  /** As in `layer_types` of config.json: "full_attention", "sliding_attention". */
  readonly name: string;
  readonly halves: Readonly<Record<Half, HalfBlock>>;
}

/**
 * The two halves of a block. Each adds its branch to the residual stream. `attention` is the half that mixes tokens, whatever its
 * maths; saved runs contain the name.
 */
export type Half = "attention" | "mlp";

/** What remains of a block: all of it, or one half if the other was dropped. */
export const SECTIONS = ["block", "attention", "mlp"] as const;
export type Section = (typeof SECTIONS)[number];

/** Whether some blocks lack a half. */
export const hasHalves = (sections: readonly Section[]): boolean =>
  sections.some((section) => section !== "block");

/** One half of a kind of block. */
export interface HalfBlock {
  readonly weights: readonly WeightSpec[];
  /** The state of earlier tokens that chat keeps for this half; null if it does not mix tokens. */
  readonly state: MixerState | null;
  /** The branch that this half adds to the residual stream x. [N, D] → [N, D] */
  branch(x: Tensor, ops: BlockOps): Tensor;
}

/**
 * The state of earlier tokens that chat keeps: the keys and values of an attention, which grow with the text, or tensors of fixed
 * shapes, by name, which each piece of text replaces and which therefore cannot be shortened to an earlier token.
 */
export type MixerState =
  | { readonly kind: "attention"; readonly attention: Attention }
  | { readonly kind: "recurrent"; readonly tensors: Readonly<Record<string, readonly number[]>> };

/** Grouped-query attention (arXiv 2305.13245) of one kind of block. */
export interface Attention extends ScoreOptions {
  /** H */
  readonly heads: number;
  /** K */
  readonly kvHeads: number;
  /** Dh */
  readonly headDim: number;
  /** A token attends to this many tokens, including itself; null: all before it. */
  readonly window: number | null;
  /** Null: positions are not encoded. */
  readonly rope: Rope | null;
}

/** Rotary position embedding (arXiv 2104.09864). */
export interface Rope {
  /** Angle per position of each rotated pair, in radians; fewer than Dh / 2 if a head is only partly rotated. */
  readonly frequencies: readonly number[];
  /** Factor of cosines and sines, 1 in most models. */
  readonly magnitude: number;
  /** Other frequencies, for all positions of a text of more than `tokens` tokens; in most models there are none. */
  readonly beyond?: { readonly tokens: number; readonly frequencies: readonly number[] } | undefined;
  /** Rotated queries at position p are multiplied by 1 + by · ln(1 + ⌊p / every⌋); in most models they are not. */
  readonly growth?: { readonly by: number; readonly every: number } | undefined;
}

/** Root mean square normalisation with a weight of this name, without ".weight". */
export interface Norm {
  readonly name: string;
  readonly epsilon: number;
  /** Whether inputs are multiplied by 1 + weight rather than by the weight. */
  readonly plusOne: boolean;
}

/** The operations in which a half's maths is written. Names are relative to the block: "self_attn.q_proj". */
export interface BlockOps {
  /** The named projections of x, each with its own storage, bias and adapter. [N, in] → [N, out] each. */
  linear<Names extends readonly string[]>(x: Tensor, ...names: Names): { [K in keyof Names]: Tensor };
  /** Normalises rows, or each of `heads` heads of a row separately. [N, C] → [N, C] */
  rmsNorm(x: Tensor, norm: Norm, heads?: number): Tensor;
  /** Causal attention, rotation included. q [N, H·Dh], k and v [N, K·Dh] → [N, H·Dh] */
  attention(q: Tensor, k: Tensor, v: Tensor, attention: Attention): Tensor;
  /**
   * Depthwise causal convolution along each text with the weight `name`.weight [C, 1, W], whose last column applies to the token itself,
   * and the bias, if there is one; chat keeps the last inputs as the state `name` [W − 1, C]. [N, C] → [N, C]
   */
  causalConvolution(x: Tensor, name: string): Tensor;
  /** activation(gate) ⊙ up. [N, F] → [N, F] */
  gatedUnit(activation: Activation, gate: Tensor, up: Tensor): Tensor;
  /** a ⊙ b, both of the same shape. */
  multiply(a: Tensor, b: Tensor): Tensor;
  /** The columns of x, or of each of its `heads` heads, in parts of these widths. [N, heads·Σ widths] → [N, heads·width] each */
  split(x: Tensor, widths: readonly number[], heads?: number): Tensor[];
  /** The activation of each element. */
  activate(activation: Activation, x: Tensor): Tensor;
  /**
   * The gated delta rule along each text (graph/delta-rule.ts), with the weights A_log and dt_bias of the mixer `rule.name`; chat keeps S as
   * the state of that name. [N, H·Dv]
   */
  deltaRule(inputs: ProjectedDelta, rule: DeltaRule): Tensor;
  /** x · factor. */
  scale(x: Tensor, factor: number): Tensor;
}

/** The role of a projection. Adapters and the precision of products are chosen by role, because names differ between families. */
export const ROLES = ["q", "k", "v", "o", "gate", "up", "down", "in", "out"] as const;
export type Role = (typeof ROLES)[number];

/** A weight of a half, or outside the blocks: [out, in], [size], or a depthwise convolution's [C, 1, W]. */
export interface WeightSpec {
  /** Relative to the block, with upstream's name: "self_attn.q_proj.weight". */
  readonly name: string;
  readonly shape: readonly [number, number] | readonly [number] | readonly [number, 1, number];
  /** The role of a projection's matrix. */
  readonly role?: Role;
  /** Set if files store its rows inside a larger, fused weight. */
  readonly fused?: FusedRows;
}

/** The rows of a weight inside a fused one: row i is row `rows[i]` of the weight `name`, also relative to the block. */
export interface FusedRows {
  readonly name: string;
  readonly rows: Int32Array;
}

/** The weights and maths around the blocks. */
export interface Ends {
  readonly embedding: {
    /** [V, D] */
    readonly name: string;
    /** Factor of embedded tokens, 1 in most models. */
    readonly scale: number;
  };
  /** The norm after the last block. */
  readonly norm: Norm;
  readonly head: {
    /** [V, D]; the embedding's name if both are one weight. */
    readonly name: string;
    /** Factor of logits, before the cap; 1 in most models. */
    readonly scale: number;
    /** Logits l become cap · tanh(l / cap); null: unchanged. */
    readonly cap: number | null;
  };
}

/** Converts elements from their stored form to the weight's, and back. */
export interface ElementChange {
  readonly read: (stored: number) => number;
  readonly write: (value: number) => number;
}

/** How a weight is stored in a file of another layout. */
export interface StoredView {
  readonly name: string;
  /** Row i of the weight is row `rows[i]` of the stored one; the same order if absent. */
  readonly rows?: Int32Array;
  /** The same for columns. */
  readonly columns?: Int32Array;
  /** How elements change, such as norms stored as 1 + w; unchanged if absent. */
  readonly element?: ElementChange;
  /** Whether the stored one lacks the weight's middle axis: [C, W] instead of [C, 1, W]. */
  readonly squeezed?: boolean;
}

/** The data of a GGUF file that an architecture may read. */
export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, unknown>;
  has(tensor: string): boolean;
  /** A small tensor, null if the file has none of that name. Throws the errors of reading it. */
  vector(tensor: string): Float32Array | null;
}

/** The GGUF form of an architecture's models. */
export interface GgufForm {
  /** `general.architecture` of its files. */
  readonly architecture: string;
  /** What in a model's name makes llama.cpp have added tokens absorb the white space after them; nothing if absent. */
  readonly strippingName?: string;
  /** A config.json from a file's metadata. */
  config(header: GgufHeader): JsonObject;
  /** The metadata of a config.json, and of the parts of its blocks if not all are whole: the inverse of `config`. */
  metadata(json: JsonObject, sections?: readonly Section[]): ReadonlyMap<string, unknown>;
  /** The small tensors (float32) that such files have in addition to the weights. */
  vectors(config: Config): ReadonlyMap<string, readonly number[]>;
  /** The shapes of tensors of zeros that such files have in place of missing halves, by name. */
  zeros?(config: Config, sections: readonly Section[]): ReadonlyMap<string, readonly number[]>;
  /** Where a weight is stored, by its upstream name. */
  view(name: string, config: Config): StoredView;
}

/**
 * Programs for which a result can be made; they differ in which sequences of block kinds their configuration can express. Ollama runs
 * some families with its own implementation, but loads llama.cpp's files, so both must be able to express a result for it.
 */
export const PROGRAMS = ["transformers", "llama.cpp", "mlx-lm", "ollama"] as const;
export type Program = (typeof PROGRAMS)[number];

/** Expressible sequences of block kinds: those listed; any with each of the `required` kinds; or, if null, any of the model's kinds. */
export type Expressible = readonly (readonly string[])[] | { readonly required: readonly string[] } | null;

export interface Architecture {
  /** The `model_type`s of config.json that this file implements. */
  readonly modelTypes: readonly string[];
  /** Null if no GGUF files of it exist. */
  readonly gguf: GgufForm | null;
  /** The form of models that lack halves of blocks; absent if no program can load such files. */
  readonly ggufOfHalves?: GgufForm;
  /** Keys of config.json that transformers reads only with a decimal point: 30.0, not 30. */
  readonly decimals?: readonly string[];
  /** Keys of config.json for which programs have different defaults: a model whose file leaves them out gets `config`'s. */
  readonly writtenOut?: readonly string[];
  /** Reads a config.json. Throws `corrupt-file`, `unsupported-architecture`. */
  config(json: JsonObject, path: string): Config;
  /** The config.json that programs expect in a folder, where it differs, as when the text model is nested in it. */
  published?(json: JsonObject): JsonObject;
  /** How programs that run ONNX graphs know the family, where its `model_type` does not suffice. */
  readonly inOnnx?: {
    /** A `model_type` that transformers.js keeps the same states for, if it has no class of the family's own. */
    readonly modelType?: string;
    /** The type in onnxruntime-genai that keeps the family's states; by default that of any decoder. */
    readonly genaiType?: string;
  };
  /** The config.json of the blocks in `kept`, in ascending order. */
  cut(json: JsonObject, kept: readonly number[]): JsonObject;
  /** The sequences of kinds, `length` blocks long, that this configuration can express for a program. */
  expressible(config: Config, program: Program, length: number): Expressible;
}

/** A `model_type` whose models are those of an architecture under other names. */
export interface Spelling {
  readonly modelType: string;
  /** A config.json as the architecture spells it. Throws `corrupt-file`; `unsupported-architecture` for a model that it does not have. */
  json(json: JsonObject, path: string): JsonObject;
  /** Where a folder has a weight, by the architecture's name and configuration. */
  view(name: string, config: Config): StoredView;
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

/** The attentions of a model's blocks, starting at the input; blocks of other kinds have none. */
export const attentionsOf = ({ blocks }: Pick<Config, "blocks">): Attention[] =>
  blocks.flatMap(({ halves: { attention } }) =>
    attention.state?.kind === "attention" ? [attention.state.attention] : [],
  );

/** Whether embedding and head are one weight. */
export const isTied = ({ embedding, head }: Ends): boolean => head.name === embedding.name;
