/**
 * K-quants decoded, bit for bit as GGML does it (ggml-quants.c). Products of a block's f16 scale, a group's scale and a
 * code are exact in a double, so that only the stored result is rounded, as there.
 */
import type { KQuant } from "../weights.ts";
import type { Decoder } from "./coders.ts";
import { half } from "./half.ts";

/*
 * Each stored byte is read once for all of its values, and nothing is allocated in a loop (destructured pairs alone cost a third of
 * the time): V8 then compiles it to about what a plain C compiler does.
 */
export const K_DECODERS: Record<KQuant, Decoder> = {
  q2_k: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 84) {
      const scale = half(bytes, at + 80);
      const minimum = half(bytes, at + 82);
      for (let group = 0; group < 16; group++) {
        const packed = bytes[at + group]!;
        STEPS[group] = scale * (packed & 15);
        LEASTS[group] = minimum * (packed >> 4);
      }
      for (let run = 0; run < 4; run++) {
        const group = firstGroup(run);
        const step0 = STEPS[group]!;
        const step1 = STEPS[group + 2]!;
        const step2 = STEPS[group + 4]!;
        const step3 = STEPS[group + 6]!;
        const least0 = LEASTS[group]!;
        const least1 = LEASTS[group + 2]!;
        const least2 = LEASTS[group + 4]!;
        const least3 = LEASTS[group + 6]!;
        const from = at + 16 + 16 * run;
        for (let i = 0, o = to + 16 * group; i < 16; i++, o++) {
          const codes = bytes[from + i]!;
          out[o] = step0 * (codes & 3) - least0;
          out[o + 32] = step1 * ((codes >> 2) & 3) - least1;
          out[o + 64] = step2 * ((codes >> 4) & 3) - least2;
          out[o + 96] = step3 * (codes >> 6) - least3;
        }
      }
      to += 256;
    }
  },

  q3_k: (bytes, out, blocks) => {
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 110) {
      const scale = half(bytes, at + 108);
      for (let group = 0; group < 16; group++)
        STEPS[group] = scale * (threeBitScale(bytes, at + 96, group) - 32);
      for (let run = 0; run < 4; run++) {
        const group = firstGroup(run);
        const step0 = STEPS[group]!;
        const step1 = STEPS[group + 2]!;
        const step2 = STEPS[group + 4]!;
        const step3 = STEPS[group + 6]!;
        const from = at + 32 + 16 * run;
        const high = at + 16 * (run & 1);
        const plane = 4 * (run >> 1); // of 8 planes of high bits, each of 32
        for (let i = 0, o = to + 16 * group; i < 16; i++, o++) {
          const codes = bytes[from + i]!;
          const third = bytes[high + i]! >> plane;
          out[o] = step0 * (((codes & 3) | ((third & 1) << 2)) - 4);
          out[o + 32] = step1 * ((((codes >> 2) & 3) | ((third & 2) << 1)) - 4);
          out[o + 64] = step2 * ((((codes >> 4) & 3) | (third & 4)) - 4);
          out[o + 96] = step3 * (((codes >> 6) | ((third & 8) >> 1)) - 4);
        }
      }
      to += 256;
    }
  },

  q4_k: (bytes, out, blocks) => {
    const words = wholeWords(bytes);
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 144) {
      readGroups(bytes, at);
      for (let group = 0, from = (at + 16) >> 2; group < 8; group += 2, from += 8, to += 64) {
        const step0 = STEPS[group]!;
        const step1 = STEPS[group + 1]!;
        const least0 = LEASTS[group]!;
        const least1 = LEASTS[group + 1]!;
        for (let i = 0, o = to; i < 8; i++, o += 4) {
          const codes = words[from + i]!;
          out[o] = step0 * (codes & 15) - least0;
          out[o + 1] = step0 * ((codes >> 8) & 15) - least0;
          out[o + 2] = step0 * ((codes >> 16) & 15) - least0;
          out[o + 3] = step0 * ((codes >> 24) & 15) - least0;
          out[o + 32] = step1 * ((codes >> 4) & 15) - least1;
          out[o + 33] = step1 * ((codes >> 12) & 15) - least1;
          out[o + 34] = step1 * ((codes >> 20) & 15) - least1;
          out[o + 35] = step1 * (codes >>> 28) - least1;
        }
      }
    }
  },

  q5_k: (bytes, out, blocks) => {
    const words = wholeWords(bytes);
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 176) {
      readGroups(bytes, at);
      const fifths = (at + 16) >> 2;
      for (let group = 0, from = (at + 48) >> 2; group < 8; group += 2, from += 8, to += 64) {
        const step0 = STEPS[group]!;
        const step1 = STEPS[group + 1]!;
        const least0 = LEASTS[group]!;
        const least1 = LEASTS[group + 1]!;
        for (let i = 0, o = to; i < 8; i++, o += 4) {
          const codes = words[from + i]!;
          const fifth = words[fifths + i]! >>> group;
          const low = (codes & 0x0f0f0f0f) | ((fifth & 0x01010101) << 4); // four codes of 5 bits
          const high = ((codes >>> 4) & 0x0f0f0f0f) | ((fifth & 0x02020202) << 3);
          out[o] = step0 * (low & 255) - least0;
          out[o + 1] = step0 * ((low >> 8) & 255) - least0;
          out[o + 2] = step0 * ((low >> 16) & 255) - least0;
          out[o + 3] = step0 * (low >>> 24) - least0;
          out[o + 32] = step1 * (high & 255) - least1;
          out[o + 33] = step1 * ((high >> 8) & 255) - least1;
          out[o + 34] = step1 * ((high >> 16) & 255) - least1;
          out[o + 35] = step1 * (high >>> 24) - least1;
        }
      }
    }
  },

  q6_k: (bytes, out, blocks) => {
    const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let b = 0, at = 0, to = 0; b < blocks; b++, at += 210) {
      const scale = half(bytes, at + 208);
      for (let run = 0; run < 4; run++) {
        const group = firstGroup(run);
        const step0 = scale * signed[at + 192 + group]!;
        const step1 = scale * signed[at + 194 + group]!;
        const step2 = scale * signed[at + 196 + group]!;
        const step3 = scale * signed[at + 198 + group]!;
        const first = at + 64 * (run >> 1) + 16 * (run & 1);
        const high = at + 128 + 16 * run;
        for (let i = 0, o = to + 16 * group; i < 16; i++, o++) {
          const codes = bytes[first + i]!;
          const others = bytes[first + 32 + i]!;
          const top = bytes[high + i]!;
          out[o] = step0 * (((codes & 15) | ((top & 3) << 4)) - 32);
          out[o + 32] = step1 * (((others & 15) | ((top & 12) << 2)) - 32);
          out[o + 64] = step2 * (((codes >> 4) | (top & 48)) - 32);
          out[o + 96] = step3 * (((others >> 4) | ((top & 192) >> 2)) - 32);
        }
      }
      to += 256;
    }
  },
};

