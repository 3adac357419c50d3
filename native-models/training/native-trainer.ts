/** Steps of training through halves of blocks, run natively (kernels/trainer.h): weights in int8 or f32, adapters in f32. */
import type { MixerState, Norm } from "../architectures/architecture.ts";
import { BACKWARD, FORWARD } from "../graph/linear.ts";
import { loadNative } from "../runtime/native-file.ts";
import type { OrtTensor } from "../runtime/session.ts";
import type { Batch } from "./batch.ts";
import type { ParameterBlock } from "./parameters.ts";
import type { NativeHalf } from "./native-half.ts";
import type { Feeds } from "./sessions.ts";
import type { Trainable } from "./unit-graphs.ts";

/** What kernels/training-binding.cpp exports. `Handle` is opaque. */
interface Native {
  createTrainer(threads: number, loops: string): Handle | null;
  closeTrainer(trainer: Handle): void;
  addHalf(trainer: Handle, sizes: Float64Array): number;
  setProjection(
    trainer: Handle,
    half: number,
    index: number,
    forward: Int8Array,
    forwardScales: Float32Array,
    backward: Int8Array,
    backwardScales: Float32Array,
    bias: Float32Array,
  ): void;
  setFloats(trainer: Handle, half: number, index: number, weights: Float32Array, bias: Float32Array): void;
  setNorm(trainer: Handle, half: number, index: number, weight: Float32Array): void;
  forwardHalf(...step: [...Step, y: Float32Array]): void;
  backwardHalf(...step: [...Step, dy: Float32Array, dx: Float32Array, gradients: Float32Array]): void;
}
type Handle = object & { readonly handle?: unique symbol };

type Step = [
  trainer: Handle,
  half: number,
  slot: number,
  rowStarts: Int32Array,
  cos: Float32Array,
  sin: Float32Array,
  growth: Float32Array,
  adapters: Float32Array,
  x: Float32Array,
];

/** The loops for each set of instructions, "portable" only for tests: it is slower than graphs. */
export type TrainingLoops = "amx" | "avx512" | "avxvnni" | "avx2" | "portable";

const ACTIVATIONS = ["silu", "gelu-tanh"] as const;
const NONE = new Float32Array(0);

/** A half in a step. */
interface HalfRun {
  readonly name: string;
  /** Its adapters. */
  readonly parameters: ParameterBlock | undefined;
  /** Where the forward pass leaves what the backward pass needs. */
  readonly slot: number;
}

interface AddedHalf {
  readonly half: NativeHalf;
  readonly state: MixerState | null;
  /** D */
  readonly width: number;
  readonly trainable: Trainable;
  /** Its frozen weights as inputs of a graph in f32 or w8a8 (`residentWeight`). */
  readonly weights: Feeds;
}

export class NativeTrainer {
  readonly loops: TrainingLoops;
  readonly #native: Native;
  readonly #trainer: Handle;
  readonly #halves = new Map<string, { readonly index: number; readonly state: MixerState | null }>();

  private constructor(native: Native, trainer: Handle, loops: TrainingLoops) {
    this.#native = native;
    this.#trainer = trainer;
    this.loops = loops;
  }

  /** Null without a native build, or if this processor or system lacks the instructions. */
  static open(threads: number, loops: TrainingLoops): NativeTrainer | null {
    const native = loadNative() as Native | null;
    const trainer = native?.createTrainer(threads, loops);
    return trainer ? new NativeTrainer(native!, trainer, loops) : null;
  }

  has(name: string): boolean {
    return this.#halves.has(name);
  }

  add(name: string, { half, state, width, trainable, weights }: AddedHalf): void {
    const { attention = null, queries = null, keys = null } = half.kind === "attention" ? half : {};
    const rank = trainable.kind === "lora" ? trainable.rank : 0;
    const alpha = trainable.kind === "lora" ? trainable.alpha : 0;
    const inside = half.kind === "mlp" ? outputsOf(weights, half.projections[0]!) : 0;
    const index = this.#native.addHalf(
      this.#trainer,
      Float64Array.of(
        attention ? 1 : 0,
        width,
        attention?.heads ?? 0,
        attention?.kvHeads ?? 0,
        attention?.headDim ?? 0,
        attention?.rope?.frequencies.length ?? 0,
        attention?.window ?? 0,
        inside,
        half.kind === "mlp" ? ACTIVATIONS.indexOf(half.activation) : 0,
        rank,
        attention?.scale ?? 0,
        half.branchScale,
        alpha,
        ...[half.before, half.after, queries, keys].map((norm) => norm?.epsilon ?? -1),
      ),
    );
    for (const [place, norm] of [half.before, half.after, queries, keys].entries())
      if (norm) this.#native.setNorm(this.#trainer, index, place, normFactors(weights, norm));
    for (const [place, projection] of half.projections.entries()) {
      const bias = (weights[`${projection}.bias`]?.data as Float32Array | undefined) ?? NONE;
      const floats = weights[`${projection}.weight`]?.data as Float32Array | undefined;
      if (floats) this.#native.setFloats(this.#trainer, index, place, floats, bias);
      else this.#native.setProjection(this.#trainer, index, place, ...codesOf(weights, projection), bias);
    }
    this.#halves.set(name, { index, state });
  }

  /** x → y. [N, D] */
  forward(run: HalfRun, batch: Batch, x: Float32Array, y: Float32Array): void {
    this.#native.forwardHalf(...this.#step(run, batch, x), y);
  }

  /** dy → dx, after `forward` with the same slot; adds the gradients of adapters that are trained, unless `frozen`. [N, D] */
  backward(
    run: HalfRun,
    batch: Batch,
    { x, dy, dx, frozen }: { x: Float32Array; dy: Float32Array; dx: Float32Array; frozen: boolean },
  ): void {
    const gradients = frozen ? NONE : (run.parameters?.gradients ?? NONE);
    this.#native.backwardHalf(...this.#step(run, batch, x), dy, dx, gradients);
  }

  #step({ name, parameters, slot }: HalfRun, batch: Batch, x: Float32Array): Step {
    const { index, state } = this.#halves.get(name)!;
    const { cos, sin, growth } = batch.tables(state);
    const numbers = (table: OrtTensor | undefined) => (table?.data as Float32Array | undefined) ?? NONE;
    const angles = [numbers(cos), numbers(sin), numbers(growth)] as const;
    return [this.#trainer, index, slot, batch.rowStarts, ...angles, parameters?.values ?? NONE, x];
  }

  /** Frees its memory and its threads. */
  close(): void {
    this.#native.closeTrainer(this.#trainer);
  }
}

/** In f32 [out, in], in w8a8 [in, out]. */
const outputsOf = (weights: Feeds, projection: string): number =>
  weights[`${projection}.weight`]?.dims[0] ?? weights[`${projection}.weight${FORWARD}`]!.dims[1]!;

/** The codes of a matrix in w8a8 and their scales, forward and backward. */
function codesOf(weights: Feeds, projection: string) {
  const data = (suffix: string) => weights[`${projection}.weight${suffix}`]!.data;
  return [
    data(FORWARD) as Int8Array,
    data(`${FORWARD}.scales`) as Float32Array,
    data(BACKWARD) as Int8Array,
    data(`${BACKWARD}.scales`) as Float32Array,
  ] as const;
}

function normFactors(weights: Feeds, { name, plusOne = false }: Norm): Float32Array {
  const weight = weights[`${name}.weight`]!.data as Float32Array;
  return plusOne ? weight.map((value) => value + 1) : weight;
}
