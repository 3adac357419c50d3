/** Keys or values of earlier tokens, in memory that the graph or the native decoder reads in place. */
import { toHalves, fromHalves } from "../formats/half.ts";

/** Rows as they are stored: f32 for a graph, the bits of f16 for the native decoder. */
type Stored = Float32Array | Uint16Array;

const TYPES = { f32: Float32Array, f16: Uint16Array };

/**
 * The cached keys, or values, of one attention: for each key/value head as many rows as the graph sees, of which the first are
 * filled. The memory is [K, rows, Dh]; changing the number of rows moves the heads.
 */
export class CacheMemory {
  readonly #heads: number;
  readonly #width: number;
  readonly #Type: (typeof TYPES)[keyof typeof TYPES];
  #memory: Stored;
  #rows = 0;
  #view: Stored;

  constructor(heads: number, width: number, format: keyof typeof TYPES) {
    this.#heads = heads;
    this.#width = width;
    this.#Type = TYPES[format];
    this.#memory = this.#view = new this.#Type(0);
  }

  /** [K, rows, Dh], valid until the next `show`. */
  get view(): Stored {
    return this.#view;
  }

  /** Makes each head `rows` rows long. The first `length` rows keep their content, the others become zero. */
  show(rows: number, length: number): void {
    const source = this.#memory;
    const before = this.#rows;
    const size = rows * this.#width;
    if (this.#heads * size > source.length) this.#memory = new this.#Type(this.#heads * grown(size));
    // In place: heads that move up are copied from last to first, so that none is overwritten before it has moved.
    const heads = Array.from({ length: this.#heads }, (_, head) => head);
    for (const head of rows > before ? heads.reverse() : heads) {
      const from = head * before * this.#width;
      this.#memory.set(source.subarray(from, from + length * this.#width), head * size);
      this.#memory.fill(0, head * size + length * this.#width, (head + 1) * size);
    }
    this.#rows = rows;
    this.#view = this.#memory.subarray(0, this.#heads * size);
  }

  /** Copies the first `length` rows of another cache of the same sizes and format; this one must have at least as many rows. */
  copy(other: CacheMemory, length: number): void {
    for (let head = 0; head < this.#heads; head++) {
      const from = head * other.#rows * this.#width;
      const rows = other.#memory.subarray(from, from + length * this.#width);
      this.#memory.set(rows, head * this.#rows * this.#width);
    }
  }

  /** The rows of the first `count` tokens. [K, count, Dh] */
  read(count: number): Float32Array {
    const rows = this.stored(0, count);
    return rows instanceof Uint16Array ? fromHalves(rows) : rows;
  }

  /** The rows of `count` tokens as they are stored, starting at row `at`. [K, count, Dh] */
  stored(at: number, count: number): Stored {
    const rows = new this.#Type(this.#heads * count * this.#width);
    for (let head = 0; head < this.#heads; head++) {
      const from = (head * this.#rows + at) * this.#width;
      rows.set(this.#memory.subarray(from, from + count * this.#width), head * count * this.#width);
    }
    return rows;
  }

  /** Writes the rows of `count` tokens, starting at row `at`. rows [K, count, Dh] */
  write(rows: Float32Array, at: number, count: number): void {
    this.store(this.#Type === Uint16Array ? toHalves(rows) : rows, at, count);
  }

  /** Writes rows as `stored` returned them, starting at row `at`. */
  store(stored: Stored, at: number, count: number): void {
    const size = count * this.#width;
    for (let head = 0; head < this.#heads; head++) {
      const to = (head * this.#rows + at) * this.#width;
      this.#memory.set(stored.subarray(head * size, (head + 1) * size), to);
    }
  }
}

/** 1.5 times the needed size, so that growing rarely allocates. */
const grown = (size: number) => Math.ceil(1.5 * size);
