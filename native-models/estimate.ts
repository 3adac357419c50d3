/** The memory and disk space of a job, estimated only from the model's shape, so that it can be refused before it starts. */
import { isLargeHead } from "./inference/head.ts";
import { ANSWER_SNAPSHOTS, MOST_SNAPSHOTS } from "./inference/snapshots.ts";
import { MOST_ROWS, PIECE_TOKENS, PROMPT_PIECE_TOKENS } from "./inference/pieces.ts";
import { nativeFile } from "./inference/native.ts";
import { rowSizes } from "./inference/row-sizes.ts";
import { defaultPrecision, isNarrow } from "./inference/precision.ts";
import type { Precision } from "./inference/precision.ts";
import type { Device } from "./runtime/session.ts";
import type { GraphStorage } from "./graph/linear.ts";
import { attentionsOf, ROLES } from "./architectures/architecture.ts";
import type { Config, JsonObject } from "./architectures/architecture.ts";
import { configOf, configOfSizes, sizesOf } from "./architectures/registry.ts";
import type { Sizes } from "./architectures/registry.ts";
import { liveBytes } from "./graph/live-bytes.ts";
import type { Graph } from "./graph/graph.ts";
import { PASS_TOKENS } from "./training/batch.ts";
import { trainableAt } from "./training/by-depth.ts";
import type { RankByDepth, TrainableModel } from "./training/by-depth.ts";
import { LABELS_AT_ONCE, cutHeadStorage, headPartBytes, isHeadCut, isLarge } from "./training/sizes.ts";
import { elements } from "./model.ts";
import { alike, sectionParameters, symbolicUnitGraphs } from "./training/unit-graphs.ts";
import type { UnitGraphs } from "./training/unit-graphs.ts";
import { HEAD_TOKENS } from "./training/whole-head.ts";

/** A model's shape from its header. */
export interface ModelShape extends Sizes {
  /** The keys of config.json that were read; reports of earlier versions lack them and contain only the sizes. */
  readonly config?: JsonObject | undefined;
  /** Elements of all weights. */
  readonly parameters: number;
}

/** The type of frozen weights, and whether they are read from a file as each unit is used. */
export interface BaseShape {
  readonly storage: GraphStorage;
  readonly streamed: boolean;
}

/** What a teacher's files contain for each training token (main/engine/recipes/teacher.ts). */
export interface TeacherShape {
  /** Its final hidden states. */
  readonly hidden: boolean;
  /** Its likeliest tokens, 0 if none. */
  readonly tokens: number;
  /** Blocks whose streams are stored. */
  readonly streams: number;
}

/** What a training run trains, and the amount of data. */
export interface TrainingShape {
  /** Rank R of the adapters on all seven projections; null: all weights are trained. */
  readonly rank: number | null;
  /** Absent: the same rank everywhere. */
  readonly rankByDepth?: RankByDepth | undefined;
  /** Where training is not the same everywhere: the weights that are trained, the rest being frozen or, with a rank, adapted. */
  readonly update?: WeightUpdate | undefined;
  /** How frozen weights are stored. */
  readonly base: BaseShape;
  /** Tokens of the longest row. */
  readonly maxTokens: number;
  /** Rows per training step. */
  readonly rowsPerStep: number;
  /** Tokens of all training rows, with a prompt each. */
  readonly trainingTokens: number;
  /** What is stored of the tuned model as a teacher. */
  readonly teacher: TeacherShape;
  /** How many depths are stored. */
  readonly depths: number;
  /** Share of the blocks that remain in the end; all if absent. */
  readonly keeps?: number;
  /** Share of the blocks that the run's model has at most; `keeps` if absent. */
  readonly result?: number;
  /** The seams that are repaired; none if absent. */
  readonly repair?: SeamRepairs | undefined;
  /** How its chat models are stored. */
  readonly chat?: ChatStorage | undefined;
  /** The scan for the projections that keep more bits; none if absent. */
  readonly mixing?: MixingScan | undefined;
  /** Whether the whole model, as chat runs it, writes answers of training rows in between (main/engine/recipes/rewrite.ts). */
  readonly writes?: boolean;
  /** Whether projections' results are kept in the forward pass for the backward pass (native-models/training/stack.ts). */
  readonly keepsActivations?: boolean;
}

