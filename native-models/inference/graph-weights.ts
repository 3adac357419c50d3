/** A graph's weights: initialisers over regions of one file, and the operators that read the stored codes. */
import type { Norm, Role } from "../architectures/architecture.ts";
import { mappedElements } from "../formats/views.ts";
import type { Graph, Tensor } from "../graph/graph.ts";
import { linear } from "../graph/linear.ts";
import type { Model } from "../model.ts";
import type { Precision } from "./precision.ts";
import { BLOCK, codeBytes, scaleCount } from "./quantise.ts";
import type { Bits } from "./quantise.ts";
import type { BlockProducts } from "./prompt-weights.ts";
import { WeightsFile } from "./weights-file.ts";

/**
 * 4: MatMulNBits quantises its input to 8 bits, block by block, and multiplies integers; 1: it multiplies f32. A GPU uses the
 * latter, so that wrong results can be detected.
 */
const ACCURACY_LEVEL = { cpu: 4, gpu: 1 } as const;

/** A matrix [out, in] in a graph. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly bits: Bits | 32;
  /** f32 [out, in], or codes [out, blocks, 32 · bits / 8]. */
  readonly values: Tensor;
  /** [out, blocks], with codes only. */
  readonly scales?: Tensor;
}

/** Groups these projections into products: all of them in one if each has a bias or none has; otherwise one each. */
export function joinedProjections(
  model: Model,
  names: readonly string[],
): { names: readonly string[]; hasBias: boolean }[] {
  const biased = names.map((name) => model.names.includes(`${name}.bias`));
  if (biased.every((bias) => bias === biased[0])) return [{ names, hasBias: biased[0]! }];
  return names.map((name, index) => ({ names: [name], hasBias: biased[index]! }));
}

export class GraphWeights {
  readonly file: WeightsFile;
  readonly #graph: Graph;
  readonly #model: Model;
  readonly #precision: Precision;
  readonly #accuracyLevel: number;
  readonly #blockProducts: BlockProducts | null;

  /** `graph`: of the dialect `cpu` or `gpu`. `blockProducts`: replaces the usual products of projections. `file`: the file's name. */
  constructor(
    graph: Graph,
    model: Model,
    precision: Precision,
    { blockProducts = null, file }: { blockProducts?: BlockProducts | null; file?: string } = {},
  ) {
    this.file = new WeightsFile(graph, file);
    this.#graph = graph;
    this.#model = model;
    this.#precision = precision;
    this.#blockProducts = blockProducts;
    this.#accuracyLevel = graph.dialect === "cpu" ? ACCURACY_LEVEL.cpu : ACCURACY_LEVEL.gpu;
  }

