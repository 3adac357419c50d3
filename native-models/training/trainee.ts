/**
 * A model as recipes see it: measured, trained and cut unit by unit, wherever its weights are stored and however its graphs are
 * divided.
 */
import type { Kept, Model, Section } from "../model.ts";
import type { Batch } from "./batch.ts";
import type { ParameterBlock } from "./parameters.ts";

/** Losses of one batch, already weighted. */
export interface Losses {
  readonly loss: number;
  readonly distillation: number;
}

/** A teacher's data: its normed hidden states [N, D], and the factor of Σ (hidden − target)². */
export interface Distillation {
  readonly target: Float32Array;
  readonly factor: number;
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
  /**
   * Adds the gradients of a batch: Σ weight · cross-entropy over its labels (one weight for all, or one each), and
   * `distillation.factor` · Σ (hidden − target)² over all tokens, hidden normed.
   */
  accumulate(batch: Batch, labelWeights: number | Float32Array, distillation?: Distillation): Promise<Losses>;
  /** Frees its resources, including files with weights. */
  close(): Promise<void>;
}
