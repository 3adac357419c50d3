/** How much memory and disk a job will take, from the shape of the model alone: so that it can be refused before it starts. */
import { defaultPrecision } from "../inference/precision.ts";
import type { Precision } from "../inference/precision.ts";
import type { Device } from "./session.ts";
import type { GraphStorage } from "../graph/linear.ts";
import { cutHeadStorage, headLimits, isHeadCut, isLarge } from "../training/sizes.ts";

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
  /** The longest text that the model takes, in tokens. */
  readonly maxPositions: number;
  /** Elements of all weights. */
  readonly parameters: number;
}

/** The type of frozen weights, and whether they are read from a file as each unit is used. */
export interface BaseShape {
  readonly storage: GraphStorage;
  readonly streamed: boolean;
}

/** What a training run trains, and on how much. */
export interface TrainingShape {
  /** Rank R of the adapters beside all seven projections; null: every weight is trained. */
  readonly rank: number | null;
  /** How frozen weights are kept. */
  readonly base: BaseShape;
  /** Tokens of the longest row. */
  readonly maxTokens: number;
  /** Rows of a training step. */
  readonly rowsPerStep: number;
  /** Tokens of all training rows, with a prompt each. */
  readonly trainingTokens: number;
  /** Whether the tuned model's hidden states are kept as a teacher. */
  readonly distils: boolean;
  /** Depths that are kept to choose from. */
  readonly depths: number;
}

const F32 = 4;
const F16 = 2;
/** Tokens of one pass, to train (main/engine/recipes/train.ts) or to score (evaluate.ts). */
const PASS_TOKENS = 2048;
/** Tokens whose logits exist at a time, with their probabilities and gradients: native-models/training/stack.ts. */
const HEAD_TOKENS = 256;
const HEAD_COPIES = 3;
/** A process with onnxruntime and sessions, and what a tokenizer takes for each entry of its vocabulary. */
const RUNTIME_BYTES = 170e6;
const TOKENIZER_ENTRY_BYTES = 2200;
/** What a driver takes for itself: its programs for each operator. Measured with SwiftShader. */
const DEVICE_BYTES = 200e6;
/**
 * How often the tensors inside a block exist at once, those of attention's scores, and the block's weights where they are
 * dequantised in the graph: in the memory that the forward session keeps, and in that of the backward session beside it.
 * Where sessions give memory back after every run (`isLarge`), it is the backward session's alone that counts. Fitted to
 * measured peaks (test/native-models/runtime/estimate.test.ts).
 */
const FORWARD = { block: 0.5, scores: 4.4, dense: 1.2 };
const BACKWARD = { block: 3.6, scores: 7, dense: 2.8 };
const GIVEN_BACK = { block: 2, scores: 3, dense: 0.7 };
/** Codes and an f32 scale for 32 of them. */
const INT4_BYTES = 5 / 8;
const INT8_BYTES = 9 / 8;
/** A frozen weight's element, by how it is kept. */
const KEPT_BYTES: Record<GraphStorage, number> = { f32: F32, f16: F16, q8: INT8_BYTES, q4: INT4_BYTES };
/** A conversation is counted at this length, or at the longest that the model takes. */
const CACHE_TOKENS = 4096;

/** Numbers in the adapters of rank `rank` beside the seven projections of every block. */
export function adapterParameters(model: ModelShape, rank: number): number {
  const { hiddenSize: D, intermediateSize: F } = model;
  const [query, keyValue] = [model.heads * model.headDim, model.kvHeads * model.headDim];
  const ends = 2 * (D + query) + 2 * (D + keyValue) + 3 * (D + F); // in + out of q and o, k and v, gate, up and down
  return model.layers * rank * ends;
}

/** Peak memory of a training run, in bytes. */
export function trainingMemoryBytes(model: ModelShape, run: TrainingShape): number {
  const { rank, maxTokens } = run;
  const trained = rank === null ? model.parameters : adapterParameters(model, rank);
  const weights = rank === null ? 0 : frozenBytes(model, run.base);
  const states = 4 * trained * F32; // value, gradient and AdamW's two moments
  const scanned = (model.layers + 1) * activations(model, PASS_TOKENS, maxTokens).stream; // before every block, for the scorer
  return processBytes(model) + weights + states + scanned + passesBytes(model, run);
}

/** What running takes beside weights and streams that are kept: insides of blocks, weights made dense, logits. */
function passesBytes(model: ModelShape, run: TrainingShape): number {
  const dense = run.rank === null || run.base.storage === "f32" ? 0 : blockParameters(model) * F32;
  if (!isLarge(model)) {
    const made = (FORWARD.dense + BACKWARD.dense) * dense;
    return forwardBytes(model, run.maxTokens) + backwardBytes(model, run) + made;
  }
  const tokens = Math.min(PASS_TOKENS, run.rowsPerStep * run.maxTokens);
  const { stream, block, scores, head } = activations(model, tokens, run.maxTokens);
  const insides = GIVEN_BACK.block * block + GIVEN_BACK.scores * scores + GIVEN_BACK.dense * dense;
  return (model.layers + 5) * stream + Math.max(insides, HEAD_COPIES * head);
}

/** Peak memory of measuring a model whose weights are kept as `base` says, in bytes. */
export function evaluationMemoryBytes(model: ModelShape, maxTokens: number, base: BaseShape): number {
  return processBytes(model) + frozenBytes(model, base) + forwardBytes(model, maxTokens);
}

