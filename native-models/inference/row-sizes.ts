/** How many numbers the native decoder stores per token while it computes, from a model's configuration only. */
import { attentionsOf } from "../architectures/architecture.ts";
import type { Attention, BlockOps, Config, HalfBlock, Norm } from "../architectures/architecture.ts";
import type { ProjectedDelta } from "../graph/delta-rule.ts";
import type { Activation } from "../graph/elementwise.ts";
import { Graph } from "../graph/graph.ts";
import type { Tensor } from "../graph/graph.ts";
import { placeSize } from "./steps.ts";

export interface RowSizes {
  /** Numbers of a row, including the padding between its values (`StepProgram.rowSize`). */
  readonly rowSize: number;
  /** The longest input of a product. */
  readonly longestInput: number;
  /** The rotated queries of an attention. */
  readonly queries: number;
}

/** The sizes of a row: both streams, and the values of the largest half, or of the head. */
export function rowSizes(config: Config): RowSizes {
  const { hiddenSize } = config;
  const halves = new Set(config.blocks.flatMap((kind) => Object.values(kind.halves)));
  const counted = [...halves].map((half) => new Counting(half, hiddenSize));
  const both = 2 * placeSize(hiddenSize); // streams, or the head's input, normalised and raised
  return {
    rowSize: both + Math.max(both, ...counted.map(({ size }) => size)),
    longestInput: Math.max(hiddenSize, ...counted.map(({ longestInput }) => longestInput)),
    queries: Math.max(0, ...attentionsOf(config).map(({ heads, headDim }) => heads * headDim)),
  };
}

/** Adds up the places of all values of a half's branch, as `stepsOf` assigns them. */
class Counting implements BlockOps {
  size = 0;
  longestInput = 0;
  readonly #half: HalfBlock;
  readonly #graph = new Graph();

  constructor(half: HalfBlock, hiddenSize: number) {
    this.#half = half;
    half.branch(this.#tensor(hiddenSize), this);
  }

  linear(x: Tensor, ...names: readonly string[]): never {
    this.longestInput = Math.max(this.longestInput, widthOf(x));
    const weights = names.map((name) => this.#half.weights.find((spec) => spec.name === `${name}.weight`)!);
    const widths = weights.map(({ shape }) => shape[0]);
    this.#place(widths.reduce((sum, width) => sum + width, 0)); // of one product
    return widths.map((width) => this.#tensor(width)) as never;
  }

  rmsNorm = (x: Tensor, _norm: Norm) => this.#place(widthOf(x));
  attention = (q: Tensor, _k: Tensor, _v: Tensor, _attention: Attention) => this.#place(widthOf(q));
  causalConvolution = (x: Tensor) => this.#place(widthOf(x));
  gatedUnit = (_activation: Activation, gate: Tensor) => this.#place(widthOf(gate));
  multiply = (a: Tensor) => this.#place(widthOf(a));
  split = (_x: Tensor, widths: readonly number[], heads = 1) =>
    widths.map((width) => this.#place(heads * width));
  activate = (_activation: Activation, x: Tensor) => this.#place(widthOf(x));
  deltaRule = ({ values }: ProjectedDelta) => this.#place(widthOf(values));
  scale = (x: Tensor) => this.#place(widthOf(x));

  #place(width: number): Tensor {
    this.size += placeSize(width);
    return this.#tensor(width);
  }

  #tensor(width: number): Tensor {
    return { graph: this.#graph, name: "", type: "float32", shape: ["N", width] };
  }
}

const widthOf = ({ shape }: Tensor) => shape[1] as number;
