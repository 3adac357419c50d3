/**
 * Values as K-quants (github.com/ggml-org/llama.cpp pull request 1684): blocks of 256 whose groups of 32 or 16 have quantised scales
 * of their own. A group's scale and minimum are the candidates with the smallest weighted squared error, in which large values weigh
 * more.
 */
import { half, setHalf } from "./half.ts";
import type { Encoder } from "./coders.ts";

type EncodedKQuant = "q4_k" | "q5_k" | "q6_k";

export const K_ENCODERS: Record<EncodedKQuant, Encoder> = {
  q4_k: (values, bytes, blocks) => {
    const codes = new Uint8Array(256);
    for (let b = 0, from = 0, at = 0; b < blocks; b++, from += 256, at += 144) {
      codesOfBlock(values, from, FOUR_BITS, bytes, at, codes);
      for (let pair = 0, to = at + 16; pair < 256; pair += 64, to += 32)
        for (let i = 0; i < 32; i++) bytes[to + i] = codes[pair + i]! | (codes[pair + 32 + i]! << 4);
    }
  },

  q5_k: (values, bytes, blocks) => {
    const codes = new Uint8Array(256);
    for (let b = 0, from = 0, at = 0; b < blocks; b++, from += 256, at += 176) {
      codesOfBlock(values, from, FIVE_BITS, bytes, at, codes);
      for (let pair = 0; pair < 4; pair++) {
        for (let i = 0; i < 32; i++) {
          const [low, high] = [codes[64 * pair + i]!, codes[64 * pair + 32 + i]!];
          bytes[at + 48 + 32 * pair + i] = (low & 15) | ((high & 15) << 4);
          bytes[at + 16 + i]! |= ((low >> 4) | ((high >> 4) << 1)) << (2 * pair);
        }
      }
    }
  },

  q6_k: (values, bytes, blocks) => {
    const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    const scales = new Float64Array(16);
    const codes = new Uint8Array(256);
    for (let b = 0, from = 0, at = 0; b < blocks; b++, from += 256, at += 210) {
      for (let group = 0; group < 16; group++) scales[group] = symmetricScale(values, from + 16 * group);
      const largest = largestMagnitude(scales);
      if (Math.abs(largest) < SMALLEST_SCALE) continue; // all zero
      const inverse = -128 / largest;
      setHalf(bytes, at + 208, 1 / inverse);
      const stored = half(bytes, at + 208);
      for (let group = 0; group < 16; group++) {
        const scale = Math.min(127, rounded(inverse * scales[group]!));
        signed[at + 192 + group] = scale;
        const step = stored * scale;
        for (let i = 16 * group; i < 16 * group + 16; i++)
          codes[i] = step === 0 ? 32 : clamp(rounded(values[from + i]! / step), -32, 31) + 32;
      }
      for (let part = 0; part < 2; part++) {
        const [first, low, high] = [128 * part, at + 64 * part, at + 128 + 32 * part];
        for (let i = 0; i < 32; i++) {
          const four = [0, 32, 64, 96].map((offset) => codes[first + offset + i]!) as FourCodes;
          bytes[low + i] = (four[0] & 15) | ((four[2] & 15) << 4);
          bytes[low + 32 + i] = (four[1] & 15) | ((four[3] & 15) << 4);
          bytes[high + i] =
            (four[0] >> 4) | ((four[1] >> 4) << 2) | ((four[2] >> 4) << 4) | ((four[3] >> 4) << 6);
        }
      }
    }
  },
};

type FourCodes = [number, number, number, number];

/** The codes of a group, and the candidates for its inverse scale: `largest` + `first` + i · `step` codes over its range. */
interface Search {
  readonly largest: number;
  readonly first: number;
  readonly step: number;
  readonly tries: number;
}

const FOUR_BITS: Search = { largest: 15, first: -1, step: 0.1, tries: 21 };
const FIVE_BITS: Search = { largest: 31, first: -0.5, step: 0.1, tries: 16 };

/** Below this, a scale counts as zero. */
const SMALLEST_SCALE = 1e-15;

const scales = new Float64Array(8);
const minima = new Float64Array(8);
const weights = new Float64Array(32);

/** Writes the f16 scale and minimum of a block, the 6-bit ones of its 8 groups, and its codes to `codes`. */
function codesOfBlock(
  values: Float32Array,
  from: number,
  search: Search,
  bytes: Uint8Array,
  at: number,
  codes: Uint8Array,
): void {
  for (let group = 0; group < 8; group++) fitGroup(values, from + 32 * group, search, group);
  const [largestScale, largestMinimum] = [Math.max(0, ...scales), Math.max(0, ...minima)];
  setHalf(bytes, at, largestScale / 63);
  setHalf(bytes, at + 2, largestMinimum / 63);
  const [scale, minimum] = [half(bytes, at), half(bytes, at + 2)];
  for (let group = 0; group < 8; group++) {
    const six = sixBits(scales[group]!, largestScale);
    const sixMinimum = sixBits(minima[group]!, largestMinimum);
    writeSixBits(bytes, at + 4, group, six, sixMinimum);
    const [step, least] = [scale * six, minimum * sixMinimum];
    for (let i = 32 * group; i < 32 * group + 32; i++)
      codes[i] = step === 0 ? 0 : clamp(rounded((values[from + i]! + least) / step), 0, search.largest);
  }
}

