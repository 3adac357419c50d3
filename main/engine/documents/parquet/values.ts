/** Bytes of a column as JSON values: text, numbers, booleans; null for anything else. */
import { refuse } from "./bad-parquet.ts";
import {
  PageReader,
  readByLengths,
  readByPrefixes,
  readDeltas,
  withoutByteStreams,
  ENCODING,
} from "./encodings.ts";
import { PHYSICAL } from "./schema.ts";
import type { Leaf } from "./schema.ts";

export type Scalar = string | number | boolean | null;

const WIDTHS: Record<number, number> = {
  [PHYSICAL.int32]: 4,
  [PHYSICAL.int64]: 8,
  [PHYSICAL.int96]: 12,
  [PHYSICAL.float]: 4,
  [PHYSICAL.double]: 8,
};
const LATEST_MILLISECONDS = 8.64e15;

/** `count` values without a dictionary. `take` is called before bytes are written. Throws `BadParquet`. */
export function readValues(
  reader: PageReader,
  encoding: number,
  count: number,
  leaf: Leaf,
  take: (bytes: number) => void,
): Scalar[] {
  const { type } = leaf;
  const isBytes = type === PHYSICAL.bytes;
  const width = type === PHYSICAL.fixed ? leaf.width : WIDTHS[type];
  if (encoding === ENCODING.plain) return readPlain(reader, count, leaf);
  if (encoding === ENCODING.byteStreams && width !== undefined)
    return readPlain(new PageReader(withoutByteStreams(reader, count, width)), count, leaf);
  if (encoding === ENCODING.delta && (type === PHYSICAL.int32 || type === PHYSICAL.int64)) {
    const values = readDeltas(reader, count, type === PHYSICAL.int32 ? 32 : 64);
    return Array.from(values, (value) => integer(value, leaf));
  }
  if (encoding === ENCODING.deltaLength && isBytes)
    return readByLengths(reader, count).map((bytes) => text(bytes, leaf));
  if (encoding === ENCODING.deltaBytes && (isBytes || type === PHYSICAL.fixed))
    return readByPrefixes(reader, count, take).map((bytes) => text(bytes, leaf));
  return refuse("has values in an encoding that is not supported");
}

/** `count` values in PLAIN encoding, which dictionaries use too. */
export function readPlain(reader: PageReader, count: number, leaf: Leaf): Scalar[] {
  const { type } = leaf;
  if (type === PHYSICAL.boolean) {
    const bits = reader.take(Math.ceil(count / 8));
    return Array.from({ length: count }, (_, i) => (bits[i >> 3]! & (1 << (i & 7))) !== 0);
  }
  const values: Scalar[] = [];
  if (type === PHYSICAL.bytes) {
    for (let i = 0; i < count; i++) values.push(text(reader.take(reader.uint32()), leaf));
    return values;
  }
  const width = type === PHYSICAL.fixed ? leaf.width : WIDTHS[type]!;
  const bytes = reader.take(count * width);
  for (let at = 0; at < bytes.length; at += width) {
    if (type === PHYSICAL.int32) values.push(integer(BigInt(bytes.readInt32LE(at)), leaf));
    else if (type === PHYSICAL.int64) values.push(integer(bytes.readBigInt64LE(at), leaf));
    else if (type === PHYSICAL.float) values.push(bytes.readFloatLE(at));
    else if (type === PHYSICAL.double) values.push(bytes.readDoubleLE(at));
    else values.push(null);
  }
  return values;
}

/** An integer, or the value it represents. If a number cannot hold it, its digits. */
function integer(signed: bigint, { type, kind, scale, unsigned }: Leaf): Scalar {
  const value = unsigned ? BigInt.asUintN(type === PHYSICAL.int32 ? 32 : 64, signed) : signed;
  if (kind === "decimal") return Number(`${value}e-${scale}`);
  if (kind === "day") return date(Number(value) * 86_400_000)?.slice(0, 10) ?? null;
  if (kind === "time") return date(Number(value) / scale);
  if (kind !== "number") return null;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

function date(milliseconds: number): string | null {
  return Math.abs(milliseconds) <= LATEST_MILLISECONDS ? new Date(milliseconds).toISOString() : null;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Untyped bytes may be text, as some programs write it. */
function text(bytes: Buffer, { kind }: Leaf): string | null {
  if (kind !== "text" && kind !== "bytes") return null;
  try {
    return utf8.decode(bytes);
  } catch {
    return kind === "bytes" ? null : refuse("has text that is not UTF-8");
  }
}
