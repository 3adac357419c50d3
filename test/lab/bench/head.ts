/** How much time storing a large head in two planes saves. */
import type { PublishedShape } from "./coppice/random-model.ts";
import type { Benchmark, Row } from "./harness/benchmark.ts";
import { medianOf, medianRatio, takeTurns } from "./harness/paired.ts";
import { startCoppice } from "./harness/sides.ts";

/** What test/lab/bench/coppice/head.ts exports: `export const open: OpenHead`. */
export type OpenHead = (options: HeadOptions) => Promise<Heads>;

export interface HeadOptions {
  readonly shape: PublishedShape;
  readonly threads: number;
}

/** Each computes the logits of a number of tokens, one after another, and returns that number. */
export interface Heads {
  whole(): Promise<number>;
  planes(): Promise<number>;
}

const SHAPES = [
  "SmolLM2-135M",
  "Qwen2.5-0.5B",
  "Llama-3.2-1B",
  "Llama-2-7B",
] as const satisfies readonly PublishedShape[];

export const head: Benchmark = {
  name: "head",
  timed: true,
  measures:
    "The logits of one token, for heads with the sizes of published models and random weights: one 8-bit matrix, alternating with " +
    "two 4-bit planes, of which the second is read only for the most likely tokens (docs/decisions/0027-head-in-two-planes.md). " +
    "The application stores heads of 67 million numbers or more in planes.",
  columns: [
    { key: "wholeMs", title: "8 bits", unit: "ms" },
    { key: "planesMs", title: "in planes", unit: "ms" },
    { key: "ratio", title: "8 bits ÷ in planes", unit: "ratio" },
  ],
  targets: [],

  async run({ rounds, threads, wants }) {
    const rows: Row[] = [];
    for (const shape of SHAPES) {
      if (!wants(shape)) continue;
      const coppice = await startCoppice("head", { shape, threads } satisfies HeadOptions);
      try {
        const turn = (name: keyof Heads) => ({
          name,
          async turn() {
            const { ms, value } = await coppice.ask<{ ms: number; value: number }>({ call: name });
            return { ms: ms / value };
          },
        });
        const samples = await takeTurns([turn("whole"), turn("planes")], { rounds });
        const [whole, planes] = [samples.get("whole")!, samples.get("planes")!];
        const figures = {
          wholeMs: medianOf(whole, "ms"),
          planesMs: medianOf(planes, "ms"),
          ratio: medianRatio(whole, planes, "ms"),
        };
        rows.push({ name: shape, figures });
      } finally {
        await coppice.close();
      }
    }
    return rows;
  },
};
