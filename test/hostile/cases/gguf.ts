/** GGUF files: cases 1 to 23, and more of their kind. */
import { writeFileSync } from "node:fs";
import { expect } from "vitest";
import {
  entry,
  gguf,
  strings,
  tensor,
  text,
  TYPE,
  u32,
  u64,
  u8,
} from "../../native-models/formats/gguf-bytes.ts";
import type { GgufFields } from "../../native-models/formats/gguf-bytes.ts";
import type { HostileCase } from "../case.ts";
import { writeSparse } from "../sparse.ts";

const ALL = 2n ** 64n - 1n;
const unsupported = { code: "unsupported-format" };

const corrupt = (section: string, reason: RegExp) => ({
  code: "corrupt-file",
  section,
  reason: expect.stringMatching(reason) as string,
});

/** A file of these fields is refused as corrupt in that section, for that reason. */
const file = (title: string, fields: GgufFields, section: string, reason: RegExp): HostileCase => ({
  title,
  write: (path) => writeFileSync(path, gguf(fields)),
  expected: corrupt(section, reason),
});

/** A metadata value that is refused. */
const value = (title: string, bytes: Buffer[], reason: RegExp, type = TYPE.array): HostileCase =>
  file(title, { entries: [entry("k", type, ...bytes)] }, 'metadata "k"', reason);

/** A tensor list that is refused for its tensor w. */
const list = (title: string, tensors: Buffer[], reason: RegExp, section = 'tensor "w"'): HostileCase =>
  file(title, { tensors }, section, reason);

/** The metadata of part `number`, from 0, of `count`. */
const split = (number: number, count: number): Buffer[] => [
  entry("general.architecture", TYPE.string, text("llama")),
  entry("split.no", TYPE.u32, u32(number)),
  entry("split.count", TYPE.u32, u32(count)),
];

/** A model of two parts; the first is opened. */
const parts = (title: string, [first, second]: [Buffer, Buffer], expected: object): HostileCase => ({
  title,
  name: "model-00001-of-00002.gguf",
  write: (path) => {
    writeFileSync(path, first);
    writeFileSync(path.replace("-00001-", "-00002-"), second);
  },
  expected,
});

/** A version that is not read. */
const version = (title: string, number: number | Buffer): HostileCase => ({
  title,
  write: (path) => writeFileSync(path, gguf({ version: number })),
  expected: unsupported,
});

const sparse = (title: string, bytes: Buffer, sizeBytes: number, expected: object): HostileCase => ({
  title,
  expected,
  write: (path) => writeSparse(path, bytes, sizeBytes),
});

/** Arrays of one array, `depth` times. */
const nested = (depth: number): Buffer[] =>
  Array.from({ length: depth }, () => Buffer.concat([u32(TYPE.array), u64(1)]));

const size = (key: string, number: number) => entry(`llama.${key}`, TYPE.u32, u32(number));
const llama = entry("general.architecture", TYPE.string, text("llama"));
const zeroSize = (key: string) =>
  file(`22 ${key} = 0`, { entries: [llama, size(key, 0)] }, `metadata "llama.${key}"`, /positive/);

