/** How much memory and disk a job will take, from the shape of the model alone: so that it can be refused before it starts. */
import { isLargeHead } from "./inference/head.ts";
import { PIECE_TOKENS, PROMPT_PIECE_TOKENS } from "./inference/pieces.ts";
import { defaultPrecision, isNarrow } from "./inference/precision.ts";
import type { Precision } from "./inference/precision.ts";
import type { Device } from "./runtime/session.ts";
import type { GraphStorage } from "./graph/linear.ts";
import { ROLES } from "./architectures/architecture.ts";
import type { Config, JsonObject } from "./architectures/architecture.ts";
import { configOf, configOfSizes } from "./architectures/registry.ts";
import { liveBytes } from "./graph/live-bytes.ts";
import type { Graph } from "./graph/graph.ts";
import { PASS_TOKENS } from "./training/batch.ts";
import { cutHeadStorage, headLimits, isHeadCut, isLarge } from "./training/sizes.ts";
import { elements } from "./model.ts";
import { sectionParameters, symbolicUnitGraphs } from "./training/unit-graphs.ts";
import type { Trainable, UnitGraphs } from "./training/unit-graphs.ts";
import { HEAD_TOKENS } from "./training/whole-head.ts";

/** A model by what its header says. Letters: native-models/graph/graph.ts. */
export interface ModelShape {
  /** The keys of config.json that were read; reports of earlier versions lack them and have the sizes alone. */
  readonly config?: JsonObject | undefined;
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
  /** Share of the blocks that are left in the end; all unless it is told. */
  readonly keeps?: number;
  /** Whether projections' results are kept on the way forth for the way back (native-models/training/stack.ts). */
  readonly keepsActivations?: boolean;
}

const F32 = 4;
const F16 = 2;
/** How often a part's logits exist at once in a head that is cut: logits, powers, shares. */
const CUT_HEAD_COPIES = 3;
/** A process with onnxruntime and sessions, and what a tokenizer takes for each entry of its vocabulary. */
const RUNTIME_BYTES = 170e6;
const TOKENIZER_ENTRY_BYTES = 2200;
/** What a driver takes for itself: its programs for each operator. Measured with SwiftShader. */
const DEVICE_BYTES = 230e6;
/**
 * What a session takes for what lives in it at once (native-models/graph/live-bytes.ts): with the holes between pieces that come
 * and go, and, where it lays its memory out (a chat model's does), once more in one piece, for the runs after the first of
 * their shapes. Measured, test/bench/memory.ts.
 */
const HOLES = 1.45;
const ONE_PIECE = 1.3;
/** Codes and an f32 scale for 32 of them. */
const INT4_BYTES = 5 / 8;
const INT8_BYTES = 9 / 8;
/** A whole number by rows and by columns; the one scale of an output is next to nothing. */
const WHOLE_NUMBER_BYTES = 2;
/** A frozen weight's element, by how it is kept. */
const KEPT_BYTES: Record<GraphStorage, number> = {
  f32: F32,
  f16: F16,
  q8: INT8_BYTES,
  q4: INT4_BYTES,
  w8a8: WHOLE_NUMBER_BYTES,
};
/** A conversation is counted at this length, or at the longest that the model takes. */
const CACHE_TOKENS = 4096;
/** What the weights for prompts take beside blocks in 8 bits: a byte for each of a block's elements (inference/prompt-weights.ts). */
const PROMPT_SHARE = 1 / INT8_BYTES;
/** A cache that grows moves: what it leaves is there for a while. */
const GROWN = 1.25;

/** The configurations of models that were asked about, by what tells them apart. */
const configs = new Map<string, Config>();
const MOST_CONFIGS = 16;

/** The configuration of a model that is known by its shape. */
export function configOfShape(model: Omit<ModelShape, "parameters">): Config {
  const { config, layers, hiddenSize, intermediateSize, heads, kvHeads, headDim, ...rest } = model;
  const { vocabularySize, tiedEmbedding, maxPositions } = rest;
  const sizes = { layers, hiddenSize, intermediateSize, heads, kvHeads, headDim };
  const key = JSON.stringify(config ?? { ...sizes, vocabularySize, tiedEmbedding, maxPositions });
  const known = configs.get(key);
  if (known) return known;
  if (configs.size >= MOST_CONFIGS) configs.clear();
  const made = config
    ? configOf(config, "model")
    : configOfSizes({ ...sizes, vocabularySize, tiedEmbedding, maxPositions });
  configs.set(key, made);
  return made;
}

