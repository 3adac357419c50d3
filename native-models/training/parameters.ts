/** The trained tensors: values, gradients and AdamW's moments, flat in memory, one block per unit. */
import type { WeightSpec } from "../architectures/architecture.ts";
import { float32 } from "../runtime/session.ts";
import type { OrtTensor } from "../runtime/session.ts";

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** Views, by name, of the tensors concatenated in a flat buffer. */
export function tensorViews(
  specs: readonly WeightSpec[],
  buffer: Float32Array,
): ReadonlyMap<string, Float32Array> {
  const views = new Map<string, Float32Array>();
  let offset = 0;
  for (const { name, shape } of specs) {
    views.set(name, buffer.subarray(offset, (offset += sizeOf(shape))));
  }
  return views;
}

/** The tensors of one unit (or of the ends of the model) that a run has changed, whether or not they are still trained. */
export class ParameterBlock {
  /** The part's name (parts.ts). */
  readonly name: string;
  readonly specs: readonly WeightSpec[];
  /** Whether they are trained; otherwise gradients and moments are empty. */
  readonly trained: boolean;
  readonly values: Float32Array;
  readonly gradients: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  /** The values as session inputs. */
  readonly feeds: Readonly<Record<string, OrtTensor>>;
  readonly #values: ReadonlyMap<string, Float32Array>;
  readonly #gradients: ReadonlyMap<string, Float32Array>;

  constructor(name: string, specs: readonly WeightSpec[], trained = true) {
    const total = specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const changing = trained ? total : 0;
    this.name = name;
    this.specs = specs;
    this.trained = trained;
    this.values = new Float32Array(total);
    this.gradients = new Float32Array(changing);
    this.firstMoment = new Float32Array(changing);
    this.secondMoment = new Float32Array(changing);
    this.#values = tensorViews(specs, this.values);
    this.#gradients = tensorViews(specs, this.gradients);
    this.feeds = Object.fromEntries(
      specs.map((spec) => [spec.name, float32(this.value(spec.name), ...spec.shape)]),
    );
  }

  /** The values of a tensor: a view. */
  value(name: string): Float32Array {
    return this.#values.get(name)!;
  }

  /** The gradient of a tensor: a view. */
  gradient(name: string): Float32Array {
    return this.#gradients.get(name)!;
  }

  /** Adds the gradients that a run's outputs contain as "d:<name>"; `nameOf` maps a tensor's name to its name there. */
  addGradients(outputs: Readonly<Record<string, OrtTensor>>, nameOf = (name: string) => name): void {
    for (const [name, sum] of this.#gradients) {
      const gradient = outputs[`d:${nameOf(name)}`];
      if (gradient) addInto(sum, gradient.data as Float32Array);
    }
  }
}

/** sum += addend, element by element. */
export function addInto(sum: Float32Array, addend: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += addend[i]!;
}

export interface AdamWOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** The global L2 norm of the gradients. */
export function gradientNorm(blocks: readonly ParameterBlock[]): number {
  let sum = 0;
  for (const { gradients } of blocks) {
    for (let i = 0; i < gradients.length; i++) sum += gradients[i]! * gradients[i]!;
  }
  return Math.sqrt(sum);
}

/** The factor that brings gradients of this norm down to `most`. */
export const clipping = (norm: number, most: number): number => Math.min(1, most / (norm || 1));

/**
 * One step of AdamW (arXiv 1711.05101): gradients times `gradientScale`, at `learningRate`; `step` counts from 1. Weight decay
 * does not apply to vectors.
 */
export function adamW(
  block: ParameterBlock,
  step: number,
  learningRate: number,
  gradientScale: number,
  options: AdamWOptions,
): void {
  const { beta1, beta2, epsilon, weightDecay } = options;
  const correction1 = 1 / (1 - beta1 ** step);
  const correction2 = 1 / (1 - beta2 ** step);
  const { values, gradients, firstMoment, secondMoment } = block;
  let start = 0;
  for (const { shape } of block.specs) {
    const end = start + sizeOf(shape);
    const keep = 1 - learningRate * (shape.length > 1 ? weightDecay : 0);
    for (let i = start; i < end; i++) {
      const gradient = gradients[i]! * gradientScale;
      const m = beta1 * firstMoment[i]! + (1 - beta1) * gradient;
      const v = beta2 * secondMoment[i]! + (1 - beta2) * gradient * gradient;
      firstMoment[i] = m;
      secondMoment[i] = v;
      values[i] =
        values[i]! * keep - (learningRate * m * correction1) / (Math.sqrt(v * correction2) + epsilon);
    }
    start = end;
  }
}

/** Linear warm-up over `warmupSteps`, then cosine decay to 0 at `totalSteps`; constant if that is null. `step` from 0. */
export function learningRateAt(
  step: number,
  peak: number,
  warmupSteps: number,
  totalSteps: number | null,
): number {
  if (step < warmupSteps) return (peak * (step + 1)) / warmupSteps;
  if (totalSteps === null) return peak;
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  return (peak * (1 + Math.cos(Math.PI * progress))) / 2;
}
