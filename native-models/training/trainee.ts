/** A model as recipes see it: measured, trained and cut unit by unit, wherever its weights lie and however its graphs are cut. */
import type { Kept, Model, Section } from "../model.ts";
import type { Batch } from "./batch.ts";
import type { ParameterBlock } from "./parameters.ts";

/** Losses of one batch, already weighted. */
export interface Losses {
  readonly loss: number;
  readonly distillation: number;
}

/** What a teacher gives: its normed hidden states [N, D], and the factor of Σ (hidden − target)². */
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
  /** Makes the model consist of these parts of its blocks. Nothing is forgotten: a part can come back. */
  keep(kept: readonly Kept[]): void;
  /** What is trained in the parts that are kept, from the lowest up, the ends last. */
  readonly parameters: ParameterBlock[];
  /** Makes ready what the next call would have to make first, which need not be done, but takes its time. */
  prepare(): Promise<void>;
  /** The NLL of each label. [n] */
  nll(batch: Batch): Promise<Float32Array>;
  /** The hidden states that the head sees, normed. [N, D] */
  normedHidden(batch: Batch): Promise<Float32Array>;
  /**
   * For each candidate, the NLL of each label with the model as that candidate leaves it. Candidates are whole `kept` lists
   * that lack something of one block that the present one has.
   */
  scan(
    batch: Batch,
    candidates: readonly (readonly Kept[])[],
    each: (candidate: number, nll: Float32Array) => void,
  ): Promise<void>;
  /**
   * Block influence (arXiv 2403.03853): for each kept part, the mean over tokens of 1 − cos(its input, its output).
   * `halves` splits blocks into attention and MLP.
   */
  influence(batch: Batch, halves: boolean): Promise<UnitInfluence[]>;
  /** Forgets the gradients. */
  clearGradients(): void;
  /**
   * Adds the gradients of a batch: Σ weight · cross-entropy over its labels (one weight for all, or one each), and
   * `distillation.factor` · Σ (hidden − target)² over all tokens, hidden normed.
   */
  accumulate(batch: Batch, labelWeights: number | Float32Array, distillation?: Distillation): Promise<Losses>;
  /** Frees what it holds, and files that weights were put in. */
  close(): Promise<void>;
}
