/**
 * Compares every value of a GGUF file with what the `gguf` package makes of it, bit for bit, and shows how fast each
 * type is decoded. Ends with 1 where a tensor differs.
 *
 *   node test/lab/reference/tensors.ts MODEL.gguf
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { openGguf } from "../../../native-models/formats/gguf/read.ts";
import { decode } from "../../../native-models/formats/storage.ts";
import { pythonEnvironment, REFERENCE_FOLDER, referencePython } from "./setup.ts";

const path = process.argv[2];
if (!path) throw new Error("node test/lab/reference/tensors.ts MODEL.gguf");

const expected = JSON.parse(
  execFileSync(referencePython(), [join(REFERENCE_FOLDER, "tensors.py"), path], {
    encoding: "utf8",
    env: pythonEnvironment(),
    maxBuffer: 2 ** 26,
  }),
) as Record<string, string>;

const file = openGguf(path);
const totals = new Map<string, { tensors: number; megabytes: number; values: number; seconds: number }>();
const different = Object.keys(expected).filter((name) => !file.tensors.has(name));
for (const [name, weight] of file.tensors) {
  const { storage, rows, columns } = weight;
  const total = totals.get(storage) ?? { tensors: 0, megabytes: 0, values: 0, seconds: 0 };
  totals.set(storage, total);
  total.tensors++;
  const digest = createHash("sha256");
  const step = Math.max(1, Math.floor(2 ** 22 / columns));
  const values = new Float32Array(step * columns);
  for (let row = 0; row < rows; row += step) {
    const count = Math.min(step, rows - row);
    const stored = weight.read(row, count);
    const begin = performance.now();
    decode(storage, stored, values);
    total.seconds += (performance.now() - begin) / 1000;
    total.megabytes += stored.length / 1e6;
    total.values += count * columns;
    digest.update(new Uint8Array(values.buffer, 0, 4 * count * columns));
  }
  if (digest.digest("hex") !== expected[name]) different.push(name);
}
file.close();

for (const [storage, { tensors, megabytes, values, seconds }] of totals) {
  const speed = `${Math.round(megabytes / seconds)} MB/s, ${Math.round(values / 1e6 / seconds)} million values/s`;
  console.log(`${storage}: ${tensors} tensors, ${megabytes.toFixed(1)} MB, ${speed}`);
}
console.log(different.length === 0 ? "Every value is the same." : `Different: ${different.join(", ")}`);
process.exitCode = different.length === 0 ? 0 : 1;
