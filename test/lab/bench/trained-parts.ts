/** What a training step costs when only some parts are trained. */
import { smolLm2 } from "../reference/setup.ts";
import type { Benchmark } from "./harness/benchmark.ts";
import { arbitraryIds } from "./harness/models.ts";
import { medianOf, takeTurns } from "./harness/paired.ts";
import { startCoppice } from "./harness/sides.ts";

const TRAINED_PARTS = ["everything", "adapters", "spread", "spread and ends", "top"] as const;
export type TrainedPartsName = (typeof TRAINED_PARTS)[number];

/** What test/lab/bench/coppice/trained-parts.ts exports: `export const open: OpenTrainedParts`. One method for each choice of parts. */
export type OpenTrainedParts = (options: {
  /** GGUF file. */
  readonly modelPath: string;
  readonly rows: readonly (readonly number[])[];
  readonly threads: number;
}) => Promise<Record<TrainedPartsName, () => Promise<{ backwardMs: number; updateMs: number }>>>;

const ROWS = 8;
const TOKENS = 128;
const VOCABULARY = 49152;

const titles: Record<TrainedPartsName, string> = {
  everything: "all weights",
  adapters: "adapters of rank 16 everywhere",
  spread: "weights of a quarter of the halves, from the first on",
  "spread and ends": "the same, with embedding and head",
  top: "weights of the last quarter of the halves",
};

export const trainedParts: Benchmark = {
  name: "trained-parts",
  timed: true,
  measures:
    `A training step of SmolLM2-135M on ${ROWS} rows of ${TOKENS} tokens with eight labels each, activations kept, by what is trained: ` +
    "forward and backward pass, and AdamW's update, in turns on the same stack.",
  columns: [
    { key: "passMs", title: "forward and backward", unit: "ms" },
    { key: "updateMs", title: "update", unit: "ms" },
    { key: "share", title: "whole step ÷ all weights", unit: "ratio" },
  ],
  targets: [],

  async run({ rounds, threads }) {
    const rows = arbitraryIds(ROWS, TOKENS, VOCABULARY);
    const coppice = await startCoppice("trained-parts", { modelPath: smolLm2(), rows, threads });
    try {
      const contestants = TRAINED_PARTS.map((name) => ({
        name,
        turn: async () => {
          const { value } = await coppice.ask<{ value: { backwardMs: number; updateMs: number } }>({
            call: name,
          });
          return value;
        },
      }));
      const samples = await takeTurns(contestants, { rounds });
      const figures = TRAINED_PARTS.map((name) => ({
        passMs: medianOf(samples.get(name)!, "backwardMs"),
        updateMs: medianOf(samples.get(name)!, "updateMs"),
      }));
      const whole = figures[0]!.passMs + figures[0]!.updateMs;
      return TRAINED_PARTS.map((name, index) => {
        const { passMs, updateMs } = figures[index]!;
        return { name: titles[name], figures: { passMs, updateMs, share: (passMs + updateMs) / whole } };
      });
    } finally {
      await coppice.close();
    }
  },
};
