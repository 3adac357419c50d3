/** Parquet: flat and nested columns in plain, dictionary, run and difference pages, packed or not. */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Random } from "../../../native-models/random.ts";
import { chance, pick, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { bytesOf, changed, damaged, packed, raw, signed, sizeOf, u32, u8 } from "../pieces.ts";
import type { Piece } from "../pieces.ts";
import { binary, i32, i64, list, struct } from "../thrift-pieces.ts";
import type { Value } from "../thrift-pieces.ts";
import { lookedAt } from "./document.ts";

interface Leaf {
  readonly path: readonly string[];
  readonly type: number;
  readonly encoding: number;
  readonly codec: number;
  readonly values: number;
  readonly pages: readonly Piece[];
}

export const parquet: FuzzedParser = {
  name: "parquet",
  shortCount: 2000,
  make(random, isChanged) {
    const pieces = filePieces(random, isChanged);
    const bytes = bytesOf(isChanged ? changed(pieces, random) : pieces);
    return { "rows.parquet": isChanged && chance(random, 10) ? damaged(bytes, random) : bytes };
  },
  parse: (folder) => lookedAt(join(folder, "rows.parquet")),
};

function filePieces(random: Random, odd: boolean): Piece[] {
  const rows = 2 + random.integer(6);
  const text = () => (odd ? textOf(random) : "some text");
  const texts = () => Array.from({ length: rows }, text);
  const codec = () => pick(random, [0, 0, 1, 2, 7]);
  const nested = chance(random, 50);
  const leaves = nested
    ? ["role", "content"].map((field) => messageLeaf(random, field, rows, codec(), text))
    : [
        textLeaf(random, "prompt", texts(), codec()),
        textLeaf(random, "completion", texts(), codec()),
        numberLeaf(random, rows, codec()),
      ];
  const groups = 1 + random.integer(2);
  let at = 4;
  const bodies: Piece[] = [];
  const groupValues = Array.from({ length: groups }, () => {
    const chunks = leaves.map((leaf) => {
      const start = at;
      at += sizeOf(leaf.pages);
      bodies.push(...leaf.pages);
      const length = at - start;
      return struct({
        2: i64(0),
        3: struct({
          1: i32(leaf.type),
          2: list([i32(leaf.encoding)]),
          3: list(leaf.path.map(binary)),
          4: i32(leaf.codec),
          5: i64(leaf.values),
          6: i64(length),
          7: i64(length),
          9: i64(start),
        }),
      });
    });
    return struct({ 1: list(chunks), 2: i64(at), 3: i64(rows) });
  });
  const footer = struct({
    1: i32(2),
    2: list(nested ? messageSchema() : flatSchema(leaves)),
    3: i64(rows * groups),
    4: list(groupValues),
    6: binary("fuzz"),
  });
  return [raw("PAR1"), ...bodies, ...footer.pieces, u32(sizeOf(footer.pieces)), raw("PAR1")];
}

const element = (
  name: string,
  repetition: number,
  type: number | null,
  children?: number,
  converted?: number,
): Value =>
  struct({
    1: type === null ? undefined : i32(type),
    3: i32(repetition),
    4: binary(name),
    5: children === undefined ? undefined : i32(children),
    6: converted === undefined ? undefined : i32(converted),
  });

const flatSchema = (leaves: readonly Leaf[]) => [
  element("schema", 0, null, leaves.length),
  ...leaves.map(({ path, type }) =>
    element(path[0]!, type === 6 ? 1 : 0, type, undefined, type === 6 ? 0 : undefined),
  ),
];
const messageSchema = () => [
  element("schema", 0, null, 1),
  element("messages", 1, null, 1, 3),
  element("list", 2, null, 1),
  element("element", 1, null, 2),
  element("role", 1, 6, undefined, 0),
  element("content", 1, 6, undefined, 0),
];

/** Runs of equal numbers, or groups of eight, by turns. */
function runs(random: Random, values: readonly number[], width: number): Piece[] {
  if (chance(random, 50))
    return values.flatMap((value) => [packed(2), raw(Buffer.from([value]).subarray(0, (width + 7) >> 3))]);
  const groups = Math.ceil(values.length / 8);
  const bytes = Buffer.alloc(groups * width);
  values.forEach((value, i) => {
    for (let bit = 0; bit < width; bit++)
      if (value & (1 << bit)) bytes[(i * width + bit) >> 3]! |= 1 << ((i * width + bit) & 7);
  });
  return [packed((groups << 1) | 1), raw(bytes)];
}

function levels(random: Random, values: readonly number[], width: number): Piece[] {
  const pieces = runs(random, values, width);
  return [u32(sizeOf(pieces)), ...pieces];
}

/** A page with its header. Packed content is one piece; its inside can be changed before it is packed. */
function page(
  codec: number,
  head: Readonly<Record<number, Value>>,
  kind: number,
  content: readonly Piece[],
): Piece[] {
  const plain = bytesOf(content);
  const body = codec === 0 ? content : [raw(pack(codec, plain))];
  const header = struct({ 1: i32(kind), 2: i32(plain.length), 3: i32(sizeOf(body)), ...head });
  return [...header.pieces, ...body];
}

function pack(codec: number, plain: Buffer): Buffer {
  if (codec === 2) return gzipSync(plain);
  const extra = plain.length - 15;
  if (codec === 7) {
    const more = extra < 0 ? [] : [...Array<number>(Math.floor(extra / 255)).fill(255), extra % 255];
    return Buffer.concat([Buffer.of(Math.min(15, plain.length) << 4, ...more), plain]);
  }
  const length = bytesOf([packed(plain.length)]);
  return Buffer.concat([
    length,
    plain.length <= 60
      ? Buffer.of((plain.length - 1) << 2)
      : Buffer.of(61 << 2, (plain.length - 1) & 255, (plain.length - 1) >> 8),
    plain,
  ]);
}

const plainTexts = (values: readonly string[]): Piece[] =>
  values.flatMap((value) => [u32(Buffer.byteLength(value)), raw(value)]);

/** Optional text: PLAIN, with a dictionary, or by lengths. */
function textLeaf(random: Random, name: string, values: readonly string[], codec: number): Leaf {
  const definition = levels(
    random,
    values.map(() => 1),
    1,
  );
  return {
    path: [name],
    type: 6,
    codec,
    values: values.length,
    ...textPages(random, values, values.length, definition, codec),
  };
}

function textPages(
  random: Random,
  values: readonly string[],
  entries: number,
  before: readonly Piece[],
  codec: number,
): Pick<Leaf, "pages" | "encoding"> {
  const data = (encoding: number, content: readonly Piece[]) =>
    page(codec, { 5: struct({ 1: i32(entries), 2: i32(encoding), 3: i32(3), 4: i32(3) }) }, 0, [
      ...before,
      ...content,
    ]);
  switch (random.integer(4)) {
    case 0: {
      const words = [...new Set(values)];
      const dictionary = page(
        codec,
        { 7: struct({ 1: i32(words.length), 2: i32(0) }) },
        2,
        plainTexts(words),
      );
      const indices = runs(
        random,
        values.map((value) => words.indexOf(value)),
        4,
      );
      return { encoding: 8, pages: [...dictionary, ...data(8, [u8(4), ...indices])] };
    }
    case 1:
      return {
        encoding: 6,
        pages: data(6, [...differences(values.map((value) => Buffer.byteLength(value))), ...values.map(raw)]),
      };
    case 2:
      return {
        encoding: 7,
        pages: data(7, [
          ...differences(values.map(() => 0)),
          ...differences(values.map((value) => Buffer.byteLength(value))),
          ...values.map(raw),
        ]),
      };
    default:
      return { encoding: 0, pages: data(0, plainTexts(values)) };
  }
}

/** DELTA_BINARY_PACKED in blocks of one miniblock of 8 values, each 16 bits wide. */
function differences(values: readonly number[]): Piece[] {
  const head = [packed(8), packed(1), packed(values.length), signed(values[0] ?? 0)];
  const deltas = values.slice(1).map((value, i) => value - values[i]!);
  const blocks: Piece[] = [];
  for (let i = 0; i < deltas.length; i += 8) {
    const block = deltas.slice(i, i + 8);
    const least = Math.min(...block);
    const bytes = Buffer.alloc(16);
    block.forEach((delta, k) => bytes.writeUInt16LE(delta - least, 2 * k));
    blocks.push(signed(least), u8(16), raw(bytes));
  }
  return [...head, ...blocks];
}

function numberLeaf(random: Random, rows: number, codec: number): Leaf {
  const values = Array.from({ length: rows }, () => random.integer(1000));
  const isDelta = chance(random, 50);
  const content = isDelta ? differences(values) : values.map((value) => u32(value));
  const encoding = isDelta ? 5 : 0;
  const pages = page(
    codec,
    { 5: struct({ 1: i32(rows), 2: i32(encoding), 3: i32(3), 4: i32(3) }) },
    0,
    content,
  );
  return { path: ["number"], type: 1, encoding, codec, values: rows, pages };
}

/** A field of messages: two in each row, or an empty list. */
function messageLeaf(random: Random, field: string, rows: number, codec: number, text: () => string): Leaf {
  const [definitions, repetitions, values]: [number[], number[], string[]] = [[], [], []];
  for (let row = 0; row < rows; row++) {
    definitions.push(4, 4);
    repetitions.push(0, 1);
    values.push(...(field === "role" ? ["user", "assistant"] : [text(), text()]));
  }
  const before = [...levels(random, repetitions, 1), ...levels(random, definitions, 3)];
  return {
    path: ["messages", "list", "element", field],
    type: 6,
    codec,
    values: definitions.length,
    ...textPages(random, values, definitions.length, before, codec),
  };
}