/** How chat models are stored. By default, precision follows from the model's width, and no projections have more bits. */
export interface ChatStorage {
  readonly precision?: Precision | undefined;
  /** What projections with more bits take beyond int4, as a share of all blocks. */
  readonly mixed?: number | undefined;
}

/** The scan of a model in 4 bits (main/engine/recipes/mix-bits.ts). */
export interface MixingScan {
  /** The rows whose streams are all in memory together. */
  readonly rows: number;
}

/** Repairs at seams (native-models/training/seam-fit.ts). */
export interface SeamRepairs {
  /** Share of the blocks in which a half has weights of its own in the end. */
  readonly share: number;
  /** The maximum number of seams in a round, and the rows on which they are repaired. */
  readonly seams: number;
  readonly rows: number;
}

/** Weights that are trained while others are frozen. */
export interface WeightUpdate {
  /** The maximum share of blocks whose weights are trained at a time. */
  readonly share: number;
  /** Whether embedding, last norm and head are trained. */
  readonly ends: boolean;
  /** Whether these are all that is ever trained: the method itself trains nothing. */
  readonly only: boolean;
}

const F64 = 8;
const F32 = 4;
const F16 = 2;
/** A token's id in a file. */
const ID = 4;
/** Copies of a part's logits that exist at the same time in a split head: logits, exponentials, probabilities. */
const CUT_HEAD_COPIES = 3;
/** [D, D] matrices with which a seam's map is solved: two sums of products, and a copy of each. */
const FIT_MATRICES = 4;
/** Further matrices of the logits' size in a head with a teacher's tokens: exponentials, others, their sum, its scatter. */
const TAUGHT_HEADS = 4;
/** A process with onnxruntime and sessions, and a tokenizer's memory per vocabulary entry. */
const RUNTIME_BYTES = 170e6;
const TOKENIZER_ENTRY_BYTES = 2200;
/** A driver's own memory, for its programs for each operator. Measured with SwiftShader. */
const DEVICE_BYTES = 230e6;
/**
 * Factors on a session's live memory (native-models/graph/live-bytes.ts): for fragmentation, and, if it plans its memory (as a
 * chat model's does), for a second copy as one block, used after the first run of each shape. Measured, test/bench/memory.ts.
 */
const HOLES = 1.45;
const ONE_PIECE = 1.3;
/** Codes, and an f32 scale for 32 of them. */
const INT4_BYTES = 5 / 8;
const INT8_BYTES = 9 / 8;
/** int8 by rows and by columns; the one scale per output is negligible. */
const W8A8_BYTES = 2;
/** A matrix in 4 bits as a session packs it: codes, scales, and the sums of blocks. */
const PACKED_INT4_BYTES = 6 / 8;
/** Bytes per element of a frozen weight, by its storage. */
const KEPT_BYTES: Record<GraphStorage, number> = {
  f32: F32,
  f16: F16,
  q8: INT8_BYTES,
  q4: INT4_BYTES,
  w8a8: W8A8_BYTES,
};
/** The tokens of a row whose answer is rewritten, relative to the longest training row: at most a quarter more, and a few. */
const LONGEST_WRITTEN = 1.3;
/** Bytes of a kept answer per token of its row: text, quoted and named, in a journal and in the one before. */
const WRITTEN_BYTES = 16;
/** A conversation is estimated at this length, or at the model's maximum if that is shorter. */
const CACHE_TOKENS = 4096;
/** The prompt weights, in addition to 8-bit blocks: one byte for each element of a block (inference/prompt-weights.ts). */
const PROMPT_SHARE = 1 / INT8_BYTES;
/** The native decoder holds the inputs of a product in int8 and in int16. */
const QUANTISED_BYTES = 3;
/** A growing cache is copied: the old one exists for a while. */
const GROWN = 1.25;
/** A cache that has just grown has 1.5 times the needed size, and the one that it was copied from may not be collected yet. */
const GROWN_FURTHER = 1.5 + 1;
/** Recurrent tensors before and after a run, the empty ones, and copies (inference/snapshots.ts). */
const RECURRENT_COPIES = 3 + MOST_SNAPSHOTS + ANSWER_SNAPSHOTS;

