/**
 * Types whose codes name values that are not evenly spaced, decoded bit for bit as GGML does it (ggml-quants.c): 4 bits into a table
 * of 16, ternary digits, and 8-bit floats. Products of a scale and a table's value are exact in a double.
 */
import type { FloatQuant, TableQuant } from "../weights.ts";
import type { Decoder } from "./coders.ts";
import { half, HALVES } from "./half.ts";

/** The table of iq4_nl and iq4_xs. */
const UNEVEN = Int8Array.of(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

/** The 4-bit floats with 2 bits of exponent and one of fraction (OCP Microscaling Formats v1.0), times 2. */
const FLOATS_4 = Int8Array.of(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);

export const TABLE_DECODERS: Record<TableQuant, Decoder> = {
  iq4_nl: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 18, to += 32)
      pairs(bytes, at + 2, 16, out, to, half(bytes, at), UNEVEN);
  },

  iq4_xs: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 136) {
      const scale = half(bytes, at);
      const high = bytes[at + 2]! | (bytes[at + 3]! << 8);
      for (let group = 0; group < 8; group++, to += 32) {
        const low = (bytes[at + 4 + (group >> 1)]! >> ((group & 1) << 2)) & 15;
        const step = scale * ((low | (((high >> (2 * group)) & 3) << 4)) - 32);
        pairs(bytes, at + 8 + 16 * group, 16, out, to, step, UNEVEN);
      }
    }
  },

  mxfp4: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 17, to += 32)
      pairs(bytes, at + 1, 16, out, to, 2 ** (bytes[at]! - 128), FLOATS_4);
  },

  nvfp4: (bytes, out, blocks) => {
    for (let b = 0, at = 0; b < blocks; b++, at += 36) {
      for (let group = 0; group < 4; group++) {
        const from = at + 4 + 8 * group;
        pairs(bytes, from, 8, out, 64 * b + 16 * group, HALF_SCALES[bytes[at + group]!]!, FLOATS_4);
      }
    }
  },

  // A byte is a fraction in 256ths, whose first five base-3 digits are codes: each multiplication by 3 brings the next before the point.
  tq1_0: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 54) {
      const scale = half(bytes, at + 52);
      for (const { from, count, digits } of TERNARY) {
        for (let digit = 0, power = 1; digit < digits; digit++, power *= 3, to += count) {
          for (let i = 0; i < count; i++) {
            const fraction = (bytes[at + from + i]! * power) & 255;
            out[to + i] = scale * (((fraction * 3) >> 8) - 1);
          }
        }
      }
    }
  },

  tq2_0: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 66) {
      const scale = half(bytes, at + 64);
      for (let from = at; from < at + 64; from += 32) {
        for (let shift = 0; shift < 8; shift += 2, to += 32) {
          for (let i = 0; i < 32; i++) out[to + i] = scale * (((bytes[from + i]! >> shift) & 3) - 1);
        }
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

/** The bytes of a tq1_0 block: where they begin, how many there are, and how many codes each holds. */
const TERNARY = [
  { from: 0, count: 32, digits: 5 },
  { from: 32, count: 16, digits: 5 },
  { from: 48, count: 4, digits: 4 },
];

/** Codes of `count` bytes: the lower 4 bits of each first, then the higher ones. */
function pairs(
  bytes: Uint8Array,
  from: number,
  count: number,
  out: Float32Array,
  to: number,
  step: number,
  table: Int8Array,
): void {
  for (let i = 0; i < count; i++) {
    const pair = bytes[from + i]!;
    out[to + i] = step * table[pair & 15]!;
    out[to + count + i] = step * table[pair >> 4]!;
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

/** Half of each scale of nvfp4: an f8_e4m3 whose sign is ignored and whose positive NaN counts as 0 (there is no other in files). */
const HALF_SCALES = Float32Array.from({ length: 256 }, (_, bits) => {
  if ((bits & 127) === 127) return bits === 127 ? 0 : 240;
  return E4M3[bits & 127]! / 2;
});
