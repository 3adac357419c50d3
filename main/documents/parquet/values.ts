/** Values of a Parquet file as JSON has them: text, numbers, booleans, lists, objects; null for anything else. */
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { SchemaElement } from "hyparquet";
import { compressors as usual, decompressZstd } from "hyparquet-compressors";
import { refuse } from "../bad-document.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const LATEST_MILLISECONDS = 8.64e15;

/** What decompresses pages, to at most their stated size. */
export const compressors = {
  ...usual,
  GZIP: (packed: Uint8Array, bytes: number) =>
    new Uint8Array(gunzipSync(packed, { maxOutputLength: Math.max(bytes, 1) })),
  BROTLI: (packed: Uint8Array, bytes: number) =>
    new Uint8Array(brotliDecompressSync(packed, { maxOutputLength: Math.max(bytes, 1) })),
  ZSTD: (packed: Uint8Array, bytes: number) => decompressZstd(packed, new Uint8Array(bytes)),
};

/** How hyparquet converts values with a meaning. */
export const parsers = {
  timestampFromMilliseconds: (value: bigint) => date(Number(value)),
  timestampFromMicroseconds: (value: bigint) => date(Number(value) / 1e3),
  timestampFromNanoseconds: (value: bigint) => date(Number(value) / 1e6),
  dateFromDays: (days: number) => date(days * 86_400_000)?.slice(0, 10) ?? null,
  stringFromBytes: text,
  jsonFromBytes: text,
  geometryFromBytes: () => null,
  geographyFromBytes: () => null,
  uuidFromBytes: () => null,
};

function date(milliseconds: number): string | null {
  return Math.abs(milliseconds) <= LATEST_MILLISECONDS ? new Date(milliseconds).toISOString() : null;
}

function text(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return refuse("damaged");
  }
}

/** The older names of logical types, which are the ones that hyparquet looks for. */
const CONVERTED = {
  LIST: "LIST",
  MAP: "MAP",
  DATE: "DATE",
  DECIMAL: "DECIMAL",
  JSON: "JSON",
  ENUM: "UTF8",
} as const;

/** A column's description in the form that hyparquet understands; values without a JSON form become UUIDs, which are read as null. */
export function withConvertedTypes(element: SchemaElement): SchemaElement {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (converted === "MAP_KEY_VALUE") return { ...element, converted_type: "MAP" };
  const named =
    logical && logical.type in CONVERTED ? CONVERTED[logical.type as keyof typeof CONVERTED] : undefined;
  if (named)
    return { ...element, converted_type: named, ...("scale" in logical! && { scale: logical.scale }) };
  const isOther = type === "FIXED_LEN_BYTE_ARRAY" || converted === "BSON";
  if (!isOther || converted === "DECIMAL" || logical?.type === "FLOAT16") return element;
  const other: SchemaElement = { ...element, logical_type: { type: "UUID" } };
  delete other.converted_type;
  return other;
}

/** A value as JSON has it. An integer that a number cannot hold becomes its digits; untyped bytes may be text, as some programs write it. */
export function asJson(value: unknown): unknown {
  if (value === undefined) return refuse("damaged");
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) {
    try {
      return utf8.decode(value);
    } catch {
      return null;
    }
  }
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asJson(inner)]));
  return value;
}
