/**
 * A model as recipes see it: measured, trained and cut unit by unit, wherever its weights are stored and however its graphs are
 * divided.
 */
import type { Kept, Model } from "../model.ts";
import type { Batch } from "./batch.ts";
import type { Likeliest, SoftTargets, TopTokens } from "./head.ts";
import type { ParameterBlock } from "./parameters.ts";
import type { Parts } from "./parts.ts";
import type { UnitStep } from "./units.ts";

/** Losses of one batch, already weighted. */
export interface Losses {
  readonly loss: number;
  /** The sum of all losses towards a teacher. */
  readonly distillation: number;
}

/** A teacher's targets for a batch, each with the weight of its loss. */
export interface DistillationTargets {
  readonly hidden?: Distillation | undefined;
  /** Its distributions at the batch's labels. */
  readonly tokens?: SoftTargets | undefined;
}

/** A teacher's normed hidden states [N, D], and the factor of Σ (hidden − target)². */
export interface Distillation {
  readonly target: Float32Array;
  readonly factor: number;
}

/** What a model, as a teacher, records of a batch. */
export interface TeacherRecord {
  /** The normed hidden states that the head receives. [N, D] */
  readonly hidden: Float32Array;
  /** Null if they were not requested. */
  readonly tokens: TopTokens | null;
}

/** What a part does to the stream in one batch. */
export interface UnitInfluence extends UnitStep {
  /** The mean over tokens of 1 − cos(its input, its output). */
  readonly influence: number;
  /** Σ (its output − its input)² over all tokens. */
  readonly addedSquares: number;
}

export interface GateGradient extends UnitStep {
  readonly gradient: number;
}

export interface Trainee {
  readonly model: Model;
  /** What remains of each block. */
  readonly kept: readonly Kept[];
  /** Sets the kept parts of the blocks. Nothing is discarded: a part can be restored. */
  keep(kept: readonly Kept[]): void;
  /** What every part has of its own, and whether that is trained. */
  readonly parts: Parts;
  /**
   * Changes `parts`. A part keeps its values: weights that are trained from here on start from the model's, with the part's adapters, if
   * it had any, merged into them. New adapters, and parts that return to the model's own values, start afresh. Throws the errors of
   * reading the model.
   */
  hold(parts: Parts): void;
  /** The trained tensors of the kept parts, starting at the input, the ends last. */
  readonly parameters: ParameterBlock[];
  /** The same, with those that are no longer trained. */
  readonly held: ParameterBlock[];
  /** Does the set-up that the next call would otherwise do first; optional. */
  prepare(): Promise<void>;
  /** The NLL of each label. [n] */
  nll(batch: Batch): Promise<Float32Array>;
  /** The normed hidden states that the head receives. [N, D] */
  normedHidden(batch: Batch): Promise<Float32Array>;
  /** What a teacher records of a batch, with its `likeliest` tokens if requested. Its memory is valid until the next call. */
  record(batch: Batch, likeliest: Likeliest | null): Promise<TeacherRecord>;
  /**
   * For each candidate, the NLL of each label with the model as that candidate leaves it. Candidates are complete `kept` lists
   * that lack part of one block of the current one.
   */
  scan(
    batch: Batch,
    candidates: readonly (readonly Kept[])[],
    each: (candidate: number, nll: Float32Array) => void,
  ): Promise<void>;
  /** What each kept part does to the stream; `halves` splits blocks into attention and MLP. */
  influence(batch: Batch, halves: boolean): Promise<UnitInfluence[]>;
  /**
   * The gradient of Σ weight · cross-entropy over a batch's labels towards a gate of 1 on what each part adds to the stream:
   * ⟨its output − its input, ∂loss/∂output⟩. One backward pass without gradients of weights. `halves` as above.
   */
  gateGradients(batch: Batch, labelWeight: number, halves: boolean): Promise<GateGradient[]>;
  /** Clears the gradients. */
  clearGradients(): void;
  /** Adds the gradients of a batch: of Σ weight · cross-entropy over its labels (one weight for all, or one each), and of a targets. */
  accumulate(
    batch: Batch,
    labelWeights: number | Float32Array,
    targets?: DistillationTargets,
  ): Promise<Losses>;
  /** Frees its resources, including files with weights. */
  close(): Promise<void>;
}
