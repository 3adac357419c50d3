/**
 * The IQ1, IQ2 and IQ3 types decoded, bit for bit as GGML does it (ggml-quants.c): blocks of 256 in which each code names a point of
 * a codebook, which is 8 or 4 values. Signs are stored separately, except in the IQ1 types.
 */
import type { CodebookQuant } from "../weights.ts";
import {
  IQ1_S_POINTS,
  IQ2_S_POINTS,
  IQ2_XS_POINTS,
  IQ2_XXS_POINTS,
  IQ3_S_POINTS,
  IQ3_XXS_POINTS,
} from "./codebooks.ts";
import type { Decoder } from "./coders.ts";
import { half, HALVES } from "./half.ts";

export const CODEBOOK_DECODERS: Record<CodebookQuant, Decoder> = {
  iq2_xxs: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 66) {
      const scale = half(bytes, at);
      for (let group = 0, from = at + 2; group < 8; group++, from += 8) {
        const signs = fourBytes(bytes, from + 4); // 4 × 7 bits, and a scale in the last 4
        const step = scale * (0.5 + (signs >>> 28)) * 0.25;
        for (let i = 0; i < 4; i++, to += 8) {
          const sign = EVEN_SIGNS[(signs >>> (7 * i)) & 127]!;
          eight(out, to, step, IQ2_XXS_POINTS, bytes[from + i]! << 3, sign);
        }
      }
    }
  },

  iq2_xs: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 74) {
      const scale = half(bytes, at);
      for (let i = 0; i < 32; i++, to += 8) {
        const code = twoBytes(bytes, at + 2 + 2 * i); // 9 bits of a point, 7 of signs
        const step = scale * (0.5 + fourBits(bytes, at + 66, i >> 1)) * 0.25;
        eight(out, to, step, IQ2_XS_POINTS, (code & 511) << 3, EVEN_SIGNS[code >> 9]!);
      }
    }
  },

  iq2_s: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 82) {
      const scale = half(bytes, at);
      for (let i = 0; i < 32; i++, to += 8) {
        const high = (bytes[at + 66 + (i >> 2)]! >> (2 * (i & 3))) & 3;
        const step = scale * (0.5 + fourBits(bytes, at + 74, i >> 1)) * 0.25;
        const point = (bytes[at + 2 + i]! | (high << 8)) << 3;
        eight(out, to, step, IQ2_S_POINTS, point, bytes[at + 34 + i]!);
      }
    }
  },

  iq3_xxs: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 98) {
      const scale = half(bytes, at);
      for (let group = 0, from = at + 2; group < 8; group++, from += 8) {
        const signs = fourBytes(bytes, at + 66 + 4 * group);
        const step = scale * (0.5 + (signs >>> 28)) * 0.5;
        for (let i = 0; i < 4; i++, to += 8) {
          const sign = EVEN_SIGNS[(signs >>> (7 * i)) & 127]!;
          four(out, to, step, IQ3_XXS_POINTS, bytes[from + 2 * i]! << 2, sign);
          four(out, to + 4, step, IQ3_XXS_POINTS, bytes[from + 2 * i + 1]! << 2, sign >> 4);
        }
      }
    }
  },

  iq3_s: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 110) {
      const scale = half(bytes, at);
      for (let i = 0; i < 32; i++, to += 8) {
        const high = bytes[at + 66 + (i >> 2)]! >> (2 * (i & 3));
        const step = scale * (1 + 2 * fourBits(bytes, at + 106, i >> 2));
        const sign = bytes[at + 74 + i]!;
        const from = at + 2 + 2 * i;
        four(out, to, step, IQ3_S_POINTS, (bytes[from]! | ((high & 1) << 8)) << 2, sign);
        four(out, to + 4, step, IQ3_S_POINTS, (bytes[from + 1]! | ((high & 2) << 7)) << 2, sign >> 4);
      }
    }
  },

  iq1_s: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 50) {
      const scale = half(bytes, at);
      for (let group = 0; group < 8; group++) {
        const high = twoBytes(bytes, at + 34 + 2 * group); // 4 × 3 bits, a scale, the shift's sign
        const step = scale * (2 * ((high >> 12) & 7) + 1);
        const shift = high & 0x8000 ? -SHIFT : SHIFT;
        for (let i = 0; i < 4; i++, to += 8) {
          const point = bytes[at + 2 + 4 * group + i]! | (((high >> (3 * i)) & 7) << 8);
          shifted(out, to, step, point << 3, shift);
        }
      }
    }
  },

  iq1_m: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 56) {
      const scale = HALVES[scaleInFourParts(bytes, at + 48)]!;
      for (let i = 0; i < 32; i++, to += 8) {
        const high = bytes[at + 32 + (i >> 1)]! >> (4 * (i & 1)); // 3 bits, the shift's sign
        const pair = twoBytes(bytes, at + 48 + 2 * (i >> 3));
        const step = scale * (2 * ((pair >> (3 * ((i >> 1) & 3))) & 7) + 1);
        shifted(out, to, step, (bytes[at + i]! | ((high & 7) << 8)) << 3, high & 8 ? -SHIFT : SHIFT);
      }
    }
  },
};

/** All values of a group of the IQ1 types are shifted by this, up or down. */
const SHIFT = 0.125;

/** 7 sign bits, and the eighth that makes the number of set bits even. */
const EVEN_SIGNS = Uint8Array.from({ length: 128 }, (_, bits) => {
  let odd = 0;
  for (let left = bits; left > 0; left >>= 1) odd ^= left & 1;
  return bits | (odd << 7);
});

function eight(out: Float32Array, to: number, step: number, points: Int8Array, from: number, sign: number) {
  four(out, to, step, points, from, sign);
  four(out, to + 4, step, points, from + 4, sign >> 4);
}

/** Four values of a point; a set bit of `sign`, from the lowest, makes one negative. */
function four(out: Float32Array, to: number, step: number, points: Int8Array, from: number, sign: number) {
  out[to] = step * points[from]! * (1 - ((sign & 1) << 1));
  out[to + 1] = step * points[from + 1]! * (1 - (sign & 2));
  out[to + 2] = step * points[from + 2]! * (1 - ((sign & 4) >> 1));
  out[to + 3] = step * points[from + 3]! * (1 - ((sign & 8) >> 2));
}

function shifted(out: Float32Array, to: number, step: number, from: number, shift: number) {
  for (let i = 0; i < 8; i++) out[to + i] = step * (IQ1_S_POINTS[from + i]! + shift);
}

/** The f16 of an iq1_m block: the highest 4 bits of each of four words. */
const scaleInFourParts = (bytes: Uint8Array, at: number): number =>
  (bytes[at + 1]! >> 4) |
  (bytes[at + 3]! & 0xf0) |
  ((bytes[at + 5]! & 0xf0) << 4) |
  ((bytes[at + 7]! & 0xf0) << 8);

const twoBytes = (bytes: Uint8Array, at: number): number => bytes[at]! | (bytes[at + 1]! << 8);
const fourBytes = (bytes: Uint8Array, at: number): number =>
  twoBytes(bytes, at) | (twoBytes(bytes, at + 2) << 16);

/** Number `index` of the 4-bit numbers at a byte offset. */
const fourBits = (bytes: Uint8Array, at: number, index: number): number =>
  (bytes[at + (index >> 1)]! >> ((index & 1) << 2)) & 15;
