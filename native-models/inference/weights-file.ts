/** The data of a graph's initialisers in one file, concatenated at offsets known before a byte is written. */
import type { Graph, Tensor } from "../graph/graph.ts";
import type { Weight } from "../weights.ts";
import { codeBytes, quantiseRows, quantiseRowsInPlanes, scaleCount } from "./quantise.ts";
import type { Bits } from "./quantise.ts";

export const WEIGHTS_FILE = "weights.bin";

const ALIGNMENT = 64;

/** How many numbers are decoded at a time. */
const PIECE = 4 * 2 ** 20;

type Pieces = () => Iterable<Uint8Array>;

const BYTES = { float32: 4, uint8: 1 } as const;
const byteLengthOf = (type: keyof typeof BYTES, shape: readonly number[]) =>
  shape.reduce((product, size) => product * size, BYTES[type]);

/** A part of such a file. */
export interface Region {
  readonly file: string;
  readonly offset: number;
  readonly byteLength: number;
}

/** A part, and the weights that it is made of, joined by rows. */
export interface MadeRegion extends Region {
  readonly weights: readonly Weight[];
}

export class WeightsFile {
  readonly #graph: Graph;
  readonly #file: string;
  #entries: { offset: number; byteLength: number; pieces: Pieces }[] = [];
  #regions = new Map<Tensor, { name: string; region: MadeRegion }>();
  #reshaped = new Map<string, Tensor>();
  #size = 0;

  /** `file`: its name, in the graph's folder. */
  constructor(graph: Graph, file = WEIGHTS_FILE) {
    this.#graph = graph;
    this.#file = file;
  }

  get sizeBytes(): number {
    return this.#size;
  }

  /** Vectors, joined. f32 [size] */
  vector(weights: readonly Weight[]): Tensor {
    const size = weights.reduce((sum, { columns }) => sum + columns, 0);
    return this.#add(weights, "", "float32", [size], () => float32Pieces(weights));
  }

  /** A weight in its own shape. f32 */
  whole(weight: Weight): Tensor {
    return this.#add([weight], "", "float32", weight.shape, () => float32Pieces([weight]));
  }

  /** Matrices [out, in], concatenated by rows. f32 [out, in] */
  matrix(weights: readonly Weight[]): Tensor {
    const shape = [rowsOf(weights), weights[0]!.columns];
    return this.#add(weights, "", "float32", shape, () => float32Pieces(weights));
  }

  /** Matrices [out, in], concatenated by rows, quantised. codes: [out, blocks, bytes], scales: [out, blocks]. */
  quantised(weights: readonly Weight[], bits: Bits): { codes: Tensor; scales: Tensor } {
    const [codes, scales] = this.#codes(weights, "codes", bits, (data, columns) => {
      const { codes, scales } = quantiseRows(data, columns, bits);
      return [codes, scales];
    });
    return { codes, scales };
  }

  /** Matrices [out, in], concatenated by rows, in two planes. Each: [out, blocks, 16], scales: [out, blocks]. */
  planes(weights: readonly Weight[]): { high: Tensor; low: Tensor; scales: Tensor } {
    const [high, scales] = this.#codes(weights, "high", 4, (data, columns) => {
      const { high, scales } = quantiseRowsInPlanes(data, columns);
      return [high, scales];
    });
    // Computed again, because keeping the low plane of a large head would take much memory.
    const low = this.#add(weights, ".low", "uint8", codeShape(weights, 4), function* () {
      for (const data of rowPieces(weights)) yield quantiseRowsInPlanes(data, weights[0]!.columns).low;
    });
    return { high, low, scales };
  }

  /** The codes and scales that `quantise` computes, some rows at a time. */
  #codes(
    weights: readonly Weight[],
    kind: string,
    bits: Bits,
    quantise: (data: Float32Array, columns: number) => readonly [codes: Uint8Array, scales: Float32Array],
  ): readonly [codes: Tensor, scales: Tensor] {
    const { columns } = weights[0]!;
    const shape = codeShape(weights, bits);
    let collected: Uint8Array[] = []; // the scales, collected while the codes are written
    const codes = this.#add(weights, `.${kind}`, "uint8", shape, function* () {
      collected = [];
      for (const data of rowPieces(weights)) {
        const [made, scales] = quantise(data, columns);
        collected.push(bytesOf(scales));
        yield made;
      }
    });
    const scales = this.#add(weights, ".scales", "float32", shape.slice(0, 2), () => collected.splice(0));
    return [codes, scales];
  }

  /** The location of a tensor's bytes in this file. */
  region(tensor: Tensor): Region {
    return this.#regions.get(tensor)!.region;
  }

  /** The location of the bytes of this name: the weights' names joined by "+", then ".codes", ".high", ".low" or ".scales" if quantised. */
  regionNamed(wanted: string): MadeRegion {
    for (const { name, region } of this.#regions.values()) if (name === wanted) return region;
    throw new Error(`there is no ${wanted} in ${this.#file}`);
  }

  /** The same bytes in another shape: an initialiser over the same region. */
  reshaped(tensor: Tensor, shape: readonly number[]): Tensor {
    const { name, region } = this.#regions.get(tensor)!;
    const other = `${name} [${shape.join(", ")}]`;
    const made = this.#reshaped.get(other) ?? this.#graph.initializer(other, tensor.type, shape, region);
    this.#reshaped.set(other, made);
    return made;
  }

  /** An initialiser whose bytes come from `pieces` when the file is written; regions are written in the order of these calls. */
  #add(
    weights: readonly Weight[],
    kind: string,
    type: keyof typeof BYTES,
    shape: readonly number[],
    pieces: Pieces,
  ): Tensor {
    const name = nameOf(weights) + kind;
    const byteLength = byteLengthOf(type, shape);
    const offset = Math.ceil(this.#size / ALIGNMENT) * ALIGNMENT;
    const region = { file: this.#file, offset, byteLength, weights };
    this.#entries.push({ offset, byteLength, pieces });
    this.#size = offset + byteLength;
    const tensor = this.#graph.initializer(name, type, shape, region);
    this.#regions.set(tensor, { name, region });
    return tensor;
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

const rowsOf = (weights: readonly Weight[]) => weights.reduce((sum, { rows }) => sum + rows, 0);
const codeShape = (weights: readonly Weight[], bits: Bits) => {
  const blocks = scaleCount(weights[0]!.columns);
  return [rowsOf(weights), blocks, codeBytes(weights[0]!.columns, bits) / blocks];
};
const nameOf = (weights: readonly Weight[]) => weights.map(({ name }) => name).join("+");

/** Weights as concatenated f32, some rows at a time. */
function* rowPieces(weights: readonly Weight[]): Generator<Float32Array> {
  for (const weight of weights) {
    const count = Math.max(1, Math.floor(PIECE / weight.columns));
    for (let first = 0; first < weight.rows; first += count)
      yield weight.readFloat32(first, Math.min(count, weight.rows - first));
  }
}

function* float32Pieces(weights: readonly Weight[]): Generator<Uint8Array> {
  for (const data of rowPieces(weights)) yield bytesOf(data);
}

const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
