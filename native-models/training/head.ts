/** The language-model head as used by a stack, whole or split along the vocabulary. */
import { int32, float32 } from "../runtime/session.ts";
import type { Batch } from "./batch.ts";
import type { Feeds } from "./sessions.ts";

/** Losses of a head, already weighted. */
export interface HeadLosses {
  readonly loss: number;
  /** The divergence from a teacher's distributions. */
  readonly divergence: number;
}

export interface Head {
  /** The NLL of each label; hidden [N, D], before the final norm → [n]. */
  score(batch: Batch, hidden: Float32Array): Promise<Float32Array>;
  /**
   * Adds the gradient of Σ weight · cross-entropy over the labels (one weight for all, or one each), and of the divergence from
   * `targets`, to `gradient` [N, D]; returns the weighted losses.
   */
  accumulate(
    batch: Batch,
    hidden: Float32Array,
    labelWeights: number | Float32Array,
    gradient: Float32Array,
    targets?: SoftTargets,
  ): Promise<HeadLosses>;
  /** The likeliest tokens at each label's place; normed [N, D], after the final norm. */
  likeliest(batch: Batch, normed: Float32Array, wanted: Likeliest): Promise<TopTokens>;
}

/** How many of the likeliest tokens, and the temperature of the distribution. */
export interface Likeliest {
  readonly count: number;
  readonly temperature: number;
}

/** The k likeliest tokens at each label's place, the first the likeliest. */
export interface TopTokens {
  /** [n, k] */
  readonly ids: Int32Array;
  /** Log-probabilities at the temperature; the last column is that of all other tokens together. [n, k + 1] */
  readonly logProbabilities: Float32Array;
}

/** A teacher's distribution at each label's place (graph/soft-targets.ts). */
export interface SoftTargets extends TopTokens {
  readonly temperature: number;
  /** Factor of τ² · Σ KL(teacher ‖ student). */
  readonly strength: number;
}

/** The inputs of a graph with soft targets, for the labels from `first` up to `end`. */
export function targetFeeds(targets: SoftTargets, labels: number, first = 0, end = labels): Feeds {
  const { ids, logProbabilities, strength } = targets;
  const [count, k] = [end - first, ids.length / labels];
  const probabilities = new Float32Array(count * k);
  const rest = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    const own = logProbabilities.subarray((first + row) * (k + 1), (first + row + 1) * (k + 1));
    const total = own.reduce((sum, value) => sum + Math.exp(value), 0); // stored values are rounded
    for (let i = 0; i < k; i++) probabilities[row * k + i] = Math.exp(own[i]!) / total;
    rest[row] = Math.exp(own[k]!) / total;
  }
  return {
    ids: int32(ids.slice(first * k, end * k), count, k),
    probabilities: float32(probabilities, count, k),
    rest: float32(rest, count),
    strength: float32(Float32Array.of(strength)),
  };
}

/** The likeliest tokens of a part of a head: logits / τ [n, k], ids [n, k] in the vocabulary, log Σ exp(logits / τ) [n]. */
export interface PartOfTop {
  readonly values: Float32Array;
  readonly ids: Int32Array;
  readonly total: Float32Array;
}

/** The smallest probability of the rest of the vocabulary: less is rounding error. */
const LEAST_REST = 1e-9;

/** The `count` likeliest tokens over all parts of a vocabulary, which has at least that many. */
export function topOf(parts: readonly PartOfTop[], count: number): TopTokens {
  const labels = parts[0]!.total.length;
  const ids = new Int32Array(labels * count);
  const logProbabilities = new Float32Array(labels * (count + 1));
  for (let row = 0; row < labels; row++) {
    const found = parts.flatMap(({ values, ids: own, total }) => {
      const k = own.length / total.length;
      return Array.from({ length: k }, (_, i) => ({ id: own[row * k + i]!, value: values[row * k + i]! }));
    });
    found.sort((a, b) => b.value - a.value || a.id - b.id);
    const largest = Math.max(...parts.map(({ total }) => total[row]!));
    const all =
      largest + Math.log(parts.reduce((sum, { total }) => sum + Math.exp(total[row]! - largest), 0));
    let rest = 1;
    for (let i = 0; i < count; i++) {
      const { id, value } = found[i]!;
      ids[row * count + i] = id;
      logProbabilities[row * (count + 1) + i] = value - all;
      rest -= Math.exp(value - all);
    }
    logProbabilities[row * (count + 1) + count] = Math.log(Math.max(rest, LEAST_REST));
  }
  return { ids, logProbabilities };
}

/** Copies the rows [D] of the tokens at `index` into `rows` [n, D], which it returns. */
export function gatherRows(
  hidden: Float32Array,
  index: Int32Array,
  width: number,
  rows: Float32Array,
): Float32Array {
  index.forEach((token, row) => rows.set(hidden.subarray(token * width, (token + 1) * width), row * width));
  return rows;
}

/** Adds rows [n, D] to the gradients of the tokens at `index`. */
export function scatterRows(
  rows: Float32Array,
  index: Int32Array,
  width: number,
  gradient: Float32Array,
): void {
  index.forEach((token, row) => {
    for (let i = 0; i < width; i++) gradient[token * width + i]! += rows[row * width + i]!;
  });
}
