/**
 * Products for many tokens at a time: whole numbers times whole numbers, with one scale a token and one an output. A
 * processor with instructions for that is two to three times as fast at it as at `MatMulNBits`. The matrices of the blocks
 * are wanted once more for it, in memory, as 8-bit numbers: docs/decisions/0023-prompts-in-whole-numbers.md.
 */
import { FileBytes } from "../formats/bytes.ts";
import { Graph } from "../graph/graph.ts";
import type { Tensor } from "../graph/graph.ts";
import { UNSIGNED_ZERO, unsignedZero, wholeMatrixInput, wholeNumberProduct } from "../graph/whole-numbers.ts";
import type { WholeMatrix } from "../graph/whole-numbers.ts";
import { float32, openSession, tensor } from "../runtime/session.ts";
import type { OrtTensor } from "../runtime/session.ts";
import { LARGEST_WHOLE, TILE_ROWS, writeTurned } from "../whole-numbers.ts";
import type { WholeNumbers } from "../whole-numbers.ts";
import { BLOCK, codeBytes, middleOf } from "./quantise.ts";
import type { Bits } from "./quantise.ts";
import type { Region } from "./weights-file.ts";

/** A matrix [out, in] as it lies in a file, in codes. */
export interface StoredCodes {
  readonly rows: number;
  readonly columns: number;
  readonly bits: Bits;
  readonly codes: Region;
  readonly scales: Region;
}

export class PromptWeights {
  readonly #matrices: { matrix: StoredCodes; whole: WholeMatrix }[] = [];

  /** x·wᵀ, about: x and w have 8 bits. x [N, in], w [out, in] → [N, out] */
  product(x: Tensor, matrix: StoredCodes): Tensor {
    const { rows: outputs, columns: inputs } = matrix;
    const whole = wholeMatrixInput(x.graph, `prompt ${this.#matrices.length}`, inputs, outputs);
    this.#matrices.push({ matrix, whole });
    return wholeNumberProduct(x, whole);
  }

  /** The matrices in whole numbers, as the graph takes them, from their codes in the file at `path`. Throws what reading that throws. */
  read(path: string): Record<string, OrtTensor> {
    const feeds: Record<string, OrtTensor> = {};
    const file = FileBytes.open(path);
    try {
      for (const { matrix, whole } of this.#matrices) {
        const { rows, columns } = matrix;
        const codes = file.read(matrix.codes.offset, matrix.codes.byteLength, "weights");
        const blockScales = file.read(matrix.scales.offset, matrix.scales.byteLength, "weights");
        const { values, scales } = requantise(matrix, codes, new Float32Array(blockScales.buffer));
        feeds[whole.numbers.name] = tensor("int8", values, [columns, rows]);
        feeds[whole.scales.name] = float32(scales, rows);
      }
    } finally {
      file.close();
    }
    return feeds;
  }
}

/**
 * Codes [rows, blocks] of a scale each → whole numbers [columns, rows] of one scale a row: 8 bits of one scale a row are coarser
 * than those of a scale for each block of it.
 */
function requantise(
  { rows, columns, bits }: Pick<StoredCodes, "rows" | "columns" | "bits">,
  codes: Uint8Array,
  blockScales: Float32Array,
): WholeNumbers {
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
        tile[r * columns + i] = row[i]! * blockScales[out * blocks + ((i / BLOCK) | 0)]!;
    }
    writeTurned(tile.subarray(0, count * columns), columns, { first, rows }, whole);
  }
  return whole;
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
  const w = graph.initializer(
    "w",
    "int8",
    [inputs, outputs],
    new Uint8Array(inputs * outputs).fill(LARGEST_WHOLE),
  );
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
    return (y!.data as Float32Array).every(
      (value) => value === inputs * LARGEST_WHOLE * (255 - UNSIGNED_ZERO),
    );
  } finally {
    await session.release();
  }
}