/** Cached configurations, by a key that identifies the model. */
const configs = new Map<string, Config>();
const MOST_CONFIGS = 16;

/** The configuration of a model known by its shape. */
export function configOfShape(model: Omit<ModelShape, "parameters">): Config {
  const key = JSON.stringify(model.config ?? sizesOf(model));
  const known = configs.get(key);
  if (known) return known;
  if (configs.size >= MOST_CONFIGS) configs.clear();
  const made = model.config ? configOf(model.config, "model") : configOfSizes(sizesOf(model));
  configs.set(key, made);
  return made;
}

/** Numbers in the adapters of rank `rank` on all projections of every block. */
export function adapterParameters(model: ModelShape, rank: number, rankByDepth?: RankByDepth): number {
  const { blocks } = configOfShape(model);
  const trainable = loraOf(rank, rankByDepth);
  return sum(
    blocks.map((kind, block) =>
      elements(sectionParameters(kind, "block", trainableAt(trainable, block, blocks.length))),
    ),
  );
}

const loraOf = (rank: number, rankByDepth?: RankByDepth): TrainableModel => ({
  ...{ kind: "lora", rank, alpha: rank, rankByDepth },
  targets: ROLES,
});

/** Peak memory of a training run, in bytes. */
export function trainingMemoryBytes(model: ModelShape, run: TrainingShape): number {
  const { update } = run;
  const everywhere = update?.only ? 0 : memoryBytes(model, run, null);
  const trained = Math.max(everywhere, update ? memoryBytes(model, run, update) : 0);
  const training =
    trained + repairedBytes(model, run) + repairingBytes(model, run) + writingBytes(model, run);
  return Math.max(training, mixingBytes(model, run));
}

/** A chat model that writes answers of training rows together, in the process that trains. */
function writingBytes(model: ModelShape, { writes = false, maxTokens, chat }: TrainingShape): number {
  if (!writes) return 0;
  const others = (MOST_ROWS - 1) * textMemoryBytes(model, LONGEST_WRITTEN * maxTokens);
  return chatMemoryBytes(model, { precision: chat?.precision }) - processBytes(model) + others;
}

/** A block as it is, and with each of its four products in 8 bits. */
const MIXED_SESSIONS = { forms: 5 };

/** While the run's model is scanned for projections that keep more bits. */
function mixingBytes(model: ModelShape, run: TrainingShape): number {
  const { keeps = 1, result = keeps, mixing, maxTokens, base } = run;
  if (!mixing) return 0;
  const cut = withBlocks(model, Math.max(1, Math.round(result * model.layers)));
  const stored = { storage: "q4", streamed: base.streamed } as const;
  const measured = evaluationMemoryBytes(cut, maxTokens, stored, MIXED_SESSIONS);
  return measured + mixing.rows * maxTokens * model.hiddenSize * F32;
}

/** How many numbers are trained: in all trained tensors, and of these in weights of blocks. */
function trainedNumbers(
  model: ModelShape,
  { rank, rankByDepth }: Pick<TrainingShape, "rank" | "rankByDepth">,
  update: WeightUpdate | null,
): { all: number; inWeights: number } {
  if (!update && rank === null) return { all: model.parameters, inWeights: inBlocks(model) };
  const adapters = rank === null || update?.only ? 0 : adapterParameters(model, rank, rankByDepth);
  const inWeights = (update?.share ?? 0) * inBlocks(model);
  const ends = update?.ends ? model.parameters - inBlocks(model) : 0;
  return { all: adapters + inWeights + ends, inWeights };
}

