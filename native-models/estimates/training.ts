/** The memory and disk space of a training run. */
import { MOST_ROWS } from "../inference/pieces.ts";
import { elements } from "../model.ts";
import { PASS_TOKENS } from "../training/batch.ts";
import { sectionParameters, trainableOf } from "../training/unit-graphs.ts";
import { F32, F16, sum, processBytes } from "./bytes.ts";
import { chatMemoryBytes, textMemoryBytes, chatWeightBytes } from "./chat.ts";
import type { ChatStorage } from "./chat.ts";
import { evaluationMemoryBytes } from "./evaluation.ts";
import { frozenBytes, streamedFileBytes } from "./frozen.ts";
import type { BaseShape } from "./frozen.ts";
import { tokensOf, streamBytes, sessionBytes, graphsOf } from "./sessions.ts";
import { configOfShape, withBlocks, blockParameters, inBlocks, matrixNumbers } from "./shape.ts";
import type { ModelShape } from "./shape.ts";

/** What a training run trains, and the amount of data. */
export interface TrainingShape {
  /** Rank R of the adapters on all seven projections; null: all weights are trained. */
  readonly rank: number | null;
  /** In a sparse update: the share of blocks whose weights are trained, with the ends; all else is frozen, whatever the rank. */
  readonly sparse?: number | undefined;
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
  /** How its chat models are stored. */
  readonly chat?: ChatStorage | undefined;
  /** The scan of the trimmed model's chat weights; none if absent. */
  readonly scan?: ChatScan | undefined;
  /** Whether the whole model, as chat runs it, writes answers of training rows in between. */
  readonly writes?: boolean;
  /** Whether projections' results are kept in the forward pass for the backward pass (native-models/training/stack.ts). */
  readonly keepsActivations?: boolean;
}

/** What a teacher's files contain for each training token (main/trimming/training/teacher.ts). */
export interface TeacherShape {
  /** Its final hidden states. */
  readonly hidden: boolean;
  /** Its likeliest tokens, 0 if none. */
  readonly tokens: number;
}

/** The scan of a model in 4 bits for the projections that need more. */
export interface ChatScan {
  /** The rows whose streams are all in memory together. */
  readonly rows: number;
}

/** A token's id in a file. */
const ID = 4;
/** Further matrices of the logits' size in a head with a teacher's tokens: exponentials, others, their sum, its scatter. */
const TAUGHT_HEADS = 4;
/** The tokens of a row whose answer is written again, relative to the longest training row: at most a quarter more, and a few. */
const LONGEST_WRITTEN = 1.3;
/** Bytes of a kept answer per token of its row: text, quoted and named, in a journal and in the one before. */
const WRITTEN_BYTES = 16;

/** Numbers in the adapters of rank `rank` on all projections of every block. */
export function adapterParameters(model: ModelShape, rank: number): number {
  const { blocks } = configOfShape(model);
  return sum(blocks.map((kind) => elements(sectionParameters(kind, "block", loraOf(rank)))));
}

const loraOf = (rank: number) => trainableOf({ kind: "lora", rank });

/** Peak memory of a training run, in bytes. */
export function trainingMemoryBytes(model: ModelShape, run: TrainingShape): number {
  return Math.max(trainedBytes(model, run) + writingBytes(model, run), scanBytes(model, run));
}

/** A chat model that writes answers of training rows together, in the process that trains. */
function writingBytes(model: ModelShape, { writes = false, maxTokens, chat }: TrainingShape): number {
  if (!writes) return 0;
  const others = (MOST_ROWS - 1) * textMemoryBytes(model, LONGEST_WRITTEN * maxTokens);
  return chatMemoryBytes(model, { precision: chat?.precision }) - processBytes(model) + others;
}

/** A block as it is, and with each of its four products in 8 bits. */
const SCAN_SESSIONS = { forms: 5 };

