/**
 * Types whose codes name values that are not evenly spaced, decoded bit for bit as GGML does it (ggml-quants.c): 4 bits into a table
 * of 16, and 8-bit floats. Products of a scale and a table's value are exact in a double.
 */
import type { FloatQuant, TableQuant } from "../weights.ts";
import type { Decoder } from "./coders.ts";
import { half, HALVES } from "./half.ts";

/** The table of iq4_nl and iq4_xs. */
const UNEVEN = Int8Array.of(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

export const TABLE_DECODERS: Record<TableQuant, Decoder> = {
  iq4_nl: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 18, to += 32)
      pairs(bytes, at + 2, out, to, half(bytes, at));
  },

  iq4_xs: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 136) {
      const scale = half(bytes, at);
      const high = bytes[at + 2]! | (bytes[at + 3]! << 8);
      for (let group = 0; group < 8; group++, to += 32) {
        const low = (bytes[at + 4 + (group >> 1)]! >> ((group & 1) << 2)) & 15;
        const step = scale * ((low | (((high >> (2 * group)) & 3) << 4)) - 32);
        pairs(bytes, at + 8 + 16 * group, out, to, step);
      }
    }
  },
};

/** 8-bit floats of safetensors (arXiv 2209.05433): one value per byte, looked up in a table. */
export const FLOAT_DECODERS: Record<FloatQuant, Decoder> = {
  f8_e4m3: (bytes, out, count) => {
    for (let i = 0; i < count; i++) out[i] = E4M3[bytes[i]!]!;
  },
  f8_e8m0: (bytes, out, count) => {
    for (let i = 0; i < count; i++) out[i] = E8M0[bytes[i]!]!;
  },
  f8_e5m2: (bytes, out, count) => {
    for (let i = 0; i < count; i++) out[i] = HALVES[bytes[i]! << 8]!; // the upper half of an f16
  },
};

/** Codes of 16 bytes: the lower 4 bits of each first, then the higher ones. */
function pairs(bytes: Uint8Array, from: number, out: Float32Array, to: number, step: number): void {
  for (let i = 0; i < 16; i++) {
    const pair = bytes[from + i]!;
    out[to + i] = step * UNEVEN[pair & 15]!;
    out[to + 16 + i] = step * UNEVEN[pair >> 4]!;
  }
}

/** The values of all f8_e4m3: no infinity, and one NaN of each sign. */
const E4M3 = Float32Array.from({ length: 256 }, (_, bits) => {
  const [exponent, fraction] = [(bits >> 3) & 15, bits & 7];
  const magnitude = exponent === 0 ? fraction * 2 ** -9 : (8 + fraction) * 2 ** (exponent - 10);
  return (bits & 127) === 127 ? NaN : bits < 128 ? magnitude : -magnitude;
});

/** The values of all f8_e8m0: powers of 2, and one NaN. */
const E8M0 = Float32Array.from({ length: 256 }, (_, bits) => (bits === 255 ? NaN : 2 ** (bits - 127)));