/** Numbers in the adapters of rank `rank` beside all projections of every block. */
export function adapterParameters(model: ModelShape, rank: number): number {
  const { blocks } = configOfShape(model);
  return sum(blocks.map((kind) => elements(sectionParameters(kind, "block", loraOf(rank)))));
}

const loraOf = (rank: number): Trainable => ({ kind: "lora", rank, alpha: rank, targets: ROLES });

/** Peak memory of a training run, in bytes. */
export function trainingMemoryBytes(model: ModelShape, run: TrainingShape): number {
  const { rank, base, maxTokens, rowsPerStep, keepsActivations = false } = run;
  const trainable: Trainable = rank === null ? { kind: "full" } : loraOf(rank);
  const kinds = graphsOf(model, rank === null ? "f32" : base.storage, trainable);
  const trained = rank === null ? model.parameters : adapterParameters(model, rank);
  const states = 4 * trained * F32; // value, gradient and AdamW's two moments
  const given = rank === null ? (blockParameters(model) + matrixNumbers(model)) * F32 : 0; // gradients as a session gives them
  const weights = rank === null ? 0 : frozenBytes(model, base);
  const scored = { tokens: PASS_TOKENS, maxTokens };
  const step = { tokens: Math.min(PASS_TOKENS, rowsPerStep * maxTokens), maxTokens };
  const widths = kinds.map(({ activations }) => sum(activations.map(({ width }) => width)));
  const kept = keepsActivations ? Math.max(...widths) : 0;
  const between = // before every block, for the scorer or for a step; a step's gradients, and what it keeps
    (model.layers + 3) * Math.max(streamBytes(model, scored), streamBytes(model, step)) +
    model.layers * kept * tokensOf(step) * F32;
  const sessions = kinds.flatMap((graphs) => [
    { graph: graphs.forward, pass: scored },
    ...(keepsActivations ? [{ graph: graphs.keepingForward, pass: step }] : []),
    { graph: keepsActivations ? graphs.backward : graphs.recomputingBackward, pass: step },
  ]);
  const inside = sessionBytes(model, sessions, 2);
  return processBytes(model) + weights + states + given + between + inside;
}

/** Peak memory of measuring a model whose weights are kept as `base` says, in bytes. */
export function evaluationMemoryBytes(model: ModelShape, maxTokens: number, base: BaseShape): number {
  const pass = { tokens: PASS_TOKENS, maxTokens };
  const kinds = graphsOf(model, base.storage, { kind: "none" });
  const sessions = kinds.map(({ forward }) => ({ graph: forward, pass }));
  const inside = sessionBytes(model, sessions, 1);
  return processBytes(model) + frozenBytes(model, base) + 3 * streamBytes(model, pass) + inside;
}

/** Tokens that go through a model at once, in rows of that length. */
interface Pass {
  readonly tokens: number;
  readonly maxTokens: number;
}

/** A longer row stands alone. */
const tokensOf = ({ tokens, maxTokens }: Pass) => Math.max(tokens, maxTokens);

const streamBytes = ({ hiddenSize }: ModelShape, pass: Pass) => tokensOf(pass) * hiddenSize * F32;

/** What sessions take that run these graphs, and as many of a head. */
function sessionBytes(
  model: ModelShape,
  sessions: readonly { graph: Graph; pass: Pass }[],
  heads: number,
): number {
  const live = sessions.map(({ graph, pass }) => {
    const N = tokensOf(pass);
    return liveBytes(graph, { N, T: pass.maxTokens, B: N / pass.maxTokens });
  });
  const logits = Math.max(...sessions.map(({ pass }) => headBytes(model, pass)));
  return isLarge(configOfShape(model))
    ? Math.max(HOLES * Math.max(...live), logits)
    : HOLES * sum(live) + heads * logits;
}

/** Logits, and the part of the matrix that they are of where that is cut. */
function headBytes(model: ModelShape, pass: Pass): number {
  if (!isHeadCut(model)) return Math.min(HEAD_TOKENS, tokensOf(pass)) * model.vocabularySize * F32;
  const rows = headLimits.partBytes / (F32 * model.hiddenSize);
  return CUT_HEAD_COPIES * tokensOf(pass) * rows * F32 + headLimits.partBytes;
}

