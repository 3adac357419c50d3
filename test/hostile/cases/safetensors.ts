/** Safetensors files: cases 24 to 37, and more of their kind. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { safetensors } from "../../native-models/formats/safetensors-bytes.ts";
import type { HostileCase } from "../case.ts";
import { writeSparse } from "../sparse.ts";

const refused = (title: string, bytes: () => Buffer, section: string, reason: RegExp): HostileCase => ({
  title,
  write: (path) => writeFileSync(path, bytes()),
  expected: { code: "corrupt-file", section, reason: expect.stringMatching(reason) as string },
});

/** A file with this header and as many bytes of data. */
const header = (title: string, text: string | object, section: string, reason: RegExp, dataBytes = 8) =>
  refused(title, () => safetensors(text, dataBytes), section, reason);

/** An entry of the header; by default two f32. */
const entry = (fields: object = {}) => ({ dtype: "F32", shape: [2], data_offsets: [0, 8], ...fields });

/** A header with the one tensor w. */
const tensor = (title: string, fields: object, reason: RegExp, dataBytes = 8) =>
  header(title, { w: entry(fields) }, 'tensor "w"', reason, dataBytes);

/** A header of just under its limit: `open`, as much of `items` as there is room for, spaces, `close`. */
const long = (
  title: string,
  open: string,
  items: () => Buffer,
  close: string,
  section: string,
  reason: RegExp,
) =>
  refused(
    title,
    () => {
      const bytes = Buffer.alloc(99_999_992, " ");
      bytes.write(open);
      items().copy(bytes, open.length, 0, bytes.length - open.length - close.length);
      bytes.write(close, bytes.length - close.length);
      return safetensors(bytes, 0);
    },
    section,
    reason,
  );

const numbered = (item: (i: number) => string) => () =>
  Buffer.from(Array.from({ length: 300_000 }, (_, i) => item(i)).join(","));
const ones = () => Buffer.alloc(99_000_001, "1,");

