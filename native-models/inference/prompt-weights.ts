/**
 * Products for many tokens at a time: whole numbers times whole numbers, with one scale a token and one an output. A
 * processor with instructions for that is two to three times as fast at it as at `MatMulNBits`. The matrices of the blocks
 * are wanted once more for it, in memory, as 8-bit numbers: docs/decisions/0023-prompts-in-whole-numbers.md.
 */
import { FileBytes } from "../formats/bytes.ts";
import { Graph } from "../graph/graph.ts";
import type { Tensor } from "../graph/graph.ts";
import { float32, openSession, tensor } from "../runtime/session.ts";
import type { OrtTensor } from "../runtime/session.ts";
import { BLOCK, codeBytes, middleOf } from "./quantise.ts";
import type { Bits } from "./quantise.ts";
import type { Region } from "./weights-file.ts";

/** Whole numbers lie symmetric around 0, those of tokens are moved up to be unsigned. */
const LARGEST = 127;
const TOKEN_ZERO = 128;

/** Rows that are turned into columns at a time: their numbers lie beside each other then. */
const TILE_ROWS = 16;

/** A matrix [out, in] as it lies in a file, in codes. */
export interface StoredCodes {
  readonly rows: number;
  readonly columns: number;
  readonly bits: Bits;
  readonly codes: Region;
  readonly scales: Region;
}

export class PromptWeights {
  readonly #matrices: { matrix: StoredCodes; values: Tensor; scales: Tensor }[] = [];

  /** x·wᵀ, about: x and w have 8 bits. x [N, in], w [out, in] → [N, out] */
  product(x: Tensor, matrix: StoredCodes): Tensor {
    const { rows: outputs, columns: inputs } = matrix;
    const name = `prompt ${this.#matrices.length}`;
    const values = x.graph.input(`${name} values`, "int8", [inputs, outputs]);
    const scales = x.graph.input(`${name} scales`, "float32", [outputs]);
    this.#matrices.push({ matrix, values, scales });
    return wholeNumberProduct(x, values, scales);
  }

  /** The matrices in whole numbers, as the graph takes them, from their codes in the file at `path`. Throws what reading that throws. */
  read(path: string): Record<string, OrtTensor> {
    const feeds: Record<string, OrtTensor> = {};
    const file = FileBytes.open(path);
    try {
      for (const { matrix, values, scales } of this.#matrices) {
        const { rows, columns } = matrix;
        const codes = file.read(matrix.codes.offset, matrix.codes.byteLength, "weights");
        const blockScales = file.read(matrix.scales.offset, matrix.scales.byteLength, "weights");
        const whole = requantise(matrix, codes, new Float32Array(blockScales.buffer));
        feeds[values.name] = tensor("int8", whole.values, [columns, rows]);
        feeds[scales.name] = float32(whole.scales, rows);
      }
    } finally {
      file.close();
    }
    return feeds;
  }
}

/** x [N, in] · w [in, out] (int8) ⊙ scales [out], with x in whole numbers of a scale for each token. [N, out] */
function wholeNumberProduct(x: Tensor, w: Tensor, scales: Tensor): Tensor {
  const { graph } = x;
  const rows = x.shape[0]!;
  const column = { shape: [rows, 1] };
  const zero = unsignedZero(graph);
  const largest = graph.node("ReduceMax", [graph.node("Abs", [x], x), graph.integers(1)], column, {
    keepdims: 1,
  });
  // A token of zeros has a scale too.
  const scale = graph.node(
    "Mul",
    [graph.node("Max", [largest, graph.scalar(1e-30)], column), graph.scalar(1 / LARGEST)],
    column,
  );
  const units = graph.node("Div", [x, scale], x);
  const values = graph.node("QuantizeLinear", [units, graph.scalar(1), zero], {
    type: "uint8",
    shape: x.shape,
  });
  const product = graph.node(
    "com.microsoft:MatMulIntegerToFloat",
    [values, w, graph.scalar(1), scales, zero],
    {
      type: "float32",
      shape: [rows, w.shape[1]!],
    },
  );
  return graph.node("Mul", [product, scale], product);
}

const unsignedZero = (graph: Graph) => graph.byte(TOKEN_ZERO);

/**
 * Codes [rows, blocks] of a scale each → whole numbers [columns, rows] of one scale a row. What a row's largest number
 * becomes is exact; 8 bits of one scale a row are coarser than those of a scale for each block of it.
 */
function requantise(
  { rows, columns, bits }: Pick<StoredCodes, "rows" | "columns" | "bits">,
  codes: Uint8Array,
  blockScales: Float32Array,
): { values: Int8Array; scales: Float32Array } {
  const values = new Int8Array(rows * columns);
  const scales = new Float32Array(rows);
  const rowBytes = codeBytes(columns, bits);
  const blocks = blockScales.length / rows;
  const row = new Float32Array(blocks * BLOCK);
  const tile = new Int8Array(TILE_ROWS * columns);
  for (let first = 0; first < rows; first += TILE_ROWS) {
    const count = Math.min(TILE_ROWS, rows - first);
    for (let r = 0; r < count; r++) {
      const out = first + r;
      decode(codes.subarray(out * rowBytes, (out + 1) * rowBytes), bits, row);
      let largest = 0;
      for (let i = 0; i < columns; i++) {
        const value = row[i]! * blockScales[out * blocks + ((i / BLOCK) | 0)]!;
        row[i] = value;
        if (value > largest) largest = value;
        else if (-value > largest) largest = -value;
      }
      scales[out] = largest / LARGEST;
      const inverse = largest === 0 ? 0 : LARGEST / largest;
      // Rounded by cutting off, which is faster where the number is not negative.
      for (let i = 0; i < columns; i++) tile[r * columns + i] = ((row[i]! * inverse + 128.5) | 0) - 128;
    }
    for (let i = 0; i < columns; i++)
      for (let r = 0; r < count; r++) values[i * rows + first + r] = tile[r * columns + i]!;
  }
  return { values, scales };
}

/** The codes of a row as numbers, without their scales. */
function decode(codes: Uint8Array, bits: Bits, row: Float32Array): void {
  const middle = middleOf(bits);
  if (bits === 8) for (let i = 0; i < codes.length; i++) row[i] = codes[i]! - middle;
  else
    for (let i = 0; i < codes.length; i++) {
      row[2 * i] = (codes[i]! & 15) - middle;
      row[2 * i + 1] = (codes[i]! >> 4) - middle;
    }
}

/**
 * Whether this processor multiplies whole numbers exactly. Without such instructions onnxruntime adds pairs of products in 16
 * bits, where large ones are cut off (x64 with AVX2 alone).
 */
export async function multipliesWholeNumbers(): Promise<boolean> {
  const [inputs, outputs, tokens] = [64, 16, 32];
  const graph = new Graph("cpu");
  const x = graph.input("x", "uint8", [tokens, inputs]);
  const w = graph.initializer("w", "int8", [inputs, outputs], new Uint8Array(inputs * outputs).fill(LARGEST));
  const one = graph.scalar(1);
  const product = graph.node("com.microsoft:MatMulIntegerToFloat", [x, w, one, one, unsignedZero(graph)], {
    type: "float32",
    shape: [tokens, outputs],
  });
  graph.output("y", product);
  const session = await openSession(graph.encode("whole numbers"), { threads: 1 });
  try {
    const largest = tensor("uint8", new Uint8Array(tokens * inputs).fill(255), [tokens, inputs]);
    const { y } = await session.run({ x: largest });
    return (y!.data as Float32Array).every((value) => value === inputs * LARGEST * (255 - TOKEN_ZERO));
  } finally {
    await session.release();
  }
}
