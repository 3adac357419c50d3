/** Reads a weight of a storage type from a file as f32. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileBytes } from "../../../native-models/formats/bytes.ts";
import { fileWeight } from "../../../native-models/formats/stored-weight.ts";
import { storedBytes } from "../../../native-models/weights.ts";
import type { DequantiseAdapter } from "../dequantise.ts";

const SIZE = 4096;

export const dequantise: DequantiseAdapter["dequantise"] = (storage, rounds) => {
  const folder = mkdtempSync(join(tmpdir(), "coppice-dequantise-"));
  const path = join(folder, "weight");
  let state = 1;
  const bytes = Uint8Array.from({ length: storedBytes(storage, SIZE, SIZE) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  writeFileSync(path, bytes);
  const file = FileBytes.open(path);
  try {
    const weight = fileWeight(file, "weight", storage, [SIZE, SIZE], 0);
    const seconds = Array.from({ length: rounds + 1 }, () => {
      const begin = process.cpuUsage();
      weight.readFloat32();
      const { user, system } = process.cpuUsage(begin);
      return (user + system) / 1e6;
    });
    const ordered = seconds.slice(1).sort((a, b) => a - b); // the first is compiled meanwhile
    return (4 * SIZE * SIZE) / ordered[Math.floor(ordered.length / 2)]!;
  } finally {
    file.close();
    rmSync(folder, { recursive: true });
  }
};
