/**
 * K-quants decoded, bit for bit as GGML does it (ggml-quants.c). Products of a block's f16 scale, a group's scale and a
 * code are exact in a double, so that only the stored result is rounded, as there.
 */
import type { KQuant } from "../weights.ts";
import type { Decoder } from "./coders.ts";
import { half } from "./half.ts";

export const K_DECODERS: Record<KQuant, Decoder> = {
  q2_k: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 84) {
      const scale = half(bytes, at + 80);
      const minimum = half(bytes, at + 82);
      for (let group = 0; group < 16; group++, to += 16) {
        const { codes, shift } = TWO_BITS[group]!;
        const packed = bytes[at + group]!;
        const step = scale * (packed & 15);
        const least = minimum * (packed >> 4);
        const from = at + 16 + codes;
        for (let i = 0; i < 16; i++) out[to + i] = step * ((bytes[from + i]! >> shift) & 3) - least;
      }
    }
  },

  q3_k: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 110) {
      const scale = half(bytes, at + 108);
      for (let group = 0; group < 16; group++, to += 16) {
        const { codes, shift } = TWO_BITS[group]!;
        const step = scale * (threeBitScale(bytes, at + 96, group) - 32);
        const from = at + 32 + codes;
        const high = at + (codes & 16);
        const plane = group >> 1; // of 8 planes of high bits, each of 32
        for (let i = 0; i < 16; i++) {
          const missing = 4 - (((bytes[high + i]! >> plane) & 1) << 2);
          out[to + i] = step * (((bytes[from + i]! >> shift) & 3) - missing);
        }
      }
    }
  },

  q4_k: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 144) {
      readGroups(bytes, at);
      for (let group = 0, from = at + 16; group < 8; group += 2, from += 32, to += 64) {
        const [lowStep, lowLeast] = [STEPS[group]!, LEASTS[group]!];
        const [highStep, highLeast] = [STEPS[group + 1]!, LEASTS[group + 1]!];
        for (let i = 0; i < 32; i++) {
          const codes = bytes[from + i]!;
          out[to + i] = lowStep * (codes & 15) - lowLeast;
          out[to + 32 + i] = highStep * (codes >> 4) - highLeast;
        }
      }
    }
  },

  q5_k: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 176) {
      readGroups(bytes, at);
      for (let group = 0, from = at + 48; group < 8; group += 2, from += 32, to += 64) {
        const [lowStep, lowLeast] = [STEPS[group]!, LEASTS[group]!];
        const [highStep, highLeast] = [STEPS[group + 1]!, LEASTS[group + 1]!];
        for (let i = 0; i < 32; i++) {
          const codes = bytes[from + i]!;
          const fifth = bytes[at + 16 + i]! >> group;
          out[to + i] = lowStep * ((codes & 15) | ((fifth & 1) << 4)) - lowLeast;
          out[to + 32 + i] = highStep * ((codes >> 4) | ((fifth & 2) << 3)) - highLeast;
        }
      }
    }
  },

  q6_k: (bytes, out, blocks) => {
    const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 210) {
      const scale = half(bytes, at + 208);
      for (let group = 0; group < 16; group++, to += 16) {
        const step = scale * signed[at + 192 + group]!;
        const quarter = (group >> 1) & 3; // of the 128 that share 64 bytes of low and 32 of high bits
        const from = at + ((group & 8) << 3) + ((group & 3) << 4);
        const high = at + 128 + ((group & 8) << 2) + ((group & 1) << 4);
        const lowShift = (quarter >> 1) << 2;
        const highShift = quarter << 1;
        for (let i = 0; i < 16; i++) {
          const code = ((bytes[from + i]! >> lowShift) & 15) | (((bytes[high + i]! >> highShift) & 3) << 4);
          out[to + i] = step * (code - 32);
        }
      }
    }
  },
};

/** The position of the 2-bit codes of each group of 16: 128 of them share 32 bytes, the first 32 in the lowest bits. */
const TWO_BITS = Array.from({ length: 16 }, (_, group) => ({
  codes: ((group >> 3) << 5) + ((group & 1) << 4),
  shift: ((group >> 1) & 3) << 1,
}));

/** The 6-bit scale of a q3_k group: four low bits from the first 8 bytes, two high ones from the last 4. */
function threeBitScale(bytes: Uint8Array, at: number, group: number): number {
  const low = (bytes[at + (group & 7)]! >> ((group >> 3) << 2)) & 15;
  const high = (bytes[at + 8 + (group & 3)]! >> ((group >> 2) << 1)) & 3;
  return low | (high << 4);
}

/** What a code of each of the 8 groups of a q4_k or q5_k block is multiplied by, and what is then subtracted. */
const STEPS = new Float64Array(8);
const LEASTS = new Float64Array(8);

/** Fills them from the start of a block: an f16 scale and minimum, then 6 bits of each for every group. */
function readGroups(bytes: Uint8Array, at: number): void {
  const scale = half(bytes, at);
  const minimum = half(bytes, at + 2);
  for (let group = 0; group < 4; group++) {
    const [first, second, both] = [bytes[at + 4 + group]!, bytes[at + 8 + group]!, bytes[at + 12 + group]!];
    STEPS[group] = scale * (first & 63);
    LEASTS[group] = minimum * (second & 63);
    STEPS[group + 4] = scale * ((both & 15) | ((first >> 6) << 4));
    LEASTS[group + 4] = minimum * ((both >> 4) | ((second >> 6) << 4));
  }
}
