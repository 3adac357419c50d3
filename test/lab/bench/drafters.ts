/** Whether a model's own cheaper forms pay as drafters (docs/methods.md). */
import { existsSync } from "node:fs";
import { basename, delimiter } from "node:path";
import { smolLm2 } from "../reference/setup.ts";
import type { Benchmark, Row } from "./harness/benchmark.ts";
import { startCoppice } from "./harness/sides.ts";

/** What test/lab/bench/coppice/drafters.ts exports: `export const open: OpenDrafters`. */
export type OpenDrafters = (options: {
  readonly modelPath: string;
  readonly threads: number;
  readonly rounds: number;
}) => Promise<{ measure(): Promise<Record<string, DrafterFigures>> }>;

export interface DrafterFigures {
  /** How often the drafter's likeliest token is the model's. */
  readonly alpha: number;
  /** A drafter's token, in the model's. */
  readonly cost: number;
  /** A check of 4 and 8 tokens, in single tokens. */
  readonly v4: number;
  readonly v8: number;
}

/** Tokens a draft has, with the check of one more (arXiv 2211.17192). */
const gainOf = ({ alpha, cost, v4, v8 }: DrafterFigures): number =>
  Math.max(
    ...(
      [
        [3, v4],
        [7, v8],
      ] as const
    ).map(([length, check]) => (1 - alpha ** (length + 1)) / (1 - alpha) / (length * cost + check)),
  );

export const drafters: Benchmark = {
  name: "drafters",
  timed: true,
  rounds: 3,
  measures:
    "Cheaper forms of a model as drafters of its own answers: 64 tokens about each of 12 documents, over the caches that the whole model made of them. α: share of " +
    "tokens that both find likeliest; c: a drafter's token, v: a check of 4 and of 8 tokens, in single tokens of the model. The gain is " +
    "(1 − α^(γ+1)) / (1 − α) ÷ (γ·c + v(γ+1)), the better of γ = 3 and 7; a method is built from 1.15. Skipped sub-layers are the best of 25 choices on 4 other documents. " +
    "Further models are those in COPPICE_GGUF.",
  columns: [
    { key: "alpha", title: "α", unit: "share" },
    { key: "cost", title: "c", unit: "ratio" },
    { key: "v4", title: "v(4)", unit: "ratio" },
    { key: "v8", title: "v(8)", unit: "ratio" },
    { key: "gain", title: "gain", unit: "ratio" },
    { key: "most", title: "gain, if α were 1", unit: "ratio" },
  ],
  targets: [],

  async run({ threads, rounds, say }) {
    const rows: Row[] = [];
    const given = (process.env["COPPICE_GGUF"] ?? "").split(delimiter).filter((path) => existsSync(path));
    for (const modelPath of [smolLm2(), ...given]) {
      const ours = await startCoppice("drafters", { modelPath, threads, rounds });
      try {
        const { value } = await ours.ask<{ value: Record<string, DrafterFigures> }>({ call: "measure" });
        for (const [form, figures] of Object.entries(value)) {
          const all = { ...figures, gain: gainOf(figures), most: gainOf({ ...figures, alpha: 1 - 1e-9 }) };
          const name = modelPath === smolLm2() ? "SmolLM2-135M" : basename(modelPath, ".gguf");
          rows.push({ name: `${name}, ${form}`, figures: all });
          say(`${name}, ${form}: ${JSON.stringify(all)}`);
        }
      } finally {
        await ours.close();
      }
    }
    return rows;
  },
};
