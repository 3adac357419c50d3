/**
 * Products for many tokens at a time: int8 times int8, with one scale per token and one per output. With int8 instructions, a CPU is
 * two to three times as fast as with `MatMulNBits`. The matrices of the blocks are stored a second time for this, in memory, in
 * 8 bits: docs/decisions/0023-int8-prompts.md. A few inputs of a product are outliers, which would make a token's one scale too coarse
 * for the others. So each input is divided by a factor, and its weights are multiplied by it (SmoothQuant, arXiv 2211.10438). The
 * size of inputs is measured on arbitrary tokens, because a model has the same outlier channels whatever it reads.
 */
import type { Role } from "../architectures/architecture.ts";
import { FileBytes } from "../formats/bytes.ts";
import type { Tensor } from "../graph/graph.ts";
import { largestInRows, int8MatrixInput, int8Product } from "../graph/int8.ts";
import type { Largest, Int8Matrix } from "../graph/int8.ts";
import { float32, tensor } from "../runtime/session.ts";
import type { OrtTensor } from "../runtime/session.ts";
import { TILE_ROWS, writeTransposed } from "../int8-matrices.ts";
import type { Int8Columns } from "../int8-matrices.ts";
import { BLOCK, codeBytes, middleOf } from "./quantise.ts";
import type { Bits } from "./quantise.ts";
import type { Region } from "./weights-file.ts";

/** A matrix stored in a file as codes. */
export interface StoredCodes {
  readonly role: Role | undefined;
  readonly rows: number;
  readonly columns: number;
  readonly bits: Bits;
  readonly codes: Region;
  readonly scales: Region;
}

/** Builds the products of blocks. */
export interface BlockProducts {
  /** x·wᵀ for a matrix of a block, whose ordinary product is `usual`. x [N, in], w [out, in] → [N, out] */
  product(x: Tensor, matrix: StoredCodes, usual: () => Tensor): Tensor;
}

/** The share of the inputs' excess magnitude that moves to their weights. */
const SMOOTHING = 0.65;

const largestName = (product: number) => `largest ${product}`;

/**
 * Ordinary products; for each, the graph also outputs `largest I` [in]: the largest magnitude of each input relative to the largest of
 * its token, 0 to 1.
 */
export class LargestInputs implements BlockProducts {
  #products = 0;

  product(x: Tensor, { columns }: StoredCodes, usual: () => Tensor): Tensor {
    const { graph } = x;
    const share = graph.node("Abs", [graph.node("Div", [x, largestInRows(x)], x)], x);
    const vector = { shape: [columns] };
    const largest = graph.node("ReduceMax", [share, graph.integers(0)], vector, { keepdims: 0 });
    graph.output(largestName(this.#products++), largest);
    return usual();
  }
}

interface PromptProduct {
  readonly matrix: StoredCodes;
  readonly whole: Int8Matrix;
  /** The factors of the product's inputs. [in] */
  readonly smoothing: Tensor;
}

export class PromptWeights implements BlockProducts {
  readonly #largest: Largest;
  /** Null for an ordinary product. */
  readonly #products: (PromptProduct | null)[] = [];

  /**
   * `largest`: the range of the quantised inputs; with the smaller range, products out of the feed-forward width stay ordinary,
   * because they lose the most.
   */
  constructor(largest: Largest) {
    this.#largest = largest;
  }

  /** Approximate: x and w have 8 bits. */
  product(x: Tensor, matrix: StoredCodes, usual: () => Tensor): Tensor {
    const { graph } = x;
    const { rows: outputs, columns: inputs } = matrix;
    const product = this.#products.length;
    if (this.#largest < 127 && matrix.role === "down") {
      this.#products.push(null);
      return usual();
    }
    const whole = int8MatrixInput(graph, `prompt ${product}`, inputs, outputs);
    const smoothing = graph.input(`prompt ${product}.smoothing`, "float32", [inputs]);
    this.#products.push({ matrix, whole, smoothing });
    return int8Product(graph.node("Mul", [x, smoothing], x), whole, { largest: this.#largest });
  }

  /**
   * The inputs of the graph: int8 matrices, from their codes in the file at `path`, and smoothing factors, from the input sizes
   * measured by the graph of `LargestInputs`. Throws the errors of reading the file.
   */
  read(path: string, measured: Readonly<Record<string, OrtTensor>>): Record<string, OrtTensor> {
    const feeds: Record<string, OrtTensor> = {};
    const file = FileBytes.open(path);
    try {
      for (const [index, product] of this.#products.entries()) {
        if (!product) continue;
        const { matrix, whole, smoothing } = product;
        const { rows, columns } = matrix;
        const codes = file.read(matrix.codes.offset, matrix.codes.byteLength, "weights");
        const scales = file.read(matrix.scales.offset, matrix.scales.byteLength, "weights");
        const factors = smoothingOf(measured[largestName(index)]!.data as Float32Array);
        const made = requantise(matrix, codes, new Float32Array(scales.buffer), factors);
        feeds[whole.numbers.name] = tensor("int8", made.values, [columns, rows]);
        feeds[whole.scales.name] = float32(made.scales, rows);
        feeds[smoothing.name] = float32(
          factors.map((factor) => 1 / factor),
          columns,
        );
      }
    } finally {
      file.close();
    }
    return feeds;
  }
}

/**
 * The smoothing factors, which divide inputs and multiply weights, from the sizes of inputs (`LargestInputs`). A rarely active
 * input counts as a tenth of the median.
 */
function smoothingOf(inputs: Float32Array): Float32Array {
  const least = Math.max(inputs.slice().sort()[inputs.length >> 1]! / 10, 1e-10);
  return inputs.map((input) => Math.max(input, least) ** SMOOTHING);
}

/** Codes [rows, blocks] with a scale each, times a factor per column → int8 [columns, rows] with one scale per row. */
function requantise(
  { rows, columns, bits }: StoredCodes,
  codes: Uint8Array,
  blockScales: Float32Array,
  factors: Float32Array,
): Int8Columns {
  const whole = { values: new Int8Array(rows * columns), scales: new Float32Array(rows) };
  const rowBytes = codeBytes(columns, bits);
  const blocks = blockScales.length / rows;
  const row = new Float32Array(blocks * BLOCK);
  const tile = new Float32Array(TILE_ROWS * columns);
  for (let first = 0; first < rows; first += TILE_ROWS) {
    const count = Math.min(TILE_ROWS, rows - first);
    for (let r = 0; r < count; r++) {
      const out = first + r;
      decode(codes.subarray(out * rowBytes, (out + 1) * rowBytes), bits, row);
      for (let i = 0; i < columns; i++)
        tile[r * columns + i] = row[i]! * blockScales[out * blocks + ((i / BLOCK) | 0)]! * factors[i]!;
    }
    writeTransposed(tile.subarray(0, count * columns), columns, { first, rows }, whole);
  }
  return whole;
}

/** A row's codes as numbers, without their scales. */
function decode(codes: Uint8Array, bits: Bits, row: Float32Array): void {
  const middle = middleOf(bits);
  if (bits === 8) for (let i = 0; i < codes.length; i++) row[i] = codes[i]! - middle;
  else
    for (let i = 0; i < codes.length; i++) {
      row[2 * i] = (codes[i]! & 15) - middle;
      row[2 * i + 1] = (codes[i]! >> 4) - middle;
    }
}
