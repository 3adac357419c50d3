/** The memory, size and speed of a model in chat. */
import { isLargeHead } from "../inference/head.ts";
import { ANSWER_SNAPSHOTS, MOST_SNAPSHOTS } from "../inference/snapshots.ts";
import { PIECE_TOKENS, PROMPT_PIECE_TOKENS } from "../inference/pieces.ts";
import { nativeFile } from "../runtime/native-file.ts";
import { rowSizes } from "../inference/row-sizes.ts";
import { defaultPrecision, isNarrow } from "../inference/precision.ts";
import type { Precision } from "../inference/precision.ts";
import type { Device } from "../runtime/session.ts";
import { attentionsOf } from "../architectures/architecture.ts";
import type { Config } from "../architectures/architecture.ts";
import { blockParameters, configOfShape, endNumbers, matrixNumbers } from "./shape.ts";
import type { ModelShape, ChatShape } from "./shape.ts";
import { F32, F16, INT4_BYTES, INT8_BYTES, HOLES, ONE_PIECE, sum, processBytes } from "./bytes.ts";

/** How chat models are stored. By default, precision follows from the model's width, and no projections have more bits. */
export interface ChatStorage {
  readonly precision?: Precision | undefined;
  /** What projections with more bits take beyond int4, as a share of all blocks. */
  readonly raisedShare?: number | undefined;
}

/** A driver's own memory, for its programs for each operator. Measured with SwiftShader. */
const DEVICE_BYTES = 230e6;
/** A matrix in 4 bits as a session packs it: codes, scales, and the sums of blocks. */
const PACKED_INT4_BYTES = 6 / 8;
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

/**
 * Peak memory of chat, in bytes. A device other than the CPU is assumed to share the computer's memory: it holds the
 * weights a second time, in addition to the file that the CPU reads.
 */
export function chatMemoryBytes(
  model: ModelShape,
  { precision, device = "cpu" }: { precision?: Precision | undefined; device?: Device | undefined } = {},
): number {
  const weights = chatWeightBytes(model, { precision });
  const onDevice = device === "cpu" ? 0 : DEVICE_BYTES + weights;
  const isNative = device === "cpu" && precision !== "fp32" && nativeFile() !== null;
  return chatMemoryWith(model, weights, model.layers, isNative) + onDevice;
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

/** The memory of one more text of `tokens` tokens over the same weights: its cache, its recurrent tensors and its logits. */
export function textMemoryBytes(model: ChatShape, tokens: number): number {
  const config = configOfShape(model);
  const keyValues = sum(attentionsOf(config).map(({ kvHeads, headDim }) => kvHeads * headDim));
  const cache = GROWN_FURTHER * 2 * keyValues * Math.min(tokens, model.maxPositions) * cachedBytes();
  return cache + F32 * (RECURRENT_COPIES * recurrentNumbers(config) + model.vocabularySize);
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

/** Size of the chat weights, in bytes. */
export function chatWeightBytes(
  model: ModelShape,
  { precision = defaultPrecision(model), raisedShare = 0 }: ChatStorage = {},
): number {
  if (precision === "fp32") return model.parameters * F32;
  const ends = endNumbers(model);
  const blocks = model.parameters - ends;
  return blocks * blockBytes(precision, raisedShare) + ends * INT8_BYTES;
}

/** Bytes of a number in a block; `raisedShare` as in `ChatStorage`. */
const blockBytes = (precision: Precision, raisedShare: number) =>
  precision === "int4" ? (1 + raisedShare) * INT4_BYTES : INT8_BYTES;

/**
 * The time that a block's small operators take in decoding, and that a token takes whatever the model, as bytes that could be
 * read meanwhile (test/lab/bench/gain.ts). Operators of small blocks take no longer than their products.
 */
const OPERATOR_BYTES = 4e6;
const TOKEN_BYTES = 4e6;

/** The speed of a model with `layers` of its blocks relative to all; `trimmed`: the same model with fewer tokens. */
export function chatGain(model: ModelShape, layers: number, trimmed = model, chat: ChatStorage = {}): number {
  const { precision } = chat;
  return stepBytes(model, model.layers, { precision }) / stepBytes(trimmed, layers, chat);
}

/** The bytes read per token: those of `layers` blocks, with what their operators take, and of the head. */
function stepBytes(
  model: ModelShape,
  layers: number,
  { precision = defaultPrecision(model), raisedShare = 0 }: ChatStorage,
): number {
  const head = TOKEN_BYTES + matrixNumbers(model) * (isLargeHead(model) ? INT4_BYTES : INT8_BYTES);
  const read = blockParameters(model) * blockBytes(precision, raisedShare);
  return head + layers * (read + Math.min(OPERATOR_BYTES, read));
}
