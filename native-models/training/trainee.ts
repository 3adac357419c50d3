/**
 * A model as recipes see it: measured, trained and cut unit by unit, wherever its weights are stored and however its graphs are
 * divided.
 */
import type { Kept, Model, Section } from "../model.ts";
import type { Batch } from "./batch.ts";
import type { Likeliest, SoftTargets, TopTokens } from "./head.ts";
import type { ParameterBlock } from "./parameters.ts";

/** Losses of one batch, already weighted. */
export interface Losses {
  readonly loss: number;
  /** Of everything that a teacher says. */
  readonly distillation: number;
}

/** What a teacher says of a batch, each with the weight of its loss. */
export interface Lesson {
  readonly hidden?: Distillation | undefined;
  /** Its distributions at the batch's labels. */
  readonly tokens?: SoftTargets | undefined;
  /** Its streams after some blocks; those that are not kept are ignored. */
  readonly streams?: readonly StreamTarget[] | undefined;
}

/** A teacher's normed hidden states [N, D], and the factor of Σ (hidden − target)². */
export interface Distillation {
  readonly target: Float32Array;
  readonly factor: number;
}

/** A teacher's stream after a block [N, D], and the factor of Σ (stream − target)² of each token [N]. */
export interface StreamTarget {
  readonly block: number;
  readonly target: Float32Array;
  readonly factors: Float32Array;
}

/** What a teacher's record of a batch is to contain. */
export interface Recorded {
  readonly tokens: Likeliest | null;
  /** Blocks whose streams are recorded; all must be kept. */
  readonly blocks: readonly number[];
}

/** What the model says of a batch, as a teacher. */
export interface TeacherRecord {
  /** The normed hidden states that the head receives. [N, D] */
  readonly hidden: Float32Array;
  /** Null if they were not wanted. */
  readonly tokens: TopTokens | null;
  /** The stream after each of the blocks. [N, D] each */
  readonly streams: readonly Float32Array[];
}

export interface UnitInfluence {
  readonly block: number;
  readonly section: Section;
  readonly influence: number;
}

export interface Trainee {
  readonly model: Model;
  /** What remains of each block. */
  readonly kept: readonly Kept[];
  /** Sets the kept parts of the blocks. Nothing is discarded: a part can be restored. */
  keep(kept: readonly Kept[]): void;
  /** The trained tensors of the kept parts, starting at the input, the ends last. */
  readonly parameters: ParameterBlock[];
  /** Prepares what the next call would otherwise have to prepare first; optional. */
  prepare(): Promise<void>;
  /** The NLL of each label. [n] */
  nll(batch: Batch): Promise<Float32Array>;
  /** The normed hidden states that the head receives. [N, D] */
  normedHidden(batch: Batch): Promise<Float32Array>;
  /** What a teacher records of a batch. Its memory is valid until the next call. */
  record(batch: Batch, wanted: Recorded): Promise<TeacherRecord>;
  /**
   * For each candidate, the NLL of each label with the model as that candidate leaves it. Candidates are complete `kept` lists
   * that lack part of one block of the current one.
   */
  scan(
    batch: Batch,
    candidates: readonly (readonly Kept[])[],
    each: (candidate: number, nll: Float32Array) => void,
  ): Promise<void>;
  /**
   * Block influence (arXiv 2403.03853): for each kept part, the mean over tokens of 1 − cos(its input, its output). `halves`
   * splits blocks into attention and MLP.
   */
  influence(batch: Batch, halves: boolean): Promise<UnitInfluence[]>;
  /** Clears the gradients. */
  clearGradients(): void;
  /** Adds the gradients of a batch: of Σ weight · cross-entropy over its labels (one weight for all, or one each), and of a lesson. */
  accumulate(batch: Batch, labelWeights: number | Float32Array, lesson?: Lesson): Promise<Losses>;
  /** Frees its resources, including files with weights. */
  close(): Promise<void>;
}
