/** A binary file as the pieces that it was put together from, so that a count, a length or an offset can be changed as such. */
import type { Random } from "../../native-models/random.ts";
import { chance, pick } from "./draw.ts";

export type Piece = { readonly bytes: Buffer } | NumberPiece;

interface NumberPiece {
  readonly bytes: Buffer;
  readonly value: bigint;
  /** Another number as it is written in this place. */
  readonly write: (value: bigint) => Buffer;
}

const written = (value: bigint, write: NumberPiece["write"]): Piece => ({
  bytes: write(value),
  value,
  write,
});
const number = (write: NumberPiece["write"]) => (value: number | bigint) => written(BigInt(value), write);

const fixed = (width: 1 | 2 | 4) =>
  number((value) => {
    const bytes = Buffer.allocUnsafe(width);
    bytes.writeUIntLE(Number(BigInt.asUintN(8 * width, value)), 0, width);
    return bytes;
  });

export const u8 = fixed(1);
export const u16 = fixed(2);
export const u32 = fixed(4);
export const u64 = number((value) => {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
});
/** In decimal digits. */
export const digits = number((value) => Buffer.from(String(value)));

export const raw = (bytes: string | Uint8Array): Piece => ({ bytes: Buffer.from(bytes as string) });

/** The file. */
export function bytesOf(pieces: readonly Piece[]): Buffer {
  return Buffer.concat(pieces.map(({ bytes }) => bytes));
}

/** How many bytes that is. */
export function sizeOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

const BOUNDARIES = [0n, 1n, 2n, 3n, 7n, 8n, 127n, 128n, 255n, 256n, 65535n, 65536n, 1n << 24n, (1n << 31n) - 1n, 1n << 31n, (1n << 32n) - 1n,
  1n << 32n, (1n << 53n) - 1n, 1n << 53n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n, -1n, -2n]; // prettier-ignore

/** The pieces with one to four changes: numbers at boundaries, pieces twice, lost, elsewhere, other bytes. */
export function changed(pieces: readonly Piece[], random: Random): Piece[] {
  const list = [...pieces];
  for (let changes = 1 + random.integer(4); changes > 0 && list.length > 0; changes--) change(list, random);
  return list;
}

function change(list: Piece[], random: Random): void {
  const at = random.integer(list.length);
  const piece = list[at]!;
  const length = 1 + random.integer(Math.min(6, list.length - at));
  const kind = random.integer(10);
  if (kind < 6)
    list[at] =
      "value" in piece
        ? written(otherNumber(list, piece.value, random), piece.write)
        : { bytes: damaged(piece.bytes, random) };
  else if (kind === 6) list.splice(at, length);
  else if (kind === 7) list.splice(random.integer(list.length), 0, ...list.slice(at, at + length));
  else if (kind === 8) list.splice(random.integer(list.length), 0, ...list.splice(at, length));
  else list[at] = pick(random, list);
}

function otherNumber(list: readonly Piece[], value: bigint, random: Random): bigint {
  switch (random.integer(5)) {
    case 0:
      return value + BigInt(random.integer(5) - 2);
    case 1:
      return value * BigInt(1 + random.integer(4));
    case 2: {
      const other = pick(random, list);
      return "value" in other ? other.value : BigInt(other.bytes.length);
    }
    default:
      return pick(random, BOUNDARIES);
  }
}

/** Bytes with some of them changed, lost, added or cut off. */
export function damaged(bytes: Buffer, random: Random): Buffer {
  if (bytes.length === 0) return Buffer.of(random.integer(256));
  const at = random.integer(bytes.length);
  const end = Math.min(bytes.length, at + 1 + random.integer(8));
  switch (random.integer(6)) {
    case 0:
    case 1: {
      const other = Buffer.from(bytes);
      other[at] = chance(random, 50)
        ? other[at]! ^ (1 << random.integer(8))
        : pick(random, [0, 1, 0x7f, 0x80, 0xff, 0x22, 0x7b]);
      return other;
    }
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    case 4:
      return bytes.subarray(0, at);
    default:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.alloc(1 + random.integer(32), random.integer(256)),
        bytes.subarray(at),
      ]);
  }
}