/** Peak memory while everything is trained alike, or, with `update`, while some weights are. */
function memoryBytes(model: ModelShape, run: TrainingShape, update: WeightUpdate | null): number {
  const { rank, rankByDepth, base, maxTokens, rowsPerStep, keepsActivations = false } = run;
  const isFull = rank === null && !update;
  const beside = rank === null || update?.only ? ({ kind: "none" } as const) : loraOf(rank, rankByDepth);
  const kinds = [
    ...(isFull || update ? graphsOf(model, "f32", { kind: "full" }) : []),
    ...(isFull ? [] : graphsOf(model, base.storage, beside)),
  ];
  const { all, inWeights } = trainedNumbers(model, run, update);
  const states = 4 * all * F32; // value, gradient and AdamW's two moments
  const trainsEnds = isFull || (update?.ends ?? false);
  const given = // gradients as returned by a session
    (inWeights > 0 ? blockParameters(model) : 0) * F32 + (trainsEnds ? matrixNumbers(model) * F32 : 0);
  const weights = isFull
    ? 0
    : frozenBytes(model, base, { blocks: 1 - (update?.share ?? 0), ends: !trainsEnds });
  const scored = { tokens: PASS_TOKENS, maxTokens };
  const step = { tokens: Math.min(PASS_TOKENS, rowsPerStep * maxTokens), maxTokens };
  const widths = kinds.map(({ activations }) => sum(activations.map(({ width }) => width)));
  const kept = keepsActivations ? Math.max(...widths) : 0;
  const between = // the streams before every block, for the scorer or for a step; a step's gradients, and its kept activations
    (model.layers + 3) * Math.max(streamBytes(model, scored), streamBytes(model, step)) +
    model.layers * kept * tokensOf(step) * F32;
  const sessions = kinds.flatMap((graphs) => [
    { graph: graphs.forward, pass: scored },
    ...(keepsActivations ? [{ graph: graphs.keepingForward, pass: step }] : []),
    { graph: keepsActivations ? graphs.backward : graphs.recomputingBackward, pass: step },
  ]);
  const inside = sessionBytes(model, sessions, run.teacher.tokens > 0 ? 2 + TAUGHT_HEADS : 2);
  const lesson = run.teacher.streams * streamBytes(model, step);
  return processBytes(model) + weights + states + given + between + inside + lesson;
}

/**
 * Peak memory of measuring a model whose weights are stored as `base`, in bytes. `forms`: in how many ways its matrices are stored, each
 * with sessions of its own.
 */
export function evaluationMemoryBytes(
  model: ModelShape,
  maxTokens: number,
  base: BaseShape,
  { forms = 1 } = {},
): number {
  const pass = { tokens: PASS_TOKENS, maxTokens };
  const kinds = graphsOf(model, base.storage, { kind: "none" });
  const sessions = kinds.flatMap(({ forward }) =>
    Array.from({ length: forms }, (): Session => ({ graph: forward, pass })),
  );
  const inside = sessionBytes(model, sessions, 1);
  return processBytes(model) + frozenBytes(model, base) + 3 * streamBytes(model, pass) + inside;
}

/** Tokens in one pass through a model, in rows of `maxTokens`. */
interface Pass {
  readonly tokens: number;
  readonly maxTokens: number;
}

/** A longer row is processed alone. */
const tokensOf = ({ tokens, maxTokens }: Pass) => Math.max(tokens, maxTokens);

const streamBytes = ({ hiddenSize }: ModelShape, pass: Pass) => tokensOf(pass) * hiddenSize * F32;

/** A session of a graph, and the most that passes through it. */
interface Session {
  readonly graph: Graph;
  readonly pass: Pass;
}

/** Memory of the sessions of these graphs, and of a head's graphs. */
function sessionBytes(model: ModelShape, sessions: readonly Session[], heads: number): number {
  const live = sessions.map(({ graph, pass }) => {
    const N = tokensOf(pass);
    return liveBytes(graph, { N, T: pass.maxTokens, B: N / pass.maxTokens });
  });
  const logits = Math.max(...sessions.map(({ pass }) => headBytes(model, pass)));
  return isLarge(configOfShape(model))
    ? Math.max(HOLES * Math.max(...live), logits)
    : HOLES * sum(live) + heads * logits;
}

/** Logits, and the part of the matrix that they belong to if it is split. */
function headBytes(model: ModelShape, pass: Pass): number {
  if (!isHeadCut(model)) return Math.min(HEAD_TOKENS, tokensOf(pass)) * model.vocabularySize * F32;
  const part = headPartBytes(model);
  const rows = part / (F32 * model.hiddenSize);
  return CUT_HEAD_COPIES * Math.min(LABELS_AT_ONCE, tokensOf(pass)) * rows * F32 + part;
}

