import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LARGEST_LINE_BYTES, readLines } from "../../../../main/documents/files/lines.ts";
import { failureOf, scratch } from "../scratch.ts";

const linesOf = (content: string | Uint8Array) => [...readLines(scratch({ "a.txt": content })("a.txt"))];

describe("Lines are read", () => {
  test("with their numbers, whatever the line ends are, and without a byte order mark", () => {
    expect(linesOf("\ufeffone\r\n\n three \nfour")).toEqual([
      { number: 1, text: "one" },
      { number: 2, text: "" },
      { number: 3, text: " three " },
      { number: 4, text: "four" },
    ]);
  });

  test("whole across chunks, even if a character spans two", () => {
    const long = "é".repeat(700_000); // 1.4 MB: the chunk border at 1 MiB falls between lines' bytes
    const lines = linesOf(`x${long}\n${long}\n`);
    expect(lines.map(({ text }) => text.length)).toEqual([700_001, 700_000]);
    expect(lines[1]!.text === long).toBe(true);
  });

  test("lazily: what follows a line is not read before it is requested", () => {
    const lines = readLines(scratch({ "a.txt": new Uint8Array([0x61, 0x0a, 0xff, 0x0a]) })("a.txt"));
    expect(lines.next().value).toEqual({ number: 1, text: "a" });
    expect(() => lines.next()).toThrow("bad-data");
  });
});

describe("A file is refused", () => {
  const reasonFor = async (content: string | Uint8Array) => {
    const failure = await failureOf(() => linesOf(content));
    expect(failure.code).toBe("bad-data");
    return failure as { line?: number; reason: unknown };
  };

  test("at the line that is not valid UTF-8", async () => {
    const latin1 = Buffer.from("fine\ncafé\n", "latin1");
    expect(await reasonFor(latin1)).toMatchObject({ line: 2, reason: "not-utf-8" });
  });

  test("at the line that encodes half of a surrogate pair", async () => {
    expect(await reasonFor(new Uint8Array([0x61, 0x0a, 0xed, 0xa0, 0x80]))).toMatchObject({ line: 2 });
  });

  test("at the line that has a NUL byte", async () => {
    const { line, reason } = await reasonFor("text\nte\0xt\n");
    expect([line, reason]).toEqual([2, "not-text"]);
  });

  test.each([
    ["little-endian with a mark", Buffer.from("\ufeffhello\n", "utf16le")],
    ["big-endian with a mark", Buffer.from("\ufeffhello\n", "utf16le").swap16()],
    ["little-endian without a mark", Buffer.from("hello\n", "utf16le")],
    ["big-endian without a mark", Buffer.from("hello\n", "utf16le").swap16()],
  ])("as UTF-16, %s", async (_, content) => {
    expect(await reasonFor(content)).toMatchObject({ reason: "utf-16" });
  });

  test("at an overlong line, whether or not it ends", async () => {
    const long = Buffer.alloc(LARGEST_LINE_BYTES + 1, 0x61);
    expect(await reasonFor(long)).toMatchObject({ line: 1, reason: "long-line" });
    expect(await reasonFor(Buffer.concat([Buffer.from("a\n"), long, Buffer.from("\n")]))).toMatchObject({
      line: 2,
    });
  });

  test("after 16 MiB of a line of 3 GB, without reading the rest", async () => {
    const path = scratch()("sparse.jsonl");
    const file = openSync(path, "w");
    writeSync(file, '{"prompt":"');
    ftruncateSync(file, 3 * 10 ** 9);
    closeSync(file);
    const before = process.memoryUsage();
    expect(await failureOf(() => [...readLines(path)])).toMatchObject({
      line: 1,
      reason: "long-line",
    });
    const grown = process.memoryUsage().arrayBuffers - before.arrayBuffers;
    expect(grown).toBeLessThan(64 * 2 ** 20);
  });

  test("if it is missing or a folder", async () => {
    const at = scratch();
    expect(await failureOf(() => [...readLines(at("none.txt"))])).toMatchObject({
      code: "not-found",
      path: at("none.txt"),
    });
    expect(await failureOf(() => [...readLines(at())])).toMatchObject({
      code: "unreadable",
      reason: "folder",
    });
  });

  test.skipIf(process.platform === "win32")(
    "when it is a pipe or a device, which might never end",
    async () => {
      const pipe = scratch()("pipe.txt");
      execFileSync("mkfifo", [pipe]);
      for (const path of [pipe, "/dev/zero"]) {
        expect(await failureOf(() => [...readLines(path)])).toMatchObject({ code: "unreadable" });
      }
    },
  );
});
