/** How much memory and disk a job will take, from the shape of the model alone: so that it can be refused before it starts. */

import { defaultPrecision } from "../inference/precision.ts";
import type { Precision } from "../inference/precision.ts";

/** A model by its sizes. Letters: native-models/graph/graph.ts. */
export interface ModelShape {
  /** L */
  readonly layers: number;
  /** D */
  readonly hiddenSize: number;
  /** F */
  readonly intermediateSize: number;
  /** H */
  readonly heads: number;
  /** K */
  readonly kvHeads: number;
  /** Dh */
  readonly headDim: number;
  /** V */
  readonly vocabularySize: number;
  readonly tiedEmbedding: boolean;
  /** Elements of all weights. */
  readonly parameters: number;
}

/** What a training run trains, and on how much. */
export interface TrainingShape {
  /** Rank R of the adapters beside all seven projections; null: every weight is trained. */
  readonly rank: number | null;
  /** Tokens of the longest row. */
  readonly maxTokens: number;
  /** Tokens of all training rows, with a prompt each. */
  readonly trainingTokens: number;
  /** Whether the tuned model's hidden states are kept as a teacher. */
  readonly distils: boolean;
  /** Depths that are kept to choose from. */
  readonly depths: number;
}

const F32 = 4;
const F16 = 2;
/** Tokens of one forward and backward pass: main/engine/recipes/train.ts. */
const MICRO_BATCH_TOKENS = 2048;
/** Tokens whose logits exist at a time, with their probabilities and gradients: native-models/training/stack.ts. */
const HEAD_TOKENS = 256;
const HEAD_COPIES = 3;
/** A process with onnxruntime, its arenas' slack included, before it holds a model. */
const RUNTIME_BYTES = 250e6;
/** Codes and an f32 scale for 32 of them. */
const INT4_BYTES = 5 / 8;
const INT8_BYTES = 9 / 8;
const CACHE_TOKENS = 4096;

/** Numbers in the adapters of rank `rank` beside the seven projections of every block. */
export function adapterParameters(model: ModelShape, rank: number): number {
  const { hiddenSize: D, intermediateSize: F } = model;
  const [query, keyValue] = [model.heads * model.headDim, model.kvHeads * model.headDim];
  const ends = 2 * (D + query) + 2 * (D + keyValue) + 3 * (D + F); // in + out of q and o, k and v, gate, up and down
  return model.layers * rank * ends;
}

/** Peak memory of a training run, in bytes. */
export function trainingMemoryBytes(model: ModelShape, { rank, maxTokens }: TrainingShape): number {
  const trained = rank === null ? model.parameters : adapterParameters(model, rank);
  const weights = rank === null ? 0 : model.parameters * F32;
  const states = 4 * trained * F32; // value, gradient and AdamW's two moments
  return weights + states + activationBytes(model, maxTokens) + RUNTIME_BYTES;
}

/** Peak memory of measuring a model, in bytes. */
export function evaluationMemoryBytes(model: ModelShape, maxTokens: number): number {
  return model.parameters * F32 + activationBytes(model, maxTokens) + RUNTIME_BYTES;
}

/** Peak memory of answering, in bytes. */
export function chatMemoryBytes(model: ModelShape, precision?: Precision): number {
  return chatMemoryWith(model, chatWeightBytes(model, precision), model.layers);
}

/** The same for a model whose chat weights take `weightBytes`, and that has `caches` blocks with attention left. */
export function chatMemoryWith(
  { kvHeads, headDim, vocabularySize }: Pick<ModelShape, "kvHeads" | "headDim" | "vocabularySize">,
  weightBytes: number,
  caches: number,
): number {
  const cache = 2 * caches * kvHeads * headDim * CACHE_TOKENS * F32;
  return weightBytes + cache + vocabularySize * 8 * F32 + RUNTIME_BYTES;
}

/** Disk that a training run takes, in bytes: saves, depths, the teacher, and the trimmed model in f16 and for chat. */
export function trainingDiskBytes(model: ModelShape, run: TrainingShape): number {
  const trained = run.rank === null ? model.parameters : adapterParameters(model, run.rank);
  const saves = 2 * 3 * trained * F32; // the two newest: values and moments
  const depths = run.depths * trained * F32;
  const teacher = run.distils ? run.trainingTokens * model.hiddenSize * F16 : 0;
  return saves + depths + teacher + exportDiskBytes(model);
}

/** Disk that a model folder takes with its chat weights, in bytes; the whole model, to be on the safe side. */
export function exportDiskBytes(model: ModelShape): number {
  return model.parameters * F16 + chatWeightBytes(model);
}

/** Size of the weights that chat uses, in bytes. */
export function chatWeightBytes(model: ModelShape, precision = defaultPrecision(model)): number {
  if (precision === "fp32") return model.parameters * F32;
  const ends = (model.tiedEmbedding ? 1 : 2) * model.vocabularySize * model.hiddenSize;
  const blocks = model.parameters - ends;
  return blocks * (precision === "int4" ? INT4_BYTES : INT8_BYTES) + ends * INT8_BYTES;
}

/** What exists beside weights: the stream before every block, one block's insides with their gradients, a head chunk. */
function activationBytes(model: ModelShape, maxTokens: number): number {
  const { layers, hiddenSize: D, intermediateSize: F, heads, vocabularySize } = model;
  const N = Math.max(MICRO_BATCH_TOKENS, maxTokens);
  const stream = (layers + 1) * N * D;
  const block = 2 * N * (8 * D + 4 * F); // forward again and backward
  const attention = 3 * heads * N * maxTokens; // scores, probabilities and their gradient: rows in one batch, maxTokens each
  const head = HEAD_COPIES * HEAD_TOKENS * vocabularySize;
  return (stream + block + attention + head) * F32;
}
