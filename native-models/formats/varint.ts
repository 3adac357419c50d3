/** Unsigned integers in groups of seven bits, the lowest first, as Protocol Buffers and Thrift's compact protocol write them. */

/** The number whose bytes `next` returns one after another, truncated to 64 bits; null if it has more than ten bytes. */
export function readVarint(next: () => number): bigint | null {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = next();
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return BigInt.asUintN(64, value);
  }
  return null;
}

/** The bytes of a number; for a negative one, those of its 64-bit two's complement. */
export function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.of(...bytes, Number(rest));
}
