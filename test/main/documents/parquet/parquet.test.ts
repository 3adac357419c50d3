import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { parquet } from "../../../../main/documents/parquet/parquet.ts";
import type { DataRecord } from "../../../../main/documents/row.ts";
import { CODEC, ENCODING, parquetBytes, plainTexts, run, texts } from "./parquet-bytes.ts";
import type { Column } from "./parquet-bytes.ts";
import { read, refusal } from "../read.ts";
import { scratch } from "../scratch.ts";

const golden = join(import.meta.dirname, "golden");
const files = readdirSync(golden).filter((name) => name.endsWith(".parquet"));

async function recordsOf(path: string): Promise<DataRecord[]> {
  const document = await parquet.open(path);
  if (document.kind !== "records") throw new Error("it was read as text");
  return [...document.records];
}

describe("Parquet is read", () => {
  test.each(files)("as pyarrow reads it: %s", async (name) => {
    const expected = JSON.parse(readFileSync(join(golden, "rows.json"), "utf8")) as unknown[];
    const records = await recordsOf(join(golden, name));
    expect(records.map(({ fields }) => fields)).toEqual(expected);
    expect(records.map(({ line }) => line)).toEqual(expected.map((_, index) => index + 1));
  });

  test("by the names of its columns, whatever the file's name", async () => {
    const bytes = parquetBytes([texts("prompt", ["p1", "p2"]), texts("completion", ["c1", "c2"])]);
    for (const name of ["a.parquet", "a.txt", "a"]) {
      const { format, rows } = await read(name, bytes);
      expect(format).toBe("parquet");
      expect(rows).toEqual([
        { line: 1, kind: "example", example: { prompt: "p1", completion: "c1" } },
        { line: 2, kind: "example", example: { prompt: "p2", completion: "c2" } },
      ]);
    }
  });

  test("with conversations in a column of lists", async () => {
    const { rows, leftOut } = await read("a.parquet", readFileSync(join(golden, "plain-lz4.parquet")));
    const conversations = rows.flatMap((row) => (row.kind === "conversation" ? [row.conversation] : []));
    expect(conversations).toHaveLength(26);
    expect(conversations[0]).toEqual([
      { role: "user", content: "Is finding 1 of the study supported? Ja, größer 你好 x" },
      { role: "assistant", content: "A" },
    ]);
    expect(leftOut).toMatchObject([{ rows: 14, lines: [1, 4, 7, 10, 13] }]);
  });

  test("with columns named like JavaScript's own properties", async () => {
    const bytes = parquetBytes([texts("__proto__", ["a"]), texts("constructor", ["b"])]);
    const [record] = await recordsOf(scratch({ a: bytes })("a"));
    expect(Object.entries(record!.fields)).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
    ]);
  });

  test("with any compression of its pages", async () => {
    const content = plainTexts(["text text text text text text text text text text text text", "text"]);
    const packed: [number, Buffer][] = [
      [CODEC.gzip, gzipSync(content)],
      [CODEC.brotli, brotliCompressSync(content)],
      // "text " and a copy of 54 bytes from 5 before, by hand
      [
        CODEC.snappy,
        Buffer.concat([
          Buffer.of(71, 8 << 2),
          content.subarray(0, 9),
          Buffer.of((53 << 2) | 2, 5, 0, 7 << 2),
          content.subarray(63),
        ]),
      ],
      [
        CODEC.lz4,
        Buffer.concat([
          Buffer.of(0x9f),
          content.subarray(0, 9),
          Buffer.of(5, 0, 54 - 19, 0x80),
          content.subarray(63),
        ]),
      ],
    ];
    for (const [codec, bytes] of packed) {
      const column: Column = {
        ...texts("text", ["", ""]),
        codec,
        pages: [{ entries: 2, content: bytes, unpackedBytes: content.length }],
      };
      const records = await recordsOf(scratch({ a: parquetBytes([column]) })("a"));
      expect(
        records.map(({ fields }) => fields["text"]),
        `codec ${codec}`,
      ).toEqual(["text text text text text text text text text text text text", "text"]);
    }
  });
});

/** A column of these pages that is refused. */
function refused(column: Partial<Column>, lies = {}): Promise<{ reason: string }> {
  return refusal("a.parquet", parquetBytes([{ ...texts("text", ["a", "b"]), ...column }], lies));
}

describe("Parquet is refused", () => {
  test("if it is something else or truncated", async () => {
    expect((await refusal("a.parquet", "prompt,completion\na,b\n")).reason).toBe(
      "its name is that of a Parquet file, but it is not one",
    );
    const whole = parquetBytes([texts("text", ["a", "b"])]);
    for (let length = 4; length < whole.length; length++) {
      expect((await refusal("a.parquet", whole.subarray(0, length))).reason).toMatch(/truncated|damaged/);
    }
  });

  test("if it is encrypted or has an unsupported compression", async () => {
    const encrypted = parquetBytes([texts("text", ["a"])]);
    encrypted.write("PARE", encrypted.length - 4);
    expect((await refusal("a.parquet", encrypted)).reason).toMatch(/encrypted/);
    expect((await refused({ codec: CODEC.lzo })).reason).toMatch(/LZO/);
    expect((await refused({ codec: 99 })).reason).toMatch(/method that is not supported/);
  });

  test("if its figures contradict each other", async () => {
    const content = plainTexts(["a", "b"]);
    expect((await refused({}, { rows: 3 })).reason).toMatch(/damaged/);
    expect((await refused({}, { groupRows: 3 })).reason).toMatch(/damaged/);
    expect((await refused({}, { groupRows: 1 })).reason).toMatch(/damaged/);
    expect((await refused({ offset: 1e9 })).reason).toMatch(/damaged/);
    expect((await refused({ pages: [{ entries: 1, content }] })).reason).toMatch(/damaged/);
    expect((await refused({ pages: [{ entries: 3, content }] })).reason).toMatch(/damaged/);
    expect((await refused({ pages: [{ entries: 2, content: content.subarray(0, 7) }] })).reason).toMatch(
      /damaged/,
    );
  });

  test("if a text is not UTF-8", async () => {
    const content = Buffer.concat([Buffer.of(1, 0, 0, 0, 0xff), plainTexts(["b"])]);
    expect((await refused({ pages: [{ entries: 2, content }] })).reason).toMatch(/damaged/);
  });

  test("if its indices point outside its dictionary, or it has none", async () => {
    const index = [
      {
        entries: 2,
        encoding: ENCODING.dictionary,
        content: Buffer.concat([Buffer.of(3), run(2, Buffer.of(7))]),
      },
    ];
    const dictionary = { kind: 2, entries: 1, content: plainTexts(["a"]) };
    expect((await refused({ pages: [dictionary, ...index] })).reason).toMatch(/damaged/);
    expect((await refused({ pages: index })).reason).toMatch(/damaged/);
  });
});