/** The graphs of the kinds of blocks that a model has, those once that several share. */
function graphsOf(model: ModelShape, storage: GraphStorage, trainable: Trainable): UnitGraphs<Graph>[] {
  const { hiddenSize, blocks } = configOfShape(model);
  const distinct = new Map<string, UnitGraphs<Graph>>();
  for (const kind of new Set(blocks)) {
    const graphs = symbolicUnitGraphs(hiddenSize, kind, "block", { trainable, storage, dialect: "cpu" });
    distinct.set(Buffer.from(graphs.recomputingBackward.encode()).toString("latin1"), graphs);
  }
  return [...distinct.values()];
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

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

/** What answering depends on, but for a model's weights. */
export type ChatShape = Omit<ModelShape, "parameters">;

/** The same for a model whose chat weights take `weightBytes`, and that has `caches` blocks with attention left. */
export function chatMemoryWith(model: ChatShape, weightBytes: number, caches: number): number {
  const { vocabularySize, hiddenSize, tiedEmbedding, maxPositions } = model;
  const attentions = configOfShape(model).blocks.flatMap(
    ({ halves }) => halves.attention.state?.attention ?? [],
  );
  const keyValues = sum(attentions.map(({ kvHeads, headDim }) => kvHeads * headDim)) / attentions.length;
  const heads = Math.max(...attentions.map((attention) => attention.heads));
  const seen = Math.min(CACHE_TOKENS, maxPositions);
  const cache = GROWN * 2 * caches * keyValues * seen * F32;
  // A session packs matrices anew; one that is read by rows too stays as it lies in the file. Of two planes one is packed.
  const embedding = tiedEmbedding ? vocabularySize * hiddenSize : 0;
  const packed = embedding * (isLargeHead(model) ? INT4_BYTES : INT8_BYTES);
  const prompts = isNarrow(model) ? PROMPT_SHARE * (weightBytes - embedding * INT8_BYTES) : 0;
  const piece = isNarrow(model) ? PROMPT_PIECE_TOKENS : PIECE_TOKENS;
  const scores = heads * piece * (seen + piece) * F32;
  const inside = (HOLES + ONE_PIECE) * 2 * scores; // and what each step makes of them
  return processBytes(model) + weightBytes + packed + prompts + cache + inside;
}

/**
 * How many times as fast a model answers with `layers` of its blocks, from the bytes that a token reads: those of the blocks and of
 * the head, which stays as it is.
 */
export function chatGain(model: ModelShape, layers: number): number {
  const precision = defaultPrecision(model);
  const head = matrixNumbers(model) * (isLargeHead(model) ? INT4_BYTES : INT8_BYTES);
  const block = blockParameters(model) * (precision === "int4" ? INT4_BYTES : INT8_BYTES);
  return (head + model.layers * block) / (head + layers * block);
}

/**
 * Disk that a training run takes, in bytes: while the whole model is trained, a save beside the two that it replaces one of;
 * in the end two saves, the depths, the teacher, and the trimmed model in f16 and for chat.
 */
export function trainingDiskBytes(model: ModelShape, run: TrainingShape): number {
  const { rank, keeps = 1 } = run;
  const values = (rank === null ? model.parameters : adapterParameters(model, rank)) * F32;
  const save = 3 * values; // and moments
  const depths = run.depths * ((1 + keeps) / 2) * values; // from all blocks to those that are left
  const teacher = run.distils ? run.trainingTokens * model.hiddenSize * F16 : 0;
  const streamed = rank === null ? 0 : streamedFileBytes(model, run.base);
  const ended = 2 * keeps * save + depths + teacher + exportDiskBytes(cut(model, keeps));
  return streamed + Math.max(3 * save, ended);
}

/** A model with a share of its blocks. */
function cut(model: ModelShape, share: number): ModelShape {
  const gone = (1 - share) * model.layers * blockParameters(model);
  return { ...model, layers: model.layers * share, parameters: model.parameters - gone };
}

/** Disk that a model folder takes with its chat weights, in bytes. */
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
  return blocks + head * (streamed ? streamedPartNumbers(model) : matrix);
}

/** Numbers of a streamed head that are in memory: of one whole part, and of the last, which is shorter. */
function streamedPartNumbers({ vocabularySize, hiddenSize }: ModelShape): number {
  const part = headLimits.partBytes / F32;
  return part + ((vocabularySize * hiddenSize) % part);
}

/** The file that a streamed base is read from. */
function streamedFileBytes(model: ModelShape, { storage, streamed }: BaseShape): number {
  if (!streamed) return 0;
  const head = isHeadCut(model)
    ? model.vocabularySize * model.hiddenSize * KEPT_BYTES[cutHeadStorage(storage)]
    : 0;
  return blockParameters(model) * model.layers * KEPT_BYTES[storage] + head;
}

const matrixNumbers = ({ vocabularySize, hiddenSize }: ModelShape) => vocabularySize * hiddenSize;

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
