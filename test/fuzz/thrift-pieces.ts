/** Thrift's compact protocol in pieces. */
import { packed, raw, signed, u8 } from "./pieces.ts";
import type { Piece } from "./pieces.ts";

/** A value of Thrift's compact protocol in pieces. */
export interface Value {
  readonly type: number;
  readonly pieces: readonly Piece[];
}

export const i32 = (value: number): Value => ({ type: 5, pieces: [signed(value)] });
export const i64 = (value: number): Value => ({ type: 6, pieces: [signed(value)] });
export const binary = (value: string): Value => ({
  type: 8,
  pieces: [packed(Buffer.byteLength(value)), raw(value)],
});
export const list = (values: readonly Value[]): Value => ({
  type: 9,
  pieces: [
    u8(0xf0 | (values[0]?.type ?? 12)),
    packed(values.length),
    ...values.flatMap(({ pieces }) => pieces),
  ],
});
export const struct = (fields: Readonly<Record<number, Value | undefined>>): Value => {
  let last = 0;
  const pieces = Object.entries(fields).flatMap(([field, value]) => {
    if (!value) return [];
    const head = u8(((Number(field) - last) << 4) | value.type);
    last = Number(field);
    return [head, ...value.pieces];
  });
  return { type: 12, pieces: [...pieces, u8(0)] };
};
