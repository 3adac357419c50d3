/** Parquet files assembled byte by byte, so that each field can be wrong. */
import { binary, i32, i64, list, struct, varint } from "./thrift-bytes.ts";
import type { Thrift } from "./thrift-bytes.ts";

/** Physical types, encodings and codecs by their numbers. */
export const TYPE = { boolean: 0, int32: 1, int64: 2, int96: 3, float: 4, double: 5, bytes: 6, fixed: 7 };
export const CODEC = { none: 0, snappy: 1, gzip: 2, lzo: 3, brotli: 4, zstd: 6, lz4: 7 };
export const ENCODING = { plain: 0, runs: 3, delta: 5, deltaLength: 6, deltaBytes: 7, dictionary: 8 };

/** A page before its header is written. */
export interface Page {
  /** 0 of data, 2 a dictionary. */
  readonly kind?: number;
  readonly entries: number;
  readonly encoding?: number;
  readonly content: Buffer;
  /** What the header says in place of the content's length. */
  readonly unpackedBytes?: number | bigint;
}

/** A column without levels (required), unless its pages have them and its schema says so. */
export interface Column {
  readonly name: string;
  readonly type?: number;
  /** 0 required, 1 optional, 2 repeated. */
  readonly repetition?: number;
  /** 0: UTF-8. */
  readonly converted?: number;
  readonly codec?: number;
  readonly entries: number | bigint;
  readonly pages: readonly Page[];
  readonly offset?: number | bigint;
}

export interface ParquetLies {
  readonly rows?: number | bigint;
  readonly groupRows?: number | bigint;
  readonly footerBytes?: number;
  /** In place of the schema that the columns have. */
  readonly schema?: readonly Thrift[];
}

/** A file of one row group. */
export function parquetBytes(columns: readonly Column[], lies: ParquetLies = {}): Buffer {
  const entries = columns[0]!.entries;
  const rows = lies.groupRows ?? entries;
  const pieces = [Buffer.from("PAR1")];
  let at = 4;
  const chunks = columns.map((column) => {
    const bytes = Buffer.concat(column.pages.map(pageBytes));
    const start = at;
    pieces.push(bytes);
    at += bytes.length;
    const dictionary = column.pages[0]?.kind === 2 ? pageBytes(column.pages[0]).length : 0;
    return struct({
      2: i64(0),
      3: struct({
        1: i32(column.type ?? TYPE.bytes),
        2: list([i32(0)]),
        3: list([binary(column.name)]),
        4: i32(column.codec ?? CODEC.none),
        5: i64(column.entries),
        6: i64(bytes.length),
        7: i64(bytes.length),
        9: i64(column.offset ?? start + dictionary),
        11: dictionary > 0 ? i64(start) : undefined,
      }),
    });
  });
  const group = struct({ 1: list(chunks), 2: i64(at), 3: i64(rows) });
  const footer = struct({
    1: i32(2),
    2: list(lies.schema ?? schemaOf(columns)),
    3: i64(lies.rows ?? rows),
    4: list([group]),
  }).bytes;
  const length = Buffer.alloc(4);
  length.writeUInt32LE(lies.footerBytes ?? footer.length);
  return Buffer.concat([...pieces, footer, length, Buffer.from("PAR1")]);
}

/** The root and the columns below it. */
function schemaOf(columns: readonly Column[]): Thrift[] {
  const root = struct({ 4: binary("schema"), 5: i32(columns.length) });
  return [
    root,
    ...columns.map(({ name, type, repetition, converted }) =>
      element(name, { type: type ?? TYPE.bytes, repetition: repetition ?? 0, converted: converted ?? 0 }),
    ),
  ];
}

/** A column of the schema, or with children what holds some. */
export function element(
  name: string,
  fields: { type?: number; repetition?: number; converted?: number; children?: number },
): Thrift {
  const { type, repetition = 0, converted, children } = fields;
  return struct({
    1: type === undefined ? undefined : i32(type),
    3: i32(repetition),
    4: binary(name),
    5: children === undefined ? undefined : i32(children),
    6: converted === undefined || (type !== undefined && type !== TYPE.bytes) ? undefined : i32(converted),
  });
}

/** A page with its header. */
function pageBytes(page: Page): Buffer {
  const { kind = 0, entries, encoding = ENCODING.plain, content, unpackedBytes = content.length } = page;
  const own =
    kind === 2
      ? { 7: struct({ 1: i32(entries), 2: i32(encoding) }) }
      : { 5: struct({ 1: i32(entries), 2: i32(encoding), 3: i32(3), 4: i32(3) }) };
  const header = struct({
    1: i32(kind),
    2: i32(unpackedBytes),
    3: i32(content.length),
    ...own,
  });
  return Buffer.concat([header.bytes, content]);
}

/** Texts as PLAIN writes them. */
export function plainTexts(texts: readonly string[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** A column of text in one page. */
export function texts(name: string, values: readonly string[]): Column {
  return { name, entries: values.length, pages: [{ entries: values.length, content: plainTexts(values) }] };
}

/** One run of a value, its bytes as they are; with its length before it, as levels have it. */
export function run(count: number | bigint, value: Buffer, withLength = false): Buffer {
  const bytes = Buffer.concat([varint(BigInt(count) << 1n), value]);
  if (!withLength) return bytes;
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}
