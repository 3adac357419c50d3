/** How a training step's time and memory grow with the person's choices. */
import { freeMemoryBytes } from "../../../main/computer.ts";
import { trainingMemoryBytes } from "../../../native-models/estimates/training.ts";
import { publishedShapes, shapeOf } from "./coppice/random-model.ts";
import type { LargeStepOptions } from "./large-models.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { format } from "./harness/figures.ts";
import { medianOf, takeTurns } from "./harness/paired.ts";
import { startCoppice } from "./harness/sides.ts";

/** The sizes that are varied one at a time. */
const usual = publishedShapes["SmolLM2-135M"];
/** Llamas with about this many million parameters. */
const bySize: Readonly<Record<number, Readonly<Record<string, unknown>>>> = {
  10: {
    ...usual,
    hidden_size: 192,
    intermediate_size: 512,
    num_hidden_layers: 12,
    num_attention_heads: 3,
    num_key_value_heads: 1,
    vocab_size: 24_576,
  },
  30: {
    ...usual,
    hidden_size: 384,
    intermediate_size: 1024,
    num_hidden_layers: 12,
    num_attention_heads: 6,
    num_key_value_heads: 2,
    vocab_size: 24_576,
  },
  135: usual,
  360: {
    ...usual,
    hidden_size: 960,
    intermediate_size: 2560,
    num_hidden_layers: 32,
    num_attention_heads: 15,
    num_key_value_heads: 5,
  },
  1000: {
    ...usual,
    hidden_size: 2048,
    intermediate_size: 5632,
    num_hidden_layers: 22,
    num_attention_heads: 32,
    num_key_value_heads: 4,
    vocab_size: 32_000,
  },
};

interface Point {
  readonly sweep: string;
  readonly at: number;
  readonly options: Omit<LargeStepOptions, "threads">;
}
const step = (options: Partial<LargeStepOptions>): Point["options"] => ({
  sizes: usual,
  storage: "f32",
  streamed: false,
  rows: 4,
  tokens: 256,
  rank: 16,
  ...options,
});
const POINTS: readonly Point[] = [
  ...[1, 5, 10, 20, 30].map((at) => ({
    sweep: "blocks",
    at,
    options: step({ sizes: { ...usual, num_hidden_layers: at } }),
  })),
  ...[128, 512, 1024, 2048, 4096, 8192].map((at) => ({
    sweep: "tokens in a row",
    at,
    options: step({ rows: 1, tokens: at }),
  })),
  ...[1, 2, 4, 8].map((at) => ({ sweep: "rows of 256 tokens", at, options: step({ rows: at }) })),
  ...Object.entries(bySize).map(([at, sizes]) => ({
    sweep: "million parameters",
    at: Number(at),
    options: step({ sizes }),
  })),
];
const nameOf = ({ sweep, at }: Point) => `${at} ${sweep}`;

export const growth: Benchmark = {
  name: "growth",
  timed: true,
  rounds: 2,
  measures:
    "A training step of Llamas with random weights, LoRA rank 16 on all projections, all tokens with loss, f32: SmolLM2-135M's shape with 4 × 256 " +
    "tokens, varying one size at a time. Steps that need more memory than is free are left out.",
  columns: [
    { key: "tokensPerSecond", title: "tokens/s", unit: "tokens/s" },
    { key: "peakBytes", title: "peak memory", unit: "bytes" },
  ],
  targets: [],

  async run(context) {
    const rows: Row[] = [];
    for (const point of POINTS)
      if (context.wants(nameOf(point)) && fits(context, point)) rows.push(await measure(context, point));
    return rows;
  },
};

/** Whether the machine has enough free memory for the step, so that the system does not kill another program. */
function fits({ say }: Context, point: Point): boolean {
  const { sizes, rows, tokens, rank, ...base } = point.options;
  const steps = { rank, base, maxTokens: tokens, rowsPerStep: rows };
  const none = { trainingTokens: 0, teacher: { hidden: false, tokens: 0 }, depths: 0 };
  const needed = trainingMemoryBytes(shapeOf(sizes), { ...steps, ...none });
  const free = freeMemoryBytes();
  if (needed > free)
    say(`${nameOf(point)}: left out; about ${format(needed, "bytes")} needed, ${format(free, "bytes")} free`);
  return needed <= free;
}

async function measure({ threads, rounds, say }: Context, point: Point): Promise<Row> {
  const coppice = await startCoppice("large-step", { ...point.options, threads });
  try {
    const tokens = point.options.rows * point.options.tokens;
    const turn = async () => {
      const { ms } = await coppice.ask<{ ms: number }>({ call: "step" });
      return { tokensPerSecond: (tokens * 1000) / ms };
    };
    const samples = await takeTurns([{ name: "ours", turn }], { rounds });
    const tokensPerSecond = medianOf(samples.get("ours")!, "tokensPerSecond");
    say(`${nameOf(point)}: ${tokensPerSecond.toFixed(0)} tokens/s`);
    return { name: nameOf(point), figures: { tokensPerSecond, peakBytes: coppice.peakMemoryBytes() } };
  } finally {
    await coppice.close();
  }
}
