/**
 * Elements as stored ↔ f32, bit for bit as GGML does it (ggml-quants.c; the `gguf` Python package gives the same). Stored bytes
 * are little-endian, like every computer this runs on.
 */
import { STORAGE } from "../weights.ts";
import type { EvenQuant, StorageType } from "../weights.ts";
import { BLOCK_ENCODERS, largestOf } from "./block-encoders.ts";
import type { Decoder, Encoder } from "./coders.ts";
import { half, halfBits, HALVES_BITS, setHalf } from "./half.ts";
import { K_ENCODERS } from "./k-quant-encoders.ts";
import { K_DECODERS } from "./k-quants.ts";
import { FLOAT_DECODERS, TABLE_DECODERS } from "./table-quants.ts";

/** Storage types that values can be encoded to. */
export type EncodedStorage = "f32" | "f16" | "bf16" | EvenQuant | "q4_k" | "q5_k" | "q6_k";

/** The values of the stored elements in `bytes`, written to the start of `out`. `bytes` holds whole blocks. */
export function decode(storage: StorageType, bytes: Uint8Array, out: Float32Array): void {
  const { block, bytes: blockBytes } = STORAGE[storage];
  const blocks = bytes.length / blockBytes;
  if (!Number.isInteger(blocks) || blocks * block > out.length) {
    throw new RangeError(`${bytes.length} bytes of ${storage} do not decode into ${out.length} values`);
  }
  DECODERS[storage](bytes, out, blocks);
}

/** Values as stored elements. Blocks must be whole, and finite in the q types. */
export function encode(storage: EncodedStorage, values: Float32Array): Uint8Array {
  const { block, bytes: blockBytes } = STORAGE[storage];
  const blocks = values.length / block;
  if (!Number.isInteger(blocks))
    throw new RangeError(`${values.length} values are not whole blocks of ${storage}`);
  const bytes = new Uint8Array(blocks * blockBytes);
  ENCODERS[storage](values, bytes, blocks);
  return bytes;
}

const DECODERS: Record<StorageType, Decoder> = {
  f32: (bytes, out) => bytesOf(out).set(bytes),

  f16: (bytes, out, count) => {
    const halves = words(bytes);
    const bits = bitsOf(out);
    for (let i = 0; i < count; i++) bits[i] = HALVES_BITS[halves[i]!]!;
  },

  bf16: (bytes, out, count) => {
    const halves = words(bytes);
    const bits = bitsOf(out);
    for (let i = 0; i < count; i++) bits[i] = halves[i]! << 16;
  },

  q8_0: (bytes, out, blocks) => {
    const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 34, to += 32) {
      const scale = half(bytes, at);
      for (let i = 0; i < 32; i++) out[to + i] = scale * signed[at + 2 + i]!;
    }
  },

  q4_0: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 18, to += 32) {
      const scale = half(bytes, at);
      for (let i = 0; i < 16; i++) {
        const pair = bytes[at + 2 + i]!;
        out[to + i] = scale * ((pair & 15) - 8);
        out[to + 16 + i] = scale * ((pair >> 4) - 8);
      }
    }
  },

  q4_1: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 20, to += 32) {
      const scale = half(bytes, at);
      const minimum = half(bytes, at + 2);
      for (let i = 0; i < 16; i++) {
        const pair = bytes[at + 4 + i]!;
        out[to + i] = scale * (pair & 15) + minimum;
        out[to + 16 + i] = scale * (pair >> 4) + minimum;
      }
    }
  },

  q5_0: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 22, to += 32) {
      const scale = half(bytes, at);
      const high = fourBytes(bytes, at + 2);
      for (let i = 0; i < 16; i++) {
        const pair = bytes[at + 6 + i]!;
        out[to + i] = scale * (((pair & 15) | (((high >>> i) & 1) << 4)) - 16);
        out[to + 16 + i] = scale * (((pair >> 4) | (((high >>> (16 + i)) & 1) << 4)) - 16);
      }
    }
  },

  q5_1: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 24, to += 32) {
      const scale = half(bytes, at);
      const minimum = half(bytes, at + 2);
      const high = fourBytes(bytes, at + 4);
      for (let i = 0; i < 16; i++) {
        const pair = bytes[at + 8 + i]!;
        out[to + i] = scale * ((pair & 15) | (((high >>> i) & 1) << 4)) + minimum;
        out[to + 16 + i] = scale * ((pair >> 4) | (((high >>> (16 + i)) & 1) << 4)) + minimum;
      }
    }
  },

  ...FLOAT_DECODERS,
  ...K_DECODERS,
  ...TABLE_DECODERS,
};

const ENCODERS: Record<EncodedStorage, Encoder> = {
  f32: (values, bytes) => bytes.set(bytesOf(values)),

  f16: (values, bytes, count) => {
    const bits = bitsOf(values);
    const halves = words(bytes);
    for (let i = 0; i < count; i++) halves[i] = halfBits(bits[i]!);
  },

  bf16: (values, bytes, count) => {
    const bits = bitsOf(values);
    const halves = words(bytes);
    for (let i = 0; i < count; i++) {
      const value = bits[i]!;
      const isNaN = (value & 0x7fffffff) > 0x7f800000;
      halves[i] = isNaN ? (value >>> 16) | 64 : (value + 0x7fff + ((value >>> 16) & 1)) >>> 16; // to nearest, ties to even
    }
  },

  q8_0: (values, bytes, blocks) => {
    const signed = new Int8Array(bytes.buffer);
    for (let b = 0, from = 0, at = 0; b < blocks; b++, from += 32, at += 34) {
      const largest = Math.abs(largestOf(values, from));
      const scale = Math.fround(largest / 127);
      const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
      setHalf(bytes, at, scale);
      for (let i = 0; i < 32; i++)
        signed[at + 2 + i] = roundHalfAway(Math.fround(values[from + i]! * inverse));
    }
  },

  q4_0: (values, bytes, blocks) => {
    for (let b = 0, from = 0, at = 0; b < blocks; b++, from += 32, at += 18) {
      const scale = Math.fround(largestOf(values, from) / -8);
      const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
      setHalf(bytes, at, scale);
      for (let i = 0; i < 16; i++) {
        const low = fourBits(values[from + i]!, inverse);
        bytes[at + 2 + i] = low | (fourBits(values[from + 16 + i]!, inverse) << 4);
      }
    }
  },

  ...BLOCK_ENCODERS,
  ...K_ENCODERS,
};

function fourBits(value: number, inverse: number): number {
  return Math.min(15, Math.trunc(Math.fround(Math.fround(value * inverse) + 8.5)));
}

function roundHalfAway(value: number): number {
  return Math.sign(value) * Math.floor(Math.abs(value) + 0.5);
}

function fourBytes(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const bitsOf = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);

/** Bytes as 16-bit words; a copy if they start at an odd address. */
function words(bytes: Uint8Array): Uint16Array {
  const even = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(even.buffer, even.byteOffset, even.length / 2);
}
