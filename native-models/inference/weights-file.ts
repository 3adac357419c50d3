/** weights.bin: what a graph's initialisers are, one after another at places known before a byte is written. */
import type { ElementType } from "../formats/onnx.ts";
import type { Graph, Tensor } from "../graph/graph.ts";
import type { Weight } from "../weights.ts";
import { codeBytes, quantiseRows, scaleCount } from "./quantise.ts";
import type { Bits } from "./quantise.ts";

export const WEIGHTS_FILE = "weights.bin";

const ALIGNMENT = 64;
const BYTES: Partial<Record<ElementType, number>> = { float32: 4, float16: 2, uint8: 1 };

/** Numbers that are decoded at a time. */
const PIECE = 4 * 2 ** 20;

type Pieces = () => Iterable<Uint8Array>;

export class WeightsFile {
  readonly #graph: Graph;
  #entries: { offset: number; byteLength: number; pieces: Pieces }[] = [];
  #size = 0;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  get sizeBytes(): number {
    return this.#size;
  }

  /** An initialiser whose bytes `pieces` gives when the file is written. */
  add(name: string, type: ElementType, shape: readonly number[], pieces: Pieces): Tensor {
    const byteLength = shape.reduce((product, size) => product * size, BYTES[type]!);
    const offset = Math.ceil(this.#size / ALIGNMENT) * ALIGNMENT;
    this.#entries.push({ offset, byteLength, pieces });
    this.#size = offset + byteLength;
    return this.#graph.initializer(name, type, shape, { file: WEIGHTS_FILE, offset, byteLength });
  }

  numbers(name: string, shape: readonly number[], values: () => Float32Array): Tensor {
    return this.add(name, "float32", shape, () => [bytesOf(values())]);
  }

  /** Matrices [out, in] one under another, quantised. codes: [out, blocks, bytes], scales: [out · blocks]. */
  quantised(name: string, weights: readonly Weight[], bits: Bits): { codes: Tensor; scales: Tensor } {
    const { columns } = weights[0]!;
    const rows = weights.reduce((sum, weight) => sum + weight.rows, 0);
    const blocks = scaleCount(columns);
    function* quantisedPieces() {
      for (const weight of weights)
        for (const data of rowPieces(weight)) yield quantiseRows(data, columns, bits);
    }
    const codes = this.add(
      `${name}.codes`,
      "uint8",
      [rows, blocks, codeBytes(columns, bits) / blocks],
      function* () {
        for (const piece of quantisedPieces()) yield piece.codes;
      },
    );
    const scales = this.add(`${name}.scales`, "float32", [rows * blocks], function* () {
      for (const piece of quantisedPieces()) yield bytesOf(piece.scales);
    });
    return { codes, scales };
  }

  /** A matrix [out, in] as f32 [in, out], as MatMul wants it. */
  transposed(name: string, weight: Weight): Tensor {
    const { rows, columns } = weight;
    return this.add(name, "float32", [columns, rows], function* () {
      const slab = Math.max(1, Math.floor((16 * PIECE) / rows)); // columns that are turned at a time
      for (let first = 0; first < columns; first += slab) {
        const width = Math.min(slab, columns - first);
        const turned = new Float32Array(width * rows);
        let row = 0;
        for (const data of rowPieces(weight)) {
          for (let start = 0; start < data.length; start += columns, row++) {
            for (let i = 0; i < width; i++) turned[i * rows + row] = data[start + first + i]!;
          }
        }
        yield bytesOf(turned);
      }
    });
  }

  /** The file's bytes, in order. */
  *content(): Generator<Uint8Array> {
    let written = 0;
    for (const { offset, byteLength, pieces } of this.#entries) {
      if (offset > written) yield new Uint8Array(offset - written);
      written = offset;
      for (const piece of pieces()) {
        written += piece.byteLength;
        yield piece;
      }
      if (written !== offset + byteLength)
        throw new Error(`${written - offset} bytes given, ${byteLength} announced`);
    }
  }
}

/** A weight as f32, some rows at a time. */
export function* rowPieces(weight: Weight): Generator<Float32Array> {
  const count = Math.max(1, Math.floor(PIECE / weight.columns));
  for (let first = 0; first < weight.rows; first += count) {
    yield weight.readFloat32(first, Math.min(count, weight.rows - first));
  }
}

export function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
