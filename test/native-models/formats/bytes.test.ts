import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FileBytes } from "../../../native-models/formats/bytes.ts";
import { openTensorFile } from "../../../native-models/formats/open.ts";
import { sha256OfFile } from "../../../native-models/formats/sha256.ts";
import { failureIn, temporaryFolder, written } from "./fixtures.ts";

const folder = temporaryFolder();
const file = (name: string, text = "0123456789") => written(join(folder, name), Buffer.from(text));
const onUnix = test.skipIf(process.platform === "win32");

describe("a file of bytes", () => {
  test("gives the bytes at an offset, and names a section outside the file", () => {
    const bytes = FileBytes.open(file("digits"));
    expect(Buffer.from(bytes.read(3, 4, "digits")).toString()).toBe("3456");
    expect(failureIn(() => bytes.read(8, 3, "digits"))).toEqual({
      code: "corrupt-file",
      path: bytes.path,
      section: "digits",
      reason: "it needs bytes 8 to 11, but the file ends at 10",
    });
    expect(failureIn(() => bytes.read(0, 2 ** 50, "digits"))).toMatchObject({ code: "corrupt-file" });
    bytes.close();
    bytes.close();
    expect(() => bytes.read(0, 1, "digits")).toThrow("after it was closed");
  });

  test("is distinguished from anything that is not a file", () => {
    expect(failureIn(() => FileBytes.open(join(folder, "absent")))).toMatchObject({ code: "not-found" });
    expect(failureIn(() => FileBytes.open(folder))).toMatchObject({
      code: "unreadable",
      reason: { code: "no-file", kind: "folder" },
    });
    expect(failureIn(() => FileBytes.open("a\0b"))).toMatchObject({ code: "unreadable" });
  });

  onUnix("does not wait at a named pipe, nor read a device without end", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    for (const [path, kind] of [
      [pipe, "pipe"],
      ["/dev/zero", "device"],
    ] as const) {
      const expected = { code: "unreadable", path, reason: { code: "no-file", kind } };
      expect(failureIn(() => FileBytes.open(path))).toEqual(expected);
      expect(failureIn(() => openTensorFile(path))).toEqual(expected);
      await expect(sha256OfFile(path)).rejects.toMatchObject({ failure: expected });
    }
    const socket = join(folder, "socket");
    const server = createServer();
    await new Promise<void>((listening) => server.listen(socket, listening));
    expect(failureIn(() => FileBytes.open(socket))).toMatchObject({
      reason: { code: "no-file", kind: "socket" },
    });
    server.close();
  });

  onUnix("says when its links form a circle", () => {
    symlinkSync(join(folder, "circle"), join(folder, "circle"));
    const expected = { code: "unreadable", reason: "link-circle" };
    expect(failureIn(() => FileBytes.open(join(folder, "circle")))).toMatchObject(expected);
    expect(failureIn(() => openTensorFile(join(folder, "circle")))).toMatchObject(expected);
  });

  test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "says when it may not be read",
    () => {
      chmodSync(file("secret"), 0);
      expect(failureIn(() => FileBytes.open(join(folder, "secret")))).toMatchObject({ code: "unreadable" });
    },
  );

  test.each([
    ["cut", (path: string) => truncateSync(path, 4)],
    ["lengthened", (path: string) => appendFileSync(path, "x")],
    ["rewritten", (path: string) => (writeFileSync(path, "abcdefghij"), utimesSync(path, 1, 1))],
  ])("says when it was %s while it was open", (change, act) => {
    const path = file(change);
    const bytes = FileBytes.open(path);
    act(path);
    expect(failureIn(() => bytes.read(0, 4, "digits"))).toEqual({ code: "model-changed", path });
    bytes.close();
  });

  onUnix("stays what it was when another takes its place", () => {
    const path = file("swapped");
    const bytes = FileBytes.open(path);
    renameSync(file("other", "abcdefghij"), path);
    expect(Buffer.from(bytes.read(0, 4, "digits")).toString()).toBe("0123");
    bytes.close();
  });
});

describe("sha256OfFile", () => {
  test("gives the hash", async () => {
    // FIPS 180-2, appendix B.1.
    expect(await sha256OfFile(file("abc", "abc"))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    expect(await sha256OfFile(file("empty", ""))).toMatch(/^e3b0c442/);
  });

  test("reads several pieces", async () => {
    const path = written(join(folder, "large"), new Uint8Array(20_000_000));
    // `head -c 20000000 /dev/zero | sha256sum`
    expect(await sha256OfFile(path)).toBe("9e21c61969cd3e077a1b2b58ddb583b175e13c6479d2d83912eaddc23c0cdd52");
  });
});

describe("openTensorFile", () => {
  test("refuses a file that is neither format by content or name", () => {
    const pickle = file("pytorch_model.bin", "PK\x03\x04 a pickle in a zip");
    expect(failureIn(() => openTensorFile(pickle))).toEqual({ code: "pickle", path: pickle });
    expect(failureIn(() => openTensorFile(file("short", "GG")))).toMatchObject({
      code: "unsupported-format",
      supported: ["GGUF", "safetensors"],
    });
  });

  test("names the GGUF file in a folder, such as that of an export", () => {
    const exported = join(folder, "exported");
    mkdirSync(exported);
    writeFileSync(join(exported, "clauses-Q4_K_M.gguf"), "");
    expect(failureIn(() => openTensorFile(exported))).toEqual({
      code: "unreadable",
      path: exported,
      reason: { code: "model-inside", file: "clauses-Q4_K_M.gguf" },
    });
  });

  test("names the only safetensors file in a folder if its name is not the usual one", () => {
    const named = join(folder, "named");
    mkdirSync(named);
    writeFileSync(join(named, "model.fp16.safetensors"), "");
    expect(failureIn(() => openTensorFile(named))).toMatchObject({
      reason: { code: "model-inside", file: "model.fp16.safetensors" },
    });
    writeFileSync(join(named, "model-00002-of-00002.safetensors"), "");
    const path = join(named, "model.safetensors.index.json");
    expect(failureIn(() => openTensorFile(named))).toMatchObject({ code: "not-found", path });
  });

  test("names a pointer that a clone has in place of a file", () => {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 538090408\n";
    for (const name of ["model.safetensors", "m.gguf"])
      expect(failureIn(() => openTensorFile(file(name, pointer)))).toMatchObject({
        code: "corrupt-file",
        reason: 'it is only a pointer of Git LFS to the file, which "git lfs pull" fetches',
      });
  });

  test("names a damaged file", () => {
    expect(failureIn(() => openTensorFile(file("m.gguf", "\0".repeat(64))))).toMatchObject({
      section: "magic",
    });
    expect(failureIn(() => openTensorFile(file("m.safetensors", "")))).toMatchObject({
      section: "header length",
    });
    expect(failureIn(() => openTensorFile(join(folder, "absent.gguf")))).toMatchObject({ code: "not-found" });
  });
});
