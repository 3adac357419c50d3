import { mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTensors, writeTensors } from "./tensors.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "coppice-tensors-"))));
afterEach(() => rmSync(folder, { recursive: true }));

test("tensors come back as they were written, with their metadata", () => {
  const path = join(folder, "a.safetensors");
  const tensors = new Map([
    ["ids", { shape: [3], data: Int32Array.of(1, -2, 3) }],
    ["matrix", { shape: [2, 2], data: Float32Array.of(1.5, -2, 0, 1e-30) }],
  ]);
  writeTensors(path, tensors, { alpha: "32" });
  const file = openTensors(path);
  expect(file.names).toEqual(["ids", "matrix"]);
  expect(file.metadata).toEqual({ alpha: "32" });
  expect(file.read("matrix")).toEqual(tensors.get("matrix")!.data);
  expect(() => file.read("ids")).toThrow("I32");
  file.close();
});

test("a truncated file is refused", () => {
  const path = join(folder, "a.safetensors");
  writeTensors(path, new Map([["matrix", { shape: [4], data: new Float32Array(4) }]]));
  truncateSync(path, 80);
  expect(() => {
    const file = openTensors(path);
    file.read("matrix");
  }).toThrow("ends early");
});
