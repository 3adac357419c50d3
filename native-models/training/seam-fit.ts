/**
 * Repair of a model at the seam of a cut, in closed form: the linear map of the output of the half before the seam that brings the
 * stream nearest to the one after the dropped units (ReplaceMe, arXiv 2505.02819), or the nearest multiple of that output. Least
 * squares over tokens, each divided by the norm of its stream, as some norms are a hundred times as large as others.
 */
import type { InferenceSession } from "onnxruntime-node";
import { Graph } from "../graph/graph.ts";
import type { Tensor } from "../graph/graph.ts";
import { float32, openSession } from "../runtime/session.ts";

/** Streams around the seam in one batch, [N, D] each: before the half, after it, and after the dropped units that followed it. */
export interface SeamStreams {
  readonly before: Float32Array;
  readonly after: Float32Array;
  readonly target: Float32Array;
}

/** A repair: the half's output m becomes m + m·map. */
export interface Repair {
  /** [D, D], or one number for a multiple. */
  readonly map: Float32Array;
  /** Mean over tokens of ‖error‖² / ‖target‖², without the repair and with it. */
  readonly errors: { readonly without: number; readonly repaired: number };
}

/** Ridge regularisation of the map, relative to the mean square of an output's elements. */
const RIDGE = 0.1;

export class SeamFit {
  readonly #width: number;
  readonly #session: InferenceSession;
  /** Σ m·mᵀ and Σ m·eᵀ over tokens, in float64: m the half's output, e = target − after. [D, D] */
  readonly #outputs: Float64Array;
  readonly #missing: Float64Array;
  #errors = 0;
  #tokens = 0;

  private constructor(width: number, session: InferenceSession) {
    this.#width = width;
    this.#session = session;
    this.#outputs = new Float64Array(width * width);
    this.#missing = new Float64Array(width * width);
  }

  /** For streams of width D. */
  static async open(width: number, threads: number): Promise<SeamFit> {
    return new SeamFit(width, await openSession(productsGraph(width), { threads }));
  }

  /** Adds the tokens of a batch. */
  async add({ before, after, target }: SeamStreams): Promise<void> {
    const width = this.#width;
    const [output, missing] = [new Float32Array(before.length), new Float32Array(before.length)];
    for (let first = 0; first < target.length; first += width) {
      let squares = 0;
      for (let i = first; i < first + width; i++) squares += target[i]! * target[i]!;
      const factor = 1 / Math.sqrt(squares || 1);
      for (let i = first; i < first + width; i++) {
        output[i] = factor * (after[i]! - before[i]!);
        missing[i] = factor * (target[i]! - after[i]!);
        this.#errors += missing[i]! * missing[i]!;
      }
    }
    const tokens = target.length / width;
    const results = await this.#session.run({
      m: float32(output, tokens, width),
      e: float32(missing, tokens, width),
    });
    addInto(this.#outputs, results.mm!.data as Float64Array);
    addInto(this.#missing, results.me!.data as Float64Array);
    this.#tokens += tokens;
  }

  /** The linear map. */
  linear(ridge = RIDGE): Repair {
    const map = solvePositive(this.#ridged(ridge), this.#missing.slice(), this.#width);
    return { map: Float32Array.from(map), errors: this.#errorsWith(map) };
  }

  /** The multiple. */
  scale(): Repair {
    const width = this.#width;
    const trace = (matrix: Float64Array) => {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += matrix[i * width + i]!;
      return sum;
    };
    const [squares, products] = [trace(this.#outputs), trace(this.#missing)];
    const factor = squares > 0 ? products / squares : 0;
    const gained = (products * factor) / this.#tokens;
    const without = this.#errors / this.#tokens;
    return { map: Float32Array.of(factor), errors: { without, repaired: without - gained } };
  }

  #ridged(ridge: number): Float64Array {
    const width = this.#width;
    const matrix = this.#outputs.slice();
    let trace = 0;
    for (let i = 0; i < width; i++) trace += matrix[i * width + i]!;
    for (let i = 0; i < width; i++) matrix[i * width + i]! += (ridge * trace) / width || 1;
    return matrix;
  }

  /** ‖e − m·R‖² = ‖e‖² − 2 ⟨R, Σ m·eᵀ⟩ + ⟨R, (Σ m·mᵀ)·R⟩. */
  #errorsWith(map: Float64Array): Repair["errors"] {
    const width = this.#width;
    let gained = 0;
    const row = new Float64Array(width);
    for (let i = 0; i < width; i++) {
      row.fill(0);
      for (let k = 0; k < width; k++) {
        const factor = this.#outputs[i * width + k]!;
        for (let j = 0; j < width; j++) row[j]! += factor * map[k * width + j]!;
      }
      for (let j = 0; j < width; j++) {
        const value = map[i * width + j]!;
        gained += value * (2 * this.#missing[i * width + j]! - row[j]!);
      }
    }
    const without = this.#errors / this.#tokens;
    return { without, repaired: without - gained / this.#tokens };
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}

/** m, e [N, D] → mm = mᵀ·m, me = mᵀ·e [D, D], in float64. */
function productsGraph(width: number): Uint8Array {
  const graph = new Graph("cpu");
  const wide = (name: string) => {
    const x = graph.input(name, "float32", ["N", width]);
    return graph.node("Cast", [x], { type: "float64", shape: x.shape }, { to: 11 });
  };
  const [m, e] = [wide("m"), wide("e")];
  const upright = graph.node("Transpose", [m], { shape: [width, "N"] });
  const product = (x: Tensor) => graph.node("MatMul", [upright, x], { shape: [width, width] });
  graph.output("mm", product(m));
  graph.output("me", product(e));
  return graph.encode("products");
}

function addInto(sum: Float64Array, addend: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += addend[i]!;
}

/**
 * Solves A·X = B by Cholesky decomposition, for a symmetric positive definite A [n, n] and B [n, n]; both are overwritten, B with X,
 * which is returned.
 */
export function solvePositive(a: Float64Array, b: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j]!;
    }
  }
  const subtract = (row: number, other: number, factor: number) => {
    for (let j = 0; j < n; j++) b[row * n + j]! -= factor * b[other * n + j]!;
  };
  const divide = (row: number) => {
    for (let j = 0; j < n; j++) b[row * n + j]! /= a[row * n + row]!;
  };
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) subtract(i, k, a[i * n + k]!);
    divide(i);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) subtract(i, k, a[k * n + i]!);
    divide(i);
  }
  return b;
}

/** A weight [D, in] (or bias [D, 1]) of the projection that a repaired half ends in, with the repair: W + mapᵀ·W. In place. */
export async function repairWeight(weight: Float32Array, map: Float32Array, threads: number): Promise<void> {
  if (map.length === 1) {
    for (let i = 0; i < weight.length; i++) weight[i]! *= 1 + map[0]!;
    return;
  }
  const width = Math.round(Math.sqrt(map.length));
  const columns = weight.length / width;
  const graph = new Graph("cpu");
  const r = graph.input("map", "float32", [width, width]);
  const w = graph.input("weight", "float32", [width, columns]);
  graph.output("repaired", graph.node("Gemm", [r, w, w], w, { transA: 1 }));
  const session = await openSession(graph.encode("repair"), { threads });
  const given = { map: float32(map, width, width), weight: float32(weight, width, columns) };
  weight.set((await session.run(given)).repaired!.data as Float32Array);
  await session.release();
}
