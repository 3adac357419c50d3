/** Parquet: case 60. */
import { saying } from "../../saying.ts";
import { writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import {
  CODEC,
  element,
  parquetBytes,
  plainTexts,
  texts,
  TYPE,
} from "../../main/documents/parquet/parquet-bytes.ts";
import type { Column, ParquetLies } from "../../main/documents/parquet/parquet-bytes.ts";
import type { HostileCase } from "../case.ts";

const refused = (title: string, bytes: () => Buffer, reason: RegExp): HostileCase => ({
  title: `60 ${title}`,
  write: (path) => writeFileSync(path, bytes()),
  expected: { code: "bad-data", reason: saying(reason) },
});

/** One column of two texts, changed. */
const column = (title: string, changes: () => Partial<Column>, reason: RegExp, lies: ParquetLies = {}) =>
  refused(title, () => parquetBytes([{ ...texts("text", ["a", "b"]), ...changes() }], lies), reason);

/** A page that unpacks to `bytes`, whether or not it says so. */
const bomb = (
  title: string,
  codec: number,
  pack: (bytes: Buffer) => Buffer,
  bytes: number,
  reason: RegExp,
  told = bytes,
) =>
  column(
    title,
    () => ({ codec, pages: [{ entries: 2, content: pack(Buffer.alloc(bytes)), unpackedBytes: told }] }),
    reason,
  );

const MIB = 2 ** 20;

export const parquetCases: readonly HostileCase[] = [
  refused(
    "a footer larger than the file",
    () => parquetBytes([texts("text", ["a"])], { footerBytes: 2 ** 31 }),
    /damaged/,
  ),
  refused("a footer of lists without end", () => framed(Buffer.alloc(MIB, 0x19)), /damaged/),
  refused(
    "a footer of a million empty structs",
    () => framed(Buffer.concat([Buffer.of(0x29, 0xfc, 0x80, 0x80, 0x40), Buffer.alloc(MIB)])),
    /damaged/,
  ),
  bomb("a page of 200 MiB in 200 kB (gzip)", CODEC.gzip, gzipSync, 200 * MIB, /groups of rows are too large/),
  bomb(
    "a page of 200 MiB in 200 bytes (Brotli)",
    CODEC.brotli,
    brotliCompressSync,
    200 * MIB,
    /groups of rows are too large/,
  ),
  bomb("a page that says it is small", CODEC.gzip, gzipSync, 200 * MIB, /damaged/, 100),
  column(
    "a page that says it is 2 GiB",
    () => ({
      codec: CODEC.snappy,
      pages: [{ entries: 2, content: Buffer.of(1, 0, 0), unpackedBytes: 2n ** 31n - 1n }],
    }),
    /groups of rows are too large/,
  ),
  column(
    "many pages that are small alone",
    () => ({
      entries: 400,
      codec: CODEC.gzip,
      pages: Array.from({ length: 200 }, () => ({ entries: 2, content: onePacked() })).map((one) => ({
        ...one,
        unpackedBytes: MIB,
      })),
    }),
    /groups of rows are too large/,
  ),
  column("more rows than bytes", () => ({}), /damaged/, { rows: 2n ** 40n, groupRows: 2n ** 40n }),
  column("more rows than values", () => ({}), /damaged/, { groupRows: 3 }),
  column("two thousand million values", () => ({ entries: 2n ** 31n }), /damaged|too large/),
  refused("columns nested 10,000 deep", () => deepSchema(9_000), /more than 1000 columns/),
  refused("a hundred thousand columns", () => wideSchema(100_000), /more than 10000 columns/),
  column("a column that lies outside of the file", () => ({ offset: 2n ** 40n }), /damaged/),
  column("a column before the beginning", () => ({ offset: -1 }), /damaged/),
];

/** A footer of these bytes alone. */
function framed(footer: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([Buffer.from("PAR1"), footer, length, Buffer.from("PAR1")]);
}

let packed: Buffer | undefined;
const onePacked = () => (packed ??= gzipSync(Buffer.alloc(MIB)));

function deepSchema(depth: number): Buffer {
  const groups = Array.from({ length: depth }, (_, i) => element(`c${i}`, { repetition: 2, children: 1 }));
  const schema = [...groups, element("text", { type: TYPE.bytes, repetition: 2 })];
  return parquetBytes([texts("text", ["a"])], { schema });
}

function wideSchema(columns: number): Buffer {
  const leaf = element("text", { type: TYPE.bytes });
  const schema = [element("root", { children: columns }), ...Array<typeof leaf>(columns).fill(leaf)];
  return parquetBytes([{ ...texts("text", ["a"]), pages: [{ entries: 1, content: plainTexts(["a"]) }] }], {
    schema,
  });
}
