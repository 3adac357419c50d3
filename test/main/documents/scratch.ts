/** Files to read, in a folder that is removed after each test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import type { Failure } from "../../../native-models/failure.ts";

let folders: string[] = [];

afterEach(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders = [];
});

/** A folder with these files; gives the path of what is in it. */
export function scratch(files: Record<string, string | Uint8Array> = {}): (name?: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "coppice-documents-"));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return (name = "") => join(folder, name);
}

/** The failure that an action ends with; any other end is an error of the test. */
export async function failureOf(action: () => unknown): Promise<Failure> {
  try {
    await action();
  } catch (error) {
    if (error instanceof AppError) return error.failure;
    throw error;
  }
  throw new Error("it did not fail");
}

/** Objects as JSONL. */
export function jsonl(...rows: unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