export const safetensorsCases: readonly HostileCase[] = [
  refused("24 a header longer than the file", () => safetensors("{}", 0, 3), "header", /ends at 10/),
  refused("24 a header of 2⁶⁴−1 bytes", () => safetensors("{}", 0, 2n ** 64n - 1n), "header length", /limit/),
  {
    title: "25 a header above 100 MB, in a file that has them",
    write: (path) => writeSparse(path, safetensors("{}", 0, 100_000_001), 2 ** 30),
    expected: { code: "corrupt-file", section: "header length" },
  },
  refused("26 seven bytes", () => Buffer.alloc(7), "header length", /ends at 7/),
  refused("26 no bytes", () => Buffer.alloc(0), "header length", /ends at 0/),
  refused(
    "27 a header that is not UTF-8",
    () => safetensors(Buffer.from('{"\xff":1}', "latin1"), 0),
    "header",
    /UTF-8/,
  ),
  refused(
    "27 half of a surrogate pair",
    () => safetensors(Buffer.from([0x7b, 0x22, 0xf0, 0x9f, 0x22]), 0),
    "header",
    /UTF-8/,
  ),
  header("28 no { at the beginning", " {}", "header", /begin/),
  header("28 an array", "[]", "header", /begin/),
  header("28 a header of 0 bytes", "", "header", /begin/),
  header(
    "29 a tensor twice",
    `{"w":${JSON.stringify(entry())},"w":${JSON.stringify(entry())}}`,
    "header",
    /"w" appears twice/,
  ),
  header(
    "29 a tensor twice, once in escapes",
    `{"w":${JSON.stringify(entry())},"\\u0077":1}`,
    "header",
    /twice/,
  ),
  header("29 a field twice", '{"w":{"dtype":"F32","dtype":"F16"}}', "header", /"dtype" appears twice/),
  header("29 metadata twice", '{"__metadata__":{},"__metadata__":{}}', "header", /twice/),
  header(
    "29 a key of the metadata twice",
    '{"__metadata__":{"a":"1","a":"2"}}',
    "header",
    /"a" appears twice/,
  ),
  refused(
    "30 100,000 tensors on the same bytes",
    () => safetensors(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`w${i}`, entry()])), 8),
    'tensor "w1"',
    /what is before it ends/,
  ),
  header(
    "30 tensors that overlap in part",
    { v: entry(), w: entry({ data_offsets: [4, 12] }) },
    'tensor "w"',
    /what is before it ends/,
    12,
  ),
  tensor("31 a hole before the first tensor", { data_offsets: [4, 12] }, /what is before it ends/, 12),
  header(
    "31 a hole between two",
    { v: entry(), w: entry({ data_offsets: [12, 20] }) },
    'tensor "w"',
    /what is before it ends/,
    20,
  ),
  header("31 trailing bytes", { w: entry() }, "data", /4 bytes follow/, 12),
  tensor("32 a shape larger than the extent", { shape: [3] }, /takes 12 bytes, but has 8/),
  tensor("32 a shape smaller than the extent", { shape: [1] }, /takes 4 bytes, but has 8/),
  tensor("32 another dtype's extent", { dtype: "F16" }, /takes 4 bytes, but has 8/),
  tensor("33 an end before its beginning", { data_offsets: [8, 0] }, /before it begins/),
  tensor("34 a shape above 2⁶⁴", { shape: [2 ** 52, 2 ** 52] }, /larger than any file/),
  header(
    "34 a number that a double cannot hold",
    '{"w":{"shape":[18446744073709551616]}}',
    "header",
    /integer/,
  ),
  header(
    "34 an offset past the end",
    { w: entry({ shape: [3], data_offsets: [0, 12] }) },
    'tensor "w"',
    /file ends/,
  ),
  ...["-1", "1.5", "1e3", "01", '"2"', "null", "[2]"].map((number) =>
    header(
      `34 the dimension ${number}`,
      `{"w":{"dtype":"F32","shape":[${number}],"data_offsets":[0,8]}}`,
      "header",
      /at byte/,
    ),
  ),
  ...["1", "null", '{"a":"b"}', '["x"]'].map((value) =>
    header(`35 metadata of ${value}`, `{"__metadata__":{"a":${value}}}`, "header", /at byte/),
  ),
  header("35 metadata that is no object", '{"__metadata__":"a"}', "header", /at byte/),
  header(
    "37 a tensor named __proto__ that is no tensor",
    '{"__proto__":{"x":1}}',
    'tensor "__proto__"',
    /lacks/,
  ),
  tensor("a tensor without a shape", { shape: undefined }, /lacks/),
  tensor("three offsets", { data_offsets: [0, 4, 8] }, /lacks/),
  header("something after the header", "{} {}", "header", /extra content/),
  header("a header that stops", '{"w":', "header", /at byte/),
  header("a string that stops", '{"w', "header", /is not closed/),
  header("a wrong escape", '{"\\x":1}', "header", /escape/),
  header("a comma at the end", '{"w":{"note":[1,]}}', "header", /expected a value/),
  header("fields nested without end", `{"w":{"note":${"[".repeat(1e6)}`, "header", /nested/),
  long(
    "a header of 100 MB of tensors",
    "{",
    numbered((i) => `"${i}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`),
    "}",
    "header",
    /keys/,
  ),
  long(
    "a header of 100 MB of metadata",
    '{"__metadata__":{',
    numbered((i) => `"${i}":""`),
    "}}",
    "header",
    /keys/,
  ),
  long("a header of 100 MB of dimensions", '{"w":{"shape":[', ones, "]}}", 'tensor "w"', /dimensions/),
  long(
    "a header of 100 MB of numbers that nobody wants",
    '{"w":{"note":[',
    ones,
    "]}}",
    'tensor "w"',
    /lacks/,
  ),

  ...["../x.safetensors", "/etc/passwd", "a/../../x.safetensors"].map((shard): HostileCase => ({
    title: `36 an index whose shard is ${shard}`,
    name: "model",
    write: (path) => {
      mkdirSync(path);
      writeFileSync(join(path, "..", "x.safetensors"), safetensors({ w: entry() }, 8));
      writeFileSync(join(path, "model.safetensors.index.json"), JSON.stringify({ weight_map: { w: shard } }));
    },
    expected: { code: "corrupt-file", reason: expect.stringMatching(/is said to be in/) as string },
  })),
];