/** The graphs of a model's blocks, shared ones once. */
function graphsOf(model: ModelShape, storage: GraphStorage, trainable: TrainableModel): UnitGraphs<Graph>[] {
  const { hiddenSize, blocks } = configOfShape(model);
  const forms = new Map(
    blocks.map((kind, block) => {
      const own = trainableAt(trainable, block, blocks.length);
      const form = { kind, halves: alike({ trainable: own, storage }) };
      return [`${blocks.indexOf(kind)} ${own.kind === "lora" ? own.rank : own.kind}`, form] as const;
    }),
  );
  const distinct = new Map<string, UnitGraphs<Graph>>();
  for (const { kind, halves } of forms.values()) {
    const graphs = symbolicUnitGraphs(hiddenSize, kind, "block", { halves, dialect: "cpu" });
    distinct.set(Buffer.from(graphs.recomputingBackward.encode()).toString("latin1"), graphs);
  }
  return [...distinct.values()];
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Temporary disk space of measuring a model, in bytes: a streamed base, then the weights of its chat model. */
export function evaluationDiskBytes(model: ModelShape, base: BaseShape): number {
  return Math.max(streamedFileBytes(model, base), chatWeightBytes(model));
}

/**
 * Peak memory of chat, in bytes. A device other than the CPU is assumed to share the computer's memory: it holds the
 * weights a second time, in addition to the file that the CPU reads.
 */
export function chatMemoryBytes(
  model: ModelShape,
  { precision, device = "cpu" }: { precision?: Precision | undefined; device?: Device | undefined } = {},
): number {
  const weights = chatWeightBytes(model, precision);
  const onDevice = device === "cpu" ? 0 : DEVICE_BYTES + weights;
  const isNative = device === "cpu" && precision !== "fp32" && nativeFile() !== null;
  return chatMemoryWith(model, weights, model.layers, isNative) + onDevice;
}

/** The shape that chat's memory depends on, apart from a model's weights. */
export type ChatShape = Omit<ModelShape, "parameters">;

/** The memory of one more text of `tokens` tokens over the same weights: its cache, its recurrent tensors and its logits. */
export function textMemoryBytes(model: ChatShape, tokens: number): number {
  const config = configOfShape(model);
  const keyValues = sum(attentionsOf(config).map(({ kvHeads, headDim }) => kvHeads * headDim));
  const cache = GROWN_FURTHER * 2 * keyValues * Math.min(tokens, model.maxPositions) * cachedBytes();
  return cache + F32 * (RECURRENT_COPIES * recurrentNumbers(config) + model.vocabularySize);
}

/** The same for a model with `weightBytes` of chat weights and `states` remaining blocks that mix tokens. */
export function chatMemoryWith(
  model: ChatShape,
  weightBytes: number,
  states: number,
  isNative = nativeFile() !== null,
): number {
  const config = configOfShape(model);
  const share = states / config.blocks.length;
  const keyValues = share * sum(attentionsOf(config).map(({ kvHeads, headDim }) => kvHeads * headDim));
  const cache = GROWN * 2 * keyValues * seenTokens(model) * cachedBytes(isNative);
  const recurrent = share * RECURRENT_COPIES * recurrentNumbers(config) * F32;
  const reading = isNative ? pieceBytes(model) : graphBytes(model, weightBytes);
  return processBytes(model) + weightBytes + cache + recurrent + reading;
}

/** Bytes of a number in a cache: half precision in the native decoder's. */
const cachedBytes = (isNative = nativeFile() !== null) => (isNative ? F16 : F32);

const seenTokens = ({ maxPositions }: ChatShape) => Math.min(CACHE_TOKENS, maxPositions);

/** What the native decoder needs for a piece of a prompt, in addition to the weights, which it holds once. */
function pieceBytes(model: ChatShape): number {
  const { rowSize, queries, longestInput } = rowSizes(configOfShape(model));
  return PROMPT_PIECE_TOKENS * ((rowSize + queries) * F32 + longestInput * QUANTISED_BYTES);
}

/** What the sessions of graphs need in addition to the weights in the file. */
function graphBytes(model: ChatShape, weightBytes: number): number {
  const { vocabularySize, hiddenSize, tiedEmbedding } = model;
  const heads = Math.max(0, ...attentionsOf(configOfShape(model)).map((attention) => attention.heads));
  // A session repacks matrices; one that is also read by rows stays as stored. Of two planes, one is packed. A narrow model has another
  // session for prompts, which has the head too.
  const embedding = tiedEmbedding ? vocabularySize * hiddenSize : 0;
  const sessions = isNarrow(model) ? 2 : 1;
  const packed = sessions * embedding * (isLargeHead(model) ? PACKED_INT4_BYTES : INT8_BYTES);
  const prompts = isNarrow(model) ? PROMPT_SHARE * (weightBytes - embedding * INT8_BYTES) : 0;
  const piece = isNarrow(model) ? PROMPT_PIECE_TOKENS : PIECE_TOKENS;
  const scores = heads * piece * (seenTokens(model) + piece) * F32;
  return packed + prompts + (HOLES + ONE_PIECE) * 2 * scores; // and what each step computes from them
}

/** Numbers in the recurrent tensors of all blocks. */
const recurrentNumbers = ({ blocks }: Config): number =>
  sum(
    blocks.flatMap(({ halves: { attention } }) =>
      attention.state?.kind === "recurrent"
        ? Object.values(attention.state.tensors).map((shape) => shape.reduce((size, axis) => size * axis, 1))
        : [],
    ),
  );

/**
 * The time that a block's small operators take in decoding, and that a token takes whatever the model, as bytes that could be
 * read meanwhile (test/bench/gain.ts). Operators of small blocks take no longer than their products.
 */
const OPERATOR_BYTES = 4e6;
const TOKEN_BYTES = 4e6;

/** The speed of a model with `layers` of its blocks relative to all; `trimmed`: the same model with fewer tokens. */
export function chatGain(
  model: ModelShape,
  layers: number,
  trimmed = model,
  { precision, mixed }: ChatStorage = {},
): number {
  return stepBytes(model, model.layers, { precision }) / stepBytes(trimmed, layers, { precision, mixed });
}

/** The bytes read per token: those of `layers` blocks, with what their operators take, and of the head. */
function stepBytes(
  model: ModelShape,
  layers: number,
  { precision = defaultPrecision(model), mixed = 0 }: ChatStorage,
): number {
  const head = TOKEN_BYTES + matrixNumbers(model) * (isLargeHead(model) ? INT4_BYTES : INT8_BYTES);
  const read = blockParameters(model) * blockBytes(precision, mixed);
  return head + layers * (read + Math.min(OPERATOR_BYTES, read));
}

/**
 * The maximum disk space of a training run, in bytes: during full-depth training, three saves, because a new one exists before it replaces
 * one of two; while its model is written, two saves, the depths, the teacher, and the trimmed model in f16 and for chat. Saves and teacher
 * are removed when it has finished.
 */
export function trainingDiskBytes(model: ModelShape, run: TrainingShape): number {
  const { keeps = 1, result = keeps, update } = run;
  const everywhere = update?.only ? 0 : trainedNumbers(model, run, null).all;
  const values = Math.max(everywhere, update ? trainedNumbers(model, run, update).all : 0) * F32;
  const save = 3 * values; // and moments
  const depths = run.depths * ((1 + keeps) / 2) * values; // from all blocks down to the remaining ones
  const teacher = run.trainingTokens * teacherTokenBytes(model, run.teacher);
  const streamed = run.rank === null && !update?.only ? 0 : streamedFileBytes(model, run.base);
  const repaired = repairedBytes(model, run);
  const ended =
    2 * keeps * save +
    depths +
    teacher +
    repaired +
    Math.max(
      exportDiskBytes(withBlocks(model, result * model.layers), run.chat),
      2 * chatWeightBytes(model, run.chat?.precision), // the original's, and a depth's that is timed in turn with it
    );
  const texts = run.writes ? WRITTEN_BYTES * run.trainingTokens : 0;
  const chat = run.writes ? chatWeightBytes(model, run.chat?.precision) : 0;
  return streamed + texts + Math.max(3 * save + chat, ended);
}

/** Repaired halves as f32: each is stored from its repair on. */
const repairedBytes = (model: ModelShape, { repair }: Pick<TrainingShape, "repair">) =>
  (repair?.share ?? 0) * inBlocks(model) * F32;

/** While seams are repaired: the wanted stream of each, and the products and the map of one. */
function repairingBytes(
  { hiddenSize }: ModelShape,
  { repair, maxTokens, trainingTokens }: TrainingShape,
): number {
  if (!repair) return 0;
  const tokens = Math.min(repair.rows * maxTokens, trainingTokens);
  return repair.seams * tokens * hiddenSize * F32 + (FIT_MATRICES * F64 + F32) * hiddenSize ** 2;
}

/** Bytes of a teacher's files for a token; if only answers have likeliest tokens, this is more than they take. */
function teacherTokenBytes({ hiddenSize }: ModelShape, { hidden, tokens, streams }: TeacherShape): number {
  const states = (hidden ? 1 : 0) + streams;
  return states * hiddenSize * F16 + (tokens > 0 ? tokens * ID + (tokens + 1) * F16 : 0);
}

/** The same model with fewer blocks; a half-block counts half. */
export function withBlocks<M extends ModelShape>(model: M, blocks: number): M {
  const gone = (model.layers - blocks) * blockParameters(model);
  return { ...model, layers: blocks, parameters: model.parameters - gone };
}

/** The same model with fewer tokens; with more, the model itself. */
export function withTokens<M extends ModelShape>(model: M, tokens: number): M {
  const { vocabularySize, hiddenSize, tiedEmbedding, config } = model;
  if (tokens >= vocabularySize) return model;
  const gone = (tiedEmbedding ? 1 : 2) * (vocabularySize - tokens) * hiddenSize;
  return {
    ...model,
    vocabularySize: tokens,
    parameters: model.parameters - gone,
    ...(config && { config: { ...config, vocab_size: tokens } }),
  };
}

/** Disk space of a model folder with its chat weights, in bytes. */
export function exportDiskBytes(model: ModelShape, chat: ChatStorage = {}): number {
  return model.parameters * F16 + chatWeightBytes(model, chat.precision, chat.mixed);
}

/** Bytes of a number in a block; `mixed` as in `ChatStorage`. */
const blockBytes = (precision: Precision, mixed: number) =>
  precision === "int4" ? (1 + mixed) * INT4_BYTES : INT8_BYTES;

/** Size of the chat weights, in bytes; `mixed` as in `ChatStorage`. */
export function chatWeightBytes(
  model: ModelShape,
  precision: Precision = defaultPrecision(model),
  mixed = 0,
): number {
  if (precision === "fp32") return model.parameters * F32;
  const ends = (model.tiedEmbedding ? 1 : 2) * model.vocabularySize * model.hiddenSize;
  const blocks = model.parameters - ends;
  return blocks * blockBytes(precision, mixed) + ends * INT8_BYTES;
}

/** Memory of frozen weights: all of a share of the blocks, or the block and the head part that are read at a time. */
function frozenBytes(
  model: ModelShape,
  { storage, streamed }: BaseShape,
  frozen: { readonly blocks: number; readonly ends: boolean } = { blocks: 1, ends: true },
): number {
  const matrix = model.vocabularySize * model.hiddenSize;
  const kept = KEPT_BYTES[storage];
  const blocks = blockParameters(model) * kept * (streamed ? 1 : frozen.blocks * model.layers);
  if (!frozen.ends) return blocks;
  if (!isHeadCut(model)) return blocks + (model.tiedEmbedding ? 1 : 2) * matrix * F32;
  const head = KEPT_BYTES[cutHeadStorage(storage)];
  return blocks + head * (streamed ? streamedPartNumbers(model) : matrix);
}

/** Numbers of a streamed head in memory: one whole part, and the last one, which is shorter. */
function streamedPartNumbers({ vocabularySize, hiddenSize }: ModelShape): number {
  const part = headPartBytes({ hiddenSize }) / F32;
  return part + ((vocabularySize * hiddenSize) % part);
}

/** The file of a streamed base. */
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

/** Elements of all blocks. */
const inBlocks = (model: ModelShape) => blockParameters(model) * model.layers;

/** A tokenizer's share of a process's memory. */
export const tokenizerBytes = ({ vocabularySize }: Pick<ModelShape, "vocabularySize">) =>
  TOKENIZER_ENTRY_BYTES * vocabularySize;

/** A process before it loads weights. */
function processBytes({ vocabularySize }: Pick<ModelShape, "vocabularySize">): number {
  return RUNTIME_BYTES + tokenizerBytes({ vocabularySize });
}