export const ggufCases: readonly HostileCase[] = [
  file("1 another magic", { magic: "GGML" }, "magic", /GGUF/),
  version("2 version 0", 0),
  version("2 version 1", 1),
  version("2 a version of the future", 4),
  version("3 big-endian", Buffer.of(0, 0, 0, 3)),
  file("4 2⁶⁴−1 tensors", { tensorCount: ALL }, "tensor count", /18446744073709551615/),
  file("4 more tensors than bytes", { tensorCount: 100_000 }, "tensor count", /100000/),
  file("5 2⁶⁴−1 metadata entries", { entryCount: ALL }, "metadata count", /18446744073709551615/),
  file("6 a key as long as 2⁶⁴−1", { entries: [u64(ALL)] }, "metadata entry 1", /18446744073709551615 bytes/),
  file(
    "6 a key above its limit",
    { entries: [entry("k".repeat(65_536), 0, u8(0))] },
    "metadata entry 1",
    /limit/,
  ),
  file(
    "6 a key that is not UTF-8",
    { entries: [entry(Buffer.of(0xff), 0, u8(0))] },
    "metadata entry 1",
    /UTF-8/,
  ),
  file("7 an empty key", { entries: [entry("", 0, u8(0))] }, "metadata entry 1", /empty/),
  file("8 a key twice", { entries: [llama, llama] }, "metadata entry 2", /general.architecture.*twice/),
  value("9 an unknown value type", [u32(0)], /type 13/, 13),
  value("9 an unknown type of an array", [u32(99), u64(1)], /type 99/),
  value("9 a boolean that is neither", [u8(2)], /boolean value 2/, TYPE.bool),
  value("10 arrays in arrays, 10,000 deep", nested(10_000), /nested/),
  value("11 count × size above 2⁶⁴", [u32(TYPE.u64), u64(2n ** 61n + 1n)], /numbers/),
  value("11 2⁶⁴−1 strings", [u32(TYPE.string), u64(ALL)], /strings/),
  value("11 2⁶⁴−1 booleans", [u32(TYPE.bool), u64(ALL)], /booleans/),
  value("12 a string past the end", [u64(1e6)], /1000000 bytes/, TYPE.string),
  value("12 a string in an array past the end", [u32(TYPE.string), u64(1), u64(1e6)], /1000000 bytes/),
  ...[0, 13].map((alignment) =>
    file(
      `13 alignment ${alignment}`,
      { entries: [entry("general.alignment", TYPE.u32, u32(alignment))] },
      'metadata "general.alignment"',
      /power of two/,
    ),
  ),
  file(
    "13 alignment of another type",
    { entries: [entry("general.alignment", TYPE.string, text("32"))] },
    'metadata "general.alignment"',
    /power of two/,
  ),
  list("14 five dimensions", [tensor({ axes: [32, 1, 1, 1, 1] })], /5 dimensions/),
  list(
    "14 2³²−1 dimensions",
    [Buffer.concat([text("w"), u32(2 ** 32 - 1), u64(0), u64(0)])],
    /4294967295 dim/,
  ),
  list("15 a dimension of 0", [tensor({ axes: [32, 0] })], /is 0/),
  list("15 a negative dimension", [tensor({ axes: [32, 2n ** 64n - 2n] })], /larger than any file/),
  list("16 a product above 2⁶⁴", [tensor({ axes: [2n ** 32n, 2n ** 32n] })], /larger than any file/),
  list(
    "16 a product that wraps to something small",
    [tensor({ axes: [2n ** 63n, 4n] })],
    /larger than any file/,
  ),
  list("17 a row that is not whole blocks", [tensor({ type: 2, axes: [33, 2] })], /blocks of 32/),
  ...[10, 11, 12, 13, 14].map((type) =>
    list(`17 the same of K-quant ${type}`, [tensor({ type, axes: [288, 2] })], /blocks of 256, as Q\d_K/),
  ),
  ...[16, 17, 18, 19, 21, 22, 23, 29, 34, 35].map((type) =>
    list(`17 the same of type ${type}`, [tensor({ type, axes: [288, 2] })], /blocks of 256, as (IQ|TQ)\d_/),
  ),
  list("17 the same of blocks of 64", [tensor({ type: 40, axes: [96, 2] })], /blocks of 64, as NVFP4/),
  list("17 the same of a type that is not decoded", [tensor({ type: 9, axes: [33, 2] })], /blocks of 32/),
  list("18 an unknown tensor type", [tensor({ type: 4 })], /unknown type 4/),
  list("19 an overlong name", [tensor({ name: "w".repeat(65) })], /65 bytes/, "tensor list entry 1"),
  list("19 an empty name", [tensor({ name: "" })], /empty/, "tensor list entry 1"),
  list("19 a name twice", [tensor(), tensor({ offset: 256 })], /twice/),
  list("20 an offset past the end", [tensor({ offset: 2 ** 40 })], /ends at/),
  list("20 an offset near 2⁶⁴", [tensor({ offset: ALL - 31n })], /larger than any file/),
  list("20 a misaligned offset", [tensor({ offset: 8, axes: [32] })], /multiple of 32/),
  list(
    "20 overlapping tensors",
    [tensor(), tensor({ name: "v", offset: 128, axes: [32] })],
    /overlaps/,
    'tensor "v"',
  ),
  ...[16, 17, 18, 19, 21, 22, 23, 29, 34, 35].map((type) =>
    list(`20 too few bytes for type ${type}`, [tensor({ type, axes: [2048, 1] })], /ends at/),
  ),
  list("20 1 byte too few for a K-quant", [tensor({ type: 12, axes: [512, 1] })], /ends at/),
  list("20 1 byte too few", [tensor({ axes: [257] })], /ends at/),
  ...["block_count", "attention.head_count", "attention.head_count_kv", "embedding_length"].map(zeroSize),
  file(
    "23 more tokens than embedding rows",
    {
      entries: [llama, strings("tokenizer.ggml.tokens", ["a", "b", "c"])],
      tensors: [tensor({ name: "token_embd.weight" })],
    },
    'tensor "token_embd.weight"',
    /2 rows for 3 tokens/,
  ),

  {
    title: "one of a model's two files",
    write: (path) => writeFileSync(path, gguf({ entries: split(0, 2) })),
    expected: { code: "missing-part", part: 2, parts: 2 },
  },
  parts("two parts with one tensor", [gguf({ entries: split(0, 2) }), gguf({ entries: split(1, 2) })], {
    ...corrupt('tensor "w"', /earlier part/),
  }),
  parts("two first parts", [gguf({ entries: split(0, 2) }), gguf({ entries: split(0, 2) })], {
    ...corrupt("metadata", /part 2 of 2/),
  }),
  parts("a part of a model of three", [gguf({ entries: split(0, 2) }), gguf({ entries: split(1, 3) })], {
    ...corrupt("metadata", /part 2 of 2/),
  }),
  parts("a whole model as a part", [gguf({ entries: split(0, 2) }), gguf()], {
    ...corrupt("metadata", /part 2 of 2/),
  }),
  parts(
    "fewer tensors than the parts claim",
    [
      gguf({ entries: [...split(0, 2), entry("split.tensors.count", TYPE.i32, u32(9))] }),
      gguf({ entries: split(1, 2), tensors: [tensor({ name: "v" })] }),
    ],
    corrupt('metadata "split.tensors.count"', /9, but the parts have 2/),
  ),
  parts(
    "a part that is cut off",
    [gguf({ entries: split(0, 2) }), gguf({ entries: split(1, 2) }).subarray(0, 90)],
    {
      code: "corrupt-file",
    },
  ),
  ...[501, 2 ** 32 - 1].map((count) =>
    file(`a part of ${count}`, { entries: split(0, count) }, 'metadata "split.count"', /1 to 500/),
  ),
  file("part 3 of 2", { entries: split(2, 2) }, 'metadata "split.no"', /0 to 1/),
  file(
    "parts counted in words",
    { entries: [entry("split.count", TYPE.string, text("two"))] },
    'metadata "split.count"',
    /it is two/,
  ),
  { title: "an empty file", write: (path) => writeFileSync(path, ""), expected: corrupt("magic", /ends/) },
  sparse(
    "a terabyte of empty strings",
    gguf({ entries: [entry("k", TYPE.array, u32(TYPE.string), u64(2 ** 36))], dataBytes: 0 }),
    2 ** 40,
    corrupt('metadata "k"', /68719476736 strings/),
  ),
  {
    title: "as many empty strings as a header may have",
    write: (path) => {
      const count = 2 ** 22;
      const array = (key: string) =>
        Buffer.concat([entry(key, TYPE.array, u32(TYPE.string), u64(count)), Buffer.alloc(8 * count)]);
      writeFileSync(path, gguf({ entries: ["a", "b", "c"].map(array), tensors: [tensor({ type: 4 })] }));
    },
    expected: corrupt('tensor "w"', /unknown type/),
  },
  sparse(
    "as many empty arrays",
    gguf({
      entries: [entry("k", TYPE.array, u32(TYPE.array), u64(65_535))],
      dataBytes: 0,
      tensors: [],
      tensorCount: 1,
    }),
    2 ** 27,
    corrupt("tensor list entry 1", /empty/),
  ),
  sparse(
    "a header without end",
    gguf({ entries: [entry("k", TYPE.array, u32(TYPE.f32), u64(2 ** 34))], dataBytes: 0 }),
    2 ** 40,
    corrupt('metadata "k"', /17179869184 numbers/),
  ),
  sparse(
    "a quarter of a million tensors",
    gguf({ entries: [], tensors: [], tensorCount: 250_000, dataBytes: 0 }),
    2 ** 27,
    corrupt("tensor list entry 1", /empty/),
  ),
  ...[
    0, 3, 4, 7, 8, 15, 16, 23, 24, 31, 32, 52, 56, 60, 64, 69, 77, 78, 82, 86, 94, 102, 106, 114, 128, 383,
  ].map((length): HostileCase => ({
    title: `21 cut off after ${length} bytes`,
    write: (path) => writeFileSync(path, gguf().subarray(0, length)),
    expected: { code: "corrupt-file", reason: expect.stringMatching(/ends|at most/) as string },
  })),
];