const sixBits = (value: number, largest: number) =>
  largest === 0 ? 0 : Math.min(63, rounded((63 * value) / largest));

/** Scale and minimum of a group, at most 63 each: the first four groups have a byte each, the others share the rest. */
function writeSixBits(bytes: Uint8Array, at: number, group: number, scale: number, minimum: number): void {
  if (group < 4) {
    bytes[at + group]! |= scale;
    bytes[at + 4 + group]! |= minimum;
  } else {
    bytes[at + 4 + group] = (scale & 15) | ((minimum & 15) << 4);
    bytes[at + group - 4]! |= (scale >> 4) << 6;
    bytes[at + group]! |= (minimum >> 4) << 6;
  }
}

/** Writes the scale and the negated minimum of 32 values to `scales` and `minima`: value ≈ scale · code − minimum. */
function fitGroup(
  values: Float32Array,
  from: number,
  { largest, first, step, tries }: Search,
  group: number,
): void {
  let [lowest, highest, sumOfSquares] = [0, -Infinity, 0]; // a minimum above zero would not be stored
  for (let i = from; i < from + 32; i++) {
    const value = values[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    sumOfSquares += value * value;
  }
  scales[group] = 0;
  minima[group] = -lowest;
  if (!(highest > lowest)) return;

  const usual = Math.sqrt(sumOfSquares / 32);
  let [sw, swx, swxx] = [0, 0, 0];
  for (let i = 0; i < 32; i++) {
    const value = values[from + i]!;
    const weight = usual + Math.abs(value);
    weights[i] = weight;
    sw += weight;
    swx += weight * value;
    swxx += weight * value * value;
  }
  let leastError = Infinity;
  // The first candidate keeps the range as it is. Each of the others is fitted by least squares, from the best minimum so far.
  for (let candidate = -1; candidate < tries; candidate++) {
    const range = highest - lowest;
    const inverse = (candidate < 0 ? largest : largest + first + step * candidate) / range;
    let [swl, swll, swxl] = [0, 0, 0];
    for (let i = 0; i < 32; i++) {
      const value = values[from + i]!;
      const code = clamp(rounded(inverse * (value - lowest)), 0, largest);
      const weighted = weights[i]! * code;
      swl += weighted;
      swll += weighted * code;
      swxl += weighted * value;
    }
    let [scale, minimum] = [range / largest, lowest];
    if (candidate >= 0) {
      const determinant = sw * swll - swl * swl;
      if (!(determinant > 0)) continue;
      scale = (sw * swxl - swx * swl) / determinant;
      minimum = (swll * swx - swl * swxl) / determinant;
      if (minimum > 0) [scale, minimum] = [swxl / swll, 0];
    }
    const error =
      scale * scale * swll +
      minimum * minimum * sw +
      swxx +
      2 * (scale * minimum * swl - scale * swxl - minimum * swx);
    if (error < leastError) {
      leastError = error;
      scales[group] = scale;
      lowest = minimum;
    }
  }
  minima[group] = -lowest;
}

/** The scale of 16 values with codes from −32 to 31; negative where the value of largest magnitude is positive. */
function symmetricScale(values: Float32Array, from: number): number {
  let largest = 0;
  for (let i = from; i < from + 16; i++) if (Math.abs(values[i]!) > Math.abs(largest)) largest = values[i]!;
  if (Math.abs(largest) < SMALLEST_SCALE) return 0;
  let [best, gain] = [0, 0];
  for (const offset of OFFSETS) {
    const inverse = -(32 + 0.1 * offset) / largest;
    let [swxl, swll] = [0, 0];
    for (let i = from; i < from + 16; i++) {
      const value = values[i]!;
      const code = clamp(rounded(inverse * value), -32, 31);
      const weighted = value * value * code;
      swxl += weighted * value;
      swll += weighted * code;
    }
    if (swll > 0 && swxl * swxl > gain * swll) {
      best = swxl / swll;
      gain = best * swxl;
    }
  }
  return best;
}

/** The candidates for an inverse scale, in tenths of a code from 32; the plain one first. */
const OFFSETS = [0, -9, -8, -7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9];

function largestMagnitude(list: Float64Array): number {
  return list.reduce((largest, value) => (Math.abs(value) > Math.abs(largest) ? value : largest), 0);
}

/** To the nearest integer, ties to even: an f32 of this size has no fraction. */
const rounded = (value: number) => Math.fround(value + 12_582_912) - 12_582_912;

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
