/** What runs the steps of a stack: onnxruntime's graphs (graph-runner.ts), or native code (native-runner.ts). */
import type { Batch } from "./batch.ts";
import type { Feeds } from "./sessions.ts";
import type { StoredApart } from "./unit-graphs.ts";
import type { UnitStep } from "./units.ts";

/** Matrices of one block as the inputs of its graphs, in another storage than the stack's. */
export interface StoredOtherwise extends StoredApart {
  readonly block: number;
  readonly feeds: Feeds;
}

export interface ForwardRun {
  /** [N, D] */
  readonly x: Float32Array;
  /** The result. [N, D] */
  readonly y: Float32Array;
  /** The step's place, under which its activations are kept for the backward pass; null: they are not kept. */
  readonly kept?: number | null;
  /** Matrices of this block in another storage. */
  readonly otherwise?: StoredOtherwise | undefined;
}

export interface BackwardRun {
  /** What the step had as input. [N, D] */
  readonly x: Float32Array;
  /** As in the forward run; null: activations are recomputed. */
  readonly kept: number | null;
  /** The gradient towards its output, and the result: that towards its input. [N, D] */
  readonly dy: Float32Array;
  readonly dx: Float32Array;
  /** Whether no gradients of parameters are added. */
  readonly frozen?: boolean;
}

export interface UnitRunner {
  forward(batch: Batch, step: UnitStep, run: ForwardRun): Promise<void>;
  backward(batch: Batch, step: UnitStep, run: BackwardRun): Promise<void>;
}