  /** Vectors, joined. f32 [size] */
  vector(...names: string[]): Tensor {
    return this.file.vector(names.map((name) => this.#model.weight(name)));
  }

  /** A weight that is not a matrix, in its own shape. f32 */
  tensor(name: string): Tensor {
    return this.file.whole(this.#model.weight(name));
  }

  /** The factor of a norm, from the weight of this upstream name. f32 [size] */
  normFactor(name: string, { plusOne }: Pick<Norm, "plusOne">): Tensor {
    const weight = this.#model.weight(name);
    return this.file.vector([plusOne ? mappedElements(weight, (value) => value + 1) : weight]);
  }

  /** Matrices concatenated by rows; `bits` is used unless the model is fp32. */
  matrix(names: readonly string[], bits: Bits): Matrix {
    const weights = names.map((name) => this.#model.weight(name));
    const columns = weights[0]!.columns;
    const rows = weights.reduce((sum, weight) => sum + weight.rows, 0);
    if (this.#precision === "fp32") return { rows, columns, bits: 32, values: this.file.matrix(weights) };
    const { codes, scales } = this.file.quantised(weights, bits);
    return { rows, columns, bits, values: codes, scales };
  }

  /** A matrix in two 4-bit planes, whatever the precision: the whole is 16 · high + low. */
  planes(name: string): { high: Matrix; low: Matrix } {
    const weight = this.#model.weight(name);
    const { high, low, scales } = this.file.planes([weight]);
    const { rows, columns } = weight;
    return {
      high: { rows, columns, bits: 4, values: high, scales },
      low: { rows, columns, bits: 4, values: low, scales },
    };
  }

  /**
   * The named projections of x, with their biases, as one product that is split again; `role` is that of the first. [N, in] → [N,
   * out] each
   */
  projections(x: Tensor, names: readonly string[], bits: Bits, role?: Role): Tensor[] {
    const products = joinedProjections(this.#model, names);
    if (products.length > 1) return names.flatMap((name) => this.projections(x, [name], bits, role));

    const ends = (end: string) => names.map((name) => `${name}.${end}`);
    const bias = products[0]!.hasBias ? this.vector(...ends("bias")) : undefined;
    const whole = this.#projected(x, this.matrix(ends("weight"), bits), { bias, role });
    if (names.length === 1) return [whole];
    const sizes = ends("weight").map((name) => this.#model.weight(name).rows);
    const parts = sizes.map((size) => ({ shape: [x.shape[0]!, size] }));
    return this.#graph.nodes("Split", [whole, this.#graph.integers(...sizes)], parts, { axis: 1 });
  }

  #projected(
    x: Tensor,
    w: Matrix,
    { bias, role }: { bias: Tensor | undefined; role: Role | undefined },
  ): Tensor {
    const { rows, columns, values, scales } = w;
    if (!this.#blockProducts || !scales) return this.product(x, w, bias);
    const [codes, blockScales] = [this.file.region(values), this.file.region(scales)];
    const stored = { rows, columns, role, bits: w.bits as Bits, codes, scales: blockScales };
    const y = this.#blockProducts.product(x, stored, () => this.product(x, w));
    return bias ? this.#graph.node("Add", [y, bias], y) : y;
  }

  /** x·wᵀ (+ bias). x [N, in] → [N, out] */
  product(x: Tensor, w: Matrix, bias?: Tensor): Tensor {
    const { rows, columns, bits, values, scales } = w;
    if (!scales) return linear(x, values, bias ? { plus: bias } : {});
    return this.#graph.node(
      "com.microsoft:MatMulNBits",
      [x, values, scales, ...(bias ? [undefined, undefined, bias] : [])],
      { shape: [x.shape[0]!, rows] },
      { K: columns, N: rows, bits, block_size: BLOCK, accuracy_level: this.#accuracyLevel },
    );
  }

  /** The rows of w with these indices. ids [N, …] → [N, …, in] */
  rows(w: Matrix, ids: Tensor): Tensor {
    const graph = this.#graph;
    if (!w.scales) {
      const shape = [...ids.shape, w.columns];
      return graph.node("Gather", [w.values, ids], { type: "float32", shape }, { axis: 0 });
    }
    const bits = w.bits as Bits;
    const codes = this.file.reshaped(w.values, [w.rows, codeBytes(w.columns, bits)]);
    const padded = graph.node(
      "com.microsoft:GatherBlockQuantized",
      [codes, ids, w.scales],
      { type: "float32", shape: [...ids.shape, paddedColumns(w)] },
      { gather_axis: 0, quantize_axis: 1, block_size: BLOCK, bits },
    );
    return this.#unpadded(padded, w);
  }

  /** Without the padding columns of the last block. */
  #unpadded(x: Tensor, { columns }: Matrix): Tensor {
    const graph = this.#graph;
    if (x.shape.at(-1) === columns) return x;
    const [from, to, axis] = [0, columns, x.shape.length - 1].map((number) => graph.integers(number));
    return graph.node("Slice", [x, from, to, axis], { shape: [...x.shape.slice(0, -1), columns] });
  }
}

const paddedColumns = ({ columns }: Matrix) => scaleCount(columns) * BLOCK;
