/**
 * The fixtures of `golden/gguf/*.json`: GGUF files of tiny models, written by the gguf package (test/lab/reference/golden-gguf.py). Only
 * their headers are stored; their tensors are computed as golden-weights.ts says.
 */
import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import { hashedWeight, readFixture } from "./golden-weights.ts";
import type { GoldenTensor, Hashed } from "./golden-weights.ts";
import type { GoldenLogits } from "./golden-variants.ts";

export interface GoldenGguf extends GoldenLogits, Hashed {
  /** All bytes before the first tensor's, compressed, in base64. */
  readonly header: string;
  /** In the order of the file. */
  readonly tensors: readonly {
    readonly name: string;
    /** The weights whose rows it has, one after another. */
    readonly parts?: readonly {
      readonly upstream: string;
      readonly shape: readonly number[];
      /** Heads whose rows the converter puts pair by pair; 0: none. */
      readonly interleavedHeads: number;
      /** What the converter adds to each element. */
      readonly adds: number;
      /** Where heads of values are in tiles, one for each key head, instead of together for each key head. */
      readonly tiles?: Tiles;
      /** Whether the converter takes −exp of each element. */
      readonly isLogarithm?: boolean;
    }[];
    /** Those of a small tensor that is no weight. */
    readonly values?: GoldenTensor;
  }[];
  /** Of the file that the gguf package wrote. */
  readonly sha256: string;
  /** One text. [T] */
  readonly ids: readonly number[];
  readonly positions: readonly number[];
}

/** Reads a fixture. */
export const readGguf = (name: string) => readFixture(`gguf/${name}`) as GoldenGguf;

interface Tiles {
  readonly keyHeads: number;
  readonly times: number;
  readonly isOfColumns: boolean;
  /** Rows before the heads, which stay. */
  readonly before: number;
  readonly width: number;
}

const ALIGNMENT = 32;

/** The file, to the byte. Throws if it is not the one that was written. */
export function ggufFile({ header, tensors, sha256, ...hashed }: GoldenGguf): Buffer {
  const parts: Uint8Array[] = [inflateSync(Buffer.from(header, "base64"))];
  for (const { parts: rows = [], values: small } of tensors) {
    const all = rows.map(({ upstream, shape, interleavedHeads, adds, tiles, isLogarithm }) => {
      const upstreamValues = hashedWeight(upstream, hashed, shape);
      const placed = tiles ? tiled(upstreamValues, shape[0]!, tiles) : upstreamValues;
      const values = placed.map((value) => (isLogarithm ? -Math.exp(value) : value + adds));
      return interleavedHeads > 0 ? interleaved(values, shape[0]!, interleavedHeads) : values;
    });
    const stored = [...all, ...(small ? [small.data] : [])].map((values) => new Uint8Array(values.buffer));
    const bytes = stored.reduce((sum, { byteLength }) => sum + byteLength, 0);
    parts.push(...stored, Buffer.alloc((ALIGNMENT - (bytes % ALIGNMENT)) % ALIGNMENT));
  }
  const file = Buffer.concat(parts);
  if (createHash("sha256").update(file).digest("hex") !== sha256)
    throw new Error("the file that was put together is not the one that the gguf package wrote");
  return file;
}

/** Rows, or columns, of heads in tiles. */
function tiled(
  values: Float32Array,
  rows: number,
  { keyHeads, times, isOfColumns, before, width }: Tiles,
): Float32Array {
  const columns = values.length / rows;
  const stored = new Float32Array(values.length);
  const placeOf = (row: number) => {
    const head = Math.floor((row - before) / width);
    if (row < before) return row;
    return before + ((head % times) * keyHeads + Math.floor(head / times)) * width + ((row - before) % width);
  };
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const place = isOfColumns ? row * columns + placeOf(column) : placeOf(row) * columns + column;
      stored[place] = values[row * columns + column]!;
    }
  return stored;
}

/** Rows of each head pair by pair instead of half after half. */
function interleaved(values: Float32Array, rows: number, heads: number): Float32Array {
  const [columns, headDim] = [values.length / rows, rows / heads];
  const stored = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const within = row % headDim;
    const place = row - within + (within < headDim / 2 ? 2 * within : 2 * within - headDim + 1);
    stored.set(values.subarray(row * columns, (row + 1) * columns), place * columns);
  }
  return stored;
}