/** Disk that measuring a model takes for a while, in bytes: a streamed base, then the weights of its chat model. */
export function evaluationDiskBytes(model: ModelShape, base: BaseShape): number {
  return Math.max(streamedFileBytes(model, base), chatWeightBytes(model));
}

/**
 * Peak memory of answering, in bytes. A device other than the processor is counted as one that shares the computer's memory: it
 * has the weights once more, beside the file that the processor reads them from.
 */
export function chatMemoryBytes(
  model: ModelShape,
  { precision, device = "cpu" }: { precision?: Precision | undefined; device?: Device | undefined } = {},
): number {
  const weights = chatWeightBytes(model, precision);
  const onDevice = device === "cpu" ? 0 : DEVICE_BYTES + weights;
  return chatMemoryWith(model, weights, model.layers) + onDevice;
}

/** The same for a model whose chat weights take `weightBytes`, and that has `caches` blocks with attention left. */
export function chatMemoryWith(
  {
    kvHeads,
    headDim,
    vocabularySize,
    maxPositions,
  }: Pick<ModelShape, "kvHeads" | "headDim" | "vocabularySize" | "maxPositions">,
  weightBytes: number,
  caches: number,
): number {
  const cache = 2 * caches * kvHeads * headDim * Math.min(CACHE_TOKENS, maxPositions) * F32;
  return processBytes({ vocabularySize }) + weightBytes + cache;
}

/** Disk that a training run takes, in bytes: saves, depths, the teacher, and the trimmed model in f16 and for chat. */
export function trainingDiskBytes(model: ModelShape, run: TrainingShape): number {
  const trained = run.rank === null ? model.parameters : adapterParameters(model, run.rank);
  const saves = 2 * 3 * trained * F32; // the two newest: values and moments
  const depths = run.depths * trained * F32;
  const teacher = run.distils ? run.trainingTokens * model.hiddenSize * F16 : 0;
  const streamed = run.rank === null ? 0 : streamedFileBytes(model, run.base);
  return saves + depths + teacher + streamed + exportDiskBytes(model);
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

/** What frozen weights take: in memory, or the block and the part of a head that are read at a time. */
function frozenBytes(model: ModelShape, { storage, streamed }: BaseShape): number {
  const matrix = model.vocabularySize * model.hiddenSize;
  const kept = KEPT_BYTES[storage];
  const blocks = blockParameters(model) * kept * (streamed ? 1 : model.layers);
  if (!isHeadCut(model)) return blocks + (model.tiedEmbedding ? 1 : 2) * matrix * F32;
  const head = KEPT_BYTES[cutHeadStorage(storage)];
  return blocks + head * (streamed ? headLimits.partBytes / F32 : matrix);
}

/** The file that a streamed base is read from. */
function streamedFileBytes(model: ModelShape, { storage, streamed }: BaseShape): number {
  if (!streamed) return 0;
  const head = isHeadCut(model)
    ? model.vocabularySize * model.hiddenSize * KEPT_BYTES[cutHeadStorage(storage)]
    : 0;
  return blockParameters(model) * model.layers * KEPT_BYTES[storage] + head;
}

/** Elements of a block. */
function blockParameters(model: ModelShape): number {
  const ends = (model.tiedEmbedding ? 1 : 2) * model.vocabularySize * model.hiddenSize;
  return (model.parameters - ends) / model.layers;
}

/** What a tokenizer takes of that. */
export const tokenizerBytes = ({ vocabularySize }: Pick<ModelShape, "vocabularySize">) =>
  TOKENIZER_ENTRY_BYTES * vocabularySize;

/** A process before it holds weights. */
function processBytes({ vocabularySize }: Pick<ModelShape, "vocabularySize">): number {
  return RUNTIME_BYTES + tokenizerBytes({ vocabularySize });
}

/** What a forward pass takes beside weights: the stream into a block and out of it, its insides, a head chunk. */
function forwardBytes(model: ModelShape, maxTokens: number): number {
  const { stream, block, scores, head } = activations(model, PASS_TOKENS, maxTokens);
  return 2 * stream + FORWARD.block * block + FORWARD.scores * scores + 2 * head;
}

/** What a backward pass takes more: the stream before every block, its gradient, a block's insides again. */
function backwardBytes(model: ModelShape, { maxTokens, rowsPerStep }: TrainingShape): number {
  const tokens = Math.min(PASS_TOKENS, rowsPerStep * maxTokens);
  const { stream, block, scores, head } = activations(model, tokens, maxTokens);
  return (
    (model.layers + 3) * stream + BACKWARD.block * block + BACKWARD.scores * scores + (HEAD_COPIES - 2) * head
  );
}

/** Bytes of the stream, of all tensors inside a block but attention's scores, of scores, and of a head chunk's logits. */
function activations(model: ModelShape, tokens: number, maxTokens: number) {
  const { hiddenSize: D, intermediateSize: F, heads, vocabularySize } = model;
  const N = Math.max(tokens, maxTokens); // a longer row stands alone
  return {
    stream: N * D * F32,
    block: N * (8 * D + 4 * F) * F32,
    scores: heads * N * maxTokens * F32, // rows side by side, maxTokens each
    head: isHeadCut(model)
      ? N * (headLimits.partBytes / D) + headLimits.partBytes
      : HEAD_TOKENS * vocabularySize * F32,
  };
}