/**
 * If codes of 2 bits are packed together, a run of 16 bytes holds codes of four groups of 16, every second one of 8: the first of
 * these groups, for each of the 4 runs of 16 bytes in a block.
 */
const firstGroup = (run: number): number => ((run >> 1) << 3) + (run & 1);

/** Bytes as 32-bit words; a copy if they do not start at a whole one. */
function wholeWords(bytes: Uint8Array): Int32Array {
  const whole = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Int32Array(whole.buffer, whole.byteOffset, whole.length >> 2);
}

/** The 6-bit scale of a q3_k group: four low bits from the first 8 bytes, two high ones from the last 4. */
function threeBitScale(bytes: Uint8Array, at: number, group: number): number {
  const low = (bytes[at + (group & 7)]! >> ((group >> 3) << 2)) & 15;
  const high = (bytes[at + 8 + (group & 3)]! >> ((group >> 2) << 1)) & 3;
  return low | (high << 4);
}

/** For each group of the current block: what its codes are multiplied by, and what is then subtracted. */
const STEPS = new Float64Array(16);
const LEASTS = new Float64Array(16);

/** Fills both from the start of a q4_k or q5_k block: an f16 scale and minimum, then 6 bits of each for all 8 groups. */
function readGroups(bytes: Uint8Array, at: number): void {
  const scale = half(bytes, at);
  const minimum = half(bytes, at + 2);
  for (let group = 0; group < 4; group++) {
    const first = bytes[at + 4 + group]!;
    const second = bytes[at + 8 + group]!;
    const both = bytes[at + 12 + group]!;
    STEPS[group] = scale * (first & 63);
    LEASTS[group] = minimum * (second & 63);
    STEPS[group + 4] = scale * ((both & 15) | ((first >> 6) << 4));
    LEASTS[group + 4] = minimum * ((both >> 4) | ((second >> 6) << 4));
  }
}
