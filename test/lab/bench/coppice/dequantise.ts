/** Reads a weight of a storage type from a file as f32. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileBytes } from "../../../../native-models/formats/bytes.ts";
import { decode } from "../../../../native-models/formats/storage.ts";
import { fileWeight } from "../../../../native-models/formats/stored-weight.ts";
import { storedBytes } from "../../../../native-models/weights.ts";
import type { DequantiseAdapter } from "../dequantise.ts";

const SIZE = 4096;
/** How many rows are decoded at a time: as many as fit the processor's cache. */
const PIECE_ROWS = 64;

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
    const out = new Float32Array(SIZE * SIZE);
    const pieceBytes = storedBytes(storage, PIECE_ROWS, SIZE);
    return {
      read: rate(rounds, () => weight.readFloat32()),
      decoded: rate(rounds, () => {
        for (let piece = 0; piece < SIZE / PIECE_ROWS; piece++) {
          const stored = bytes.subarray(piece * pieceBytes, (piece + 1) * pieceBytes);
          decode(storage, stored, out.subarray(piece * PIECE_ROWS * SIZE));
        }
      }),
    };
  } finally {
    file.close();
    rmSync(folder, { recursive: true });
  }
};

/** Bytes of f32 per second of processor time. */
function rate(rounds: number, run: () => void): number {
  const seconds = Array.from({ length: rounds + 1 }, () => {
    const begin = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1e6;
  });
  const ordered = seconds.slice(1).sort((a, b) => a - b); // without the first round, in which the code is compiled
  return (4 * SIZE * SIZE) / ordered[Math.floor(ordered.length / 2)]!;
}
