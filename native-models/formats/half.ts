/** f16 as stored bits ↔ f32. */

const LARGEST_HALF = 65_504;

/** f32 of each of the 65,536 f16 bit patterns. */
export const HALVES = allHalves();
export const HALVES_BITS = new Uint32Array(HALVES.buffer);

/** The value of the f16 at a byte offset, aligned or not. */
export function half(bytes: Uint8Array, at: number): number {
  return HALVES[bytes[at]! | (bytes[at + 1]! << 8)]!;
}

/** Writes the f16 nearest to `value` at a byte offset. */
export function setHalf(bytes: Uint8Array, at: number, value: number): void {
  ONE_FLOAT[0] = value;
  const bits = halfBits(ONE_FLOAT_BITS[0]!);
  bytes[at] = bits;
  bytes[at + 1] = bits >> 8;
}

/** The f16 bits nearest to the value with the given f32 bits, ties to even; too large values become infinite. */
export function halfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7c00 | Math.max(1, (magnitude >>> 13) & 0x3ff); // stays a NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // 65,520 and more round to infinity
  if (magnitude < 0x38800000) {
    // Below 2⁻¹⁴, a half has steps of 2⁻²⁴: adding the value to ½, where an f32 has the same steps, rounds it.
    ONE_FLOAT_BITS[0] = magnitude;
    ONE_FLOAT[0] = ONE_FLOAT[0]! + 0.5;
    return sign | (ONE_FLOAT_BITS[0]! - 0x3f000000);
  }
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
}

/** The f32 values of f16 bits. */
export const fromHalves = (halves: Uint16Array): Float32Array =>
  Float32Array.from(halves, (bits) => HALVES[bits]!);

/** The bits of the f16 nearest to each value; values beyond the largest are clamped to it. */
export function toHalves(values: Float32Array): Uint16Array {
  const within = Float32Array.from(values, (value) => Math.max(-LARGEST_HALF, Math.min(value, LARGEST_HALF)));
  return Uint16Array.from(new Uint32Array(within.buffer), halfBits);
}

function allHalves(): Float32Array {
  const values = new Float32Array(65_536);
  const bits = new Uint32Array(values.buffer);
  for (let half = 0; half < 65_536; half++) {
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 31;
    const fraction = half & 0x3ff;
    if (exponent === 0) values[half] = (sign ? -1 : 1) * fraction * 2 ** -24;
    else bits[half] = sign | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13);
  }
  return values;
}

const ONE_FLOAT = new Float32Array(1);
const ONE_FLOAT_BITS = new Uint32Array(ONE_FLOAT.buffer);
