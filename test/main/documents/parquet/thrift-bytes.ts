/** Thrift's compact protocol written by hand. */

/** A value with the number of its type. */
export interface Thrift {
  readonly type: number;
  readonly bytes: Buffer;
}

/** An unsigned integer in groups of seven bits. */
export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.of(...bytes, Number(rest));
}

/** A signed integer as an unsigned one. */
function zigzag(value: number | bigint): Buffer {
  const signed = BigInt(value);
  return varint((signed << 1n) ^ (signed >> 63n));
}

export const i32 = (value: number | bigint): Thrift => ({ type: 5, bytes: zigzag(value) });
export const i64 = (value: number | bigint): Thrift => ({ type: 6, bytes: zigzag(value) });

export function binary(value: string): Thrift {
  const bytes = Buffer.from(value);
  return { type: 8, bytes: Buffer.concat([varint(bytes.length), bytes]) };
}

/** A list of values of one type. */
export function list(values: readonly Thrift[]): Thrift {
  const head = Buffer.concat([Buffer.of(0xf0 | (values[0]?.type ?? 12)), varint(values.length)]);
  return { type: 9, bytes: Buffer.concat([head, ...values.map(({ bytes }) => bytes)]) };
}

/** A struct by the numbers of its fields. */
export function struct(fields: Readonly<Record<number, Thrift | undefined>>): Thrift {
  const pieces: Buffer[] = [];
  for (const [field, value] of Object.entries(fields)) {
    if (value) pieces.push(Buffer.of(value.type), zigzag(Number(field)), value.bytes);
  }
  return { type: 12, bytes: Buffer.concat([...pieces, Buffer.of(0)]) };
}
