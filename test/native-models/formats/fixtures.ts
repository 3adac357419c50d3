import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { failureOf } from "../../../native-models/failure.ts";
import type { Failure } from "../../../native-models/failure.ts";

/** A folder that is removed when the test file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "formats-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A tokenizer of three tokens, for a model whose embedding has few rows. */
export function writeTinyTokenizer(folder: string): void {
  const model = { type: "BPE", vocab: { a: 0, b: 1, ab: 2 }, merges: [["a", "b"]] };
  writeFileSync(join(folder, "tokenizer.json"), JSON.stringify({ decoder: { type: "ByteLevel" }, model }));
}

export function goldenPath(name: string): string {
  return join(import.meta.dirname, "golden", name);
}

/** What test/lab/reference/formats.py wrote. */
export function golden(name: string): unknown {
  return JSON.parse(readFileSync(goldenPath(name), "utf8"));
}

/** Numbers are in the fixtures as base64. */
export function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}

export function floatsOf(base64: string): Float32Array {
  return new Float32Array(bytesOf(base64).buffer);
}

/** The failure that a call ends in; undefined where it succeeds. */
export function failureIn(run: () => unknown): Failure | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
}

/** Writes a file and gives its path. */
export function written(path: string, bytes: Uint8Array): string {
  writeFileSync(path, bytes);
  return path;
}
