/** The cost of finding the least needed block. */
import { smolLm2 } from "../reference/setup.ts";
import type { Benchmark } from "./harness/benchmark.ts";
import { arbitraryIds } from "./harness/models.ts";
import { medianOf, takeTurns } from "./harness/paired.ts";
import { startCoppice } from "./harness/sides.ts";

/** What test/lab/bench/coppice/scan.ts exports: `export const open: OpenScan`. */
export type OpenScan = (options: ScanOptions) => Promise<Scan>;

export interface ScanOptions {
  /** GGUF file. */
  readonly modelPath: string;
  /** Token ids; the last of a row is its label. */
  readonly rows: readonly (readonly number[])[];
  readonly threads: number;
}

export interface Scan {
  /** Leaves out every block in turn; returns their number. */
  scan(): Promise<number>;
  /** Evaluates the whole model once. */
  evaluate(): Promise<number>;
}

const ROWS = 8;
const TOKENS = 256;
const VOCABULARY = 49152;
const NAME = "SmolLM2-135M, 30 blocks";

export const scan: Benchmark = {
  name: "scan",
  timed: true,
  measures:
    `Scoring every block of SmolLM2-135M by leaving it out, on ${ROWS} rows of ${TOKENS} tokens with one label each, alternating with one ` +
    "evaluation of the whole model on the same rows. The layers below the block are computed once.",
  columns: [
    { key: "scanMs", title: "scan", unit: "ms" },
    { key: "evaluationMs", title: "one evaluation", unit: "ms" },
    { key: "share", title: "scan ÷ as many evaluations as blocks", unit: "ratio" },
  ],
  targets: [{ row: NAME, column: "share", atMost: 0.6 }],

  async run({ rounds, threads }) {
    const options: ScanOptions = {
      modelPath: smolLm2(),
      rows: arbitraryIds(ROWS, TOKENS + 1, VOCABULARY),
      threads,
    };
    const coppice = await startCoppice("scan", options);
    try {
      let blocks = 0;
      const timed = async (call: keyof Scan) => {
        const { ms, value } = await coppice.ask<{ ms: number; value: number }>({ call });
        blocks = Math.max(blocks, value);
        return { ms };
      };
      const samples = await takeTurns(
        [
          { name: "evaluate", turn: () => timed("evaluate") },
          { name: "scan", turn: () => timed("scan") },
        ],
        { rounds },
      );
      const [scanMs, evaluationMs] = [
        medianOf(samples.get("scan")!, "ms"),
        medianOf(samples.get("evaluate")!, "ms"),
      ];
      return [{ name: NAME, figures: { scanMs, evaluationMs, share: scanMs / (blocks * evaluationMs) } }];
    } finally {
      await coppice.close();
    }
  },
};
