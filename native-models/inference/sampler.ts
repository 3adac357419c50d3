/** Chooses the next token: greedy, or sampled after temperature, top-k and top-p. */
import { isAllowed } from "../constraints/mask.ts";
import type { Mask } from "../constraints/mask.ts";
import { Random } from "../random.ts";

export interface SamplerOptions {
  /** 0 is greedy. */
  readonly temperature: number;
  /** Only this many of the most likely tokens; 0: all. */
  readonly topK: number;
  /** Only the most likely tokens that together reach this probability (arXiv 1904.09751). */
  readonly topP: number;
  /** Divides the logits of tokens that already occur, or multiplies negative ones (arXiv 1909.05858). */
  readonly repetitionPenalty: number;
  readonly seed: number;
}

/** Candidates for top-p without top-k: they suffice unless a high temperature makes many tokens alike. */
const FIRST_CANDIDATES = 1024;

export class Sampler {
  readonly #options: SamplerOptions;
  readonly #random: Random;

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#random = new Random(options.seed, "sampling");
  }

  /** The next id, one that `mask` allows. Penalty and mask change `logits` [V] in place. `before`: the ids so far. */
  next(logits: Float32Array, before: readonly number[], mask?: Mask): number {
    const { temperature, topK, topP } = this.#options;
    this.#penalise(logits, before);
    if (mask) exclude(logits, mask);
    if (temperature === 0 || topK === 1) return argmax(logits);
    if (topP === 1 && (topK === 0 || topK >= logits.length)) return this.#drawFromAll(logits);
    return this.#drawFromLikeliest(logits);
  }

  #drawFromLikeliest(logits: Float32Array): number {
    const { temperature, topK, topP } = this.#options;
    const top = logits[argmax(logits)]!;
    const weightOf = (id: number) => Math.exp((logits[id]! - top) / temperature);
    // If nothing was cut off before, top-p counts the weight of all tokens.
    let all = 0;
    if (topK === 0) for (let id = 0; id < logits.length; id++) all += weightOf(id);
    for (let count = topK || FIRST_CANDIDATES; ; count *= 4) {
      const candidates = largest(logits, count);
      const weights = candidates.map(weightOf);
      const wanted = topP * (topK === 0 ? all : weights.reduce((sum, weight) => sum + weight, 0));
      let kept = 0;
      let mass = 0;
      while (kept < candidates.length && mass < wanted) mass += weights[kept++]!;
      if (mass < wanted && topK === 0 && count < logits.length) continue;
      let draw = this.#random.uniform() * mass;
      for (let i = 0; i < kept; i++) if ((draw -= weights[i]!) < 0) return candidates[i]!;
      return candidates[kept - 1]!;
    }
  }

  #drawFromAll(logits: Float32Array): number {
    const { temperature } = this.#options;
    const top = logits[argmax(logits)]!;
    let whole = 0;
    for (let id = 0; id < logits.length; id++) whole += Math.exp((logits[id]! - top) / temperature);
    let draw = this.#random.uniform() * whole;
    for (let id = 0; id < logits.length; id++)
      if ((draw -= Math.exp((logits[id]! - top) / temperature)) < 0) return id;
    return argmax(logits);
  }

  #penalise(logits: Float32Array, before: readonly number[]): void {
    const { repetitionPenalty } = this.#options;
    if (repetitionPenalty === 1) return;
    for (const id of new Set(before))
      logits[id]! *= logits[id]! > 0 ? 1 / repetitionPenalty : repetitionPenalty;
  }
}

/** Logits of ids that a mask doesn't allow become −∞. */
function exclude(logits: Float32Array, mask: Mask): void {
  for (let id = 0; id < logits.length; id++) if (!isAllowed(mask, id)) logits[id] = -Infinity;
}

/** The index of the largest value, the first of equals. */
export function argmax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** The indices of the `count` largest values, largest first, without sorting the rest: a heap whose root is the smallest. */
export function largest(values: Float32Array, count: number): number[] {
  const heap: number[] = [];
  const less = (a: number, b: number) => values[a]! < values[b]! || (values[a]! === values[b]! && a > b);
  const sink = (from: number) => {
    for (let at = from; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && less(heap[child]!, heap[least]!)) least = child;
      if (least === at) return;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  };
  for (let i = 0; i < values.length; i++) {
    if (heap.length < count) {
      heap.push(i);
      if (heap.length === count) for (let at = count >> 1; at >= 0; at--) sink(at);
    } else if (less(heap[0]!, i)) {
      heap[0] = i;
      sink(0);
    }
  }
  return heap.sort((a, b) => (less(a, b) ? 1 : -1));
}
