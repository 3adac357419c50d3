/** How fast stored weights become f32. */
import { STORAGE } from "../../../native-models/weights.ts";
import type { StorageType } from "../../../native-models/weights.ts";
import type { Benchmark, Row } from "./harness/benchmark.ts";
import { importCoppice } from "./harness/sides.ts";

/** What test/lab/bench/coppice/dequantise.ts exports. */
export interface DequantiseAdapter {
  /**
   * Bytes of f32 per second of processor time, medians of `rounds`: for a weight read from a file into new memory, and for its bytes
   * decoded into existing memory.
   */
  dequantise(storage: StorageType, rounds: number): { read: number; decoded: number };
}

const K_QUANTS = ["q2_k", "q3_k", "q4_k", "q5_k", "q6_k"];
const types = Object.keys(STORAGE) as StorageType[];
const rowName = (storage: string) => storage.toUpperCase();

export const dequantise: Benchmark = {
  name: "dequantise",
  timed: true,
  rounds: 9,
  measures:
    "A weight of 4,096 × 4,096 in a file that the system has cached, read as f32 on one core: f32 per second of processor time, the " +
    "median of the rounds. F32 itself is only copied, which shows what the machine allows.",
  columns: [
    { key: "bytesPerSecond", title: "f32 per second and core", unit: "bytes/s" },
    { key: "decoded", title: "without reading the file and without new memory", unit: "bytes/s" },
  ],
  targets: K_QUANTS.map((storage) => ({ row: rowName(storage), column: "bytesPerSecond", atLeast: 500e6 })),

  async run(context) {
    const adapter = await importCoppice<DequantiseAdapter>("dequantise");
    const rows: Row[] = [];
    for (const storage of types) {
      const name = rowName(storage);
      if (!context.wants(name)) continue;
      const { read, decoded } = adapter.dequantise(storage, context.rounds);
      rows.push({ name, figures: { bytesPerSecond: read, decoded } });
    }
    return rows;
  },
};