/** While the run's model is scanned for projections that keep more bits. */
function scanBytes(model: ModelShape, run: TrainingShape): number {
  const { keeps = 1, result = keeps, scan, maxTokens, base } = run;
  if (!scan) return 0;
  const cut = withBlocks(model, Math.max(1, Math.round(result * model.layers)));
  const stored = { storage: "q4", streamed: base.streamed } as const;
  const measured = evaluationMemoryBytes(cut, maxTokens, stored, SCAN_SESSIONS);
  return measured + scan.rows * maxTokens * model.hiddenSize * F32;
}

/** How many numbers are trained. */
function trainedNumbers(model: ModelShape, { rank, sparse }: Pick<TrainingShape, "rank" | "sparse">): number {
  if (sparse === undefined && rank !== null) return adapterParameters(model, rank);
  return (sparse ?? 1) * inBlocks(model) + model.parameters - inBlocks(model);
}

/** Peak memory of the training itself. */
function trainedBytes(model: ModelShape, run: TrainingShape): number {
  const { rank, sparse, base, maxTokens, rowsPerStep, keepsActivations = false } = run;
  const trainsWeights = rank === null || sparse !== undefined;
  const beside = trainsWeights ? ({ kind: "none" } as const) : loraOf(rank);
  const isFull = rank === null && sparse === undefined;
  const kinds = [
    ...(trainsWeights ? graphsOf(model, "f32", { kind: "full" }) : []),
    ...(isFull ? [] : graphsOf(model, base.storage, beside)),
  ];
  const states = 4 * trainedNumbers(model, run) * F32; // value, gradient and AdamW's two moments
  const given = // gradients as returned by a session
    trainsWeights ? (blockParameters(model) + matrixNumbers(model)) * F32 : 0;
  const weights = isFull ? 0 : frozenBytes(model, base, { blocks: 1 - (sparse ?? 0), ends: !trainsWeights });
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
  return processBytes(model) + weights + states + given + between + inside;
}

/**
 * The maximum disk space of a training run, in bytes: during full-depth training, three saves, because a new one exists before it replaces
 * one of two; while its model is written, two saves, the depths, the teacher, and the trimmed model in f16 and for chat. Saves and teacher
 * are removed when it has finished.
 */
export function trainingDiskBytes(model: ModelShape, run: TrainingShape): number {
  const { keeps = 1, result = keeps, rank, sparse } = run;
  const values = trainedNumbers(model, run) * F32;
  const save = 3 * values; // and moments
  const depths = run.depths * ((1 + keeps) / 2) * values; // from all blocks down to the remaining ones
  const teacher = run.trainingTokens * teacherTokenBytes(model, run.teacher);
  const streamed = rank === null && sparse === undefined ? 0 : streamedFileBytes(model, run.base);
  const ended =
    2 * keeps * save +
    depths +
    teacher +
    Math.max(
      exportDiskBytes(withBlocks(model, result * model.layers), run.chat),
      2 * chatWeightBytes(model, { precision: run.chat?.precision }), // the original's, and a depth's that is timed in turn with it
    );
  const texts = run.writes ? WRITTEN_BYTES * run.trainingTokens : 0;
  const chat = run.writes ? chatWeightBytes(model, { precision: run.chat?.precision }) : 0;
  return streamed + texts + Math.max(3 * save + chat, ended);
}

/** Bytes of a teacher's files for a token; if only answers have likeliest tokens, this is more than they take. */
function teacherTokenBytes({ hiddenSize }: ModelShape, { hidden, tokens }: TeacherShape): number {
  return (hidden ? hiddenSize * F16 : 0) + (tokens > 0 ? tokens * ID + (tokens + 1) * F16 : 0);
}

/** Disk space of a model folder with its chat weights, in bytes. */
function exportDiskBytes(model: ModelShape, chat: ChatStorage = {}): number {
  return model.parameters * F16 + chatWeightBytes(model, chat);
}
