/** What the two planes of a large head save. */
import type { PublishedShape } from "./coppice/random-model.ts";
import type { Benchmark, Row } from "./harness/benchmark.ts";
import { medianOf, medianRatio, takeTurns } from "./harness/paired.ts";
import { startCoppice } from "./harness/sides.ts";

/** What test/bench/coppice/head.ts exports: `export const open: OpenHead`. */
export type OpenHead = (options: HeadOptions) => Promise<Heads>;

export interface HeadOptions {
  readonly shape: PublishedShape;
  readonly threads: number;
}

/** Each gives the logits of some tokens, one after another, and says of how many. */
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
    "The logits of one token, by heads of the sizes of published models with random weights: one matrix of 8 bits in turn with " +
    "two planes of 4, of which the likeliest tokens alone are looked up in the second (docs/decisions/0027-head-in-two-planes.md). " +
    "In the application heads from 67 million numbers on lie in planes.",
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
