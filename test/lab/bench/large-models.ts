/** Training steps of models with a billion parameters or more, within ordinary memory. */
import type { GraphStorage } from "../../../native-models/graph/linear.ts";
import { publishedShapes } from "./coppice/random-model.ts";
import type { PublishedShape } from "./coppice/random-model.ts";
import type { RandomStackOptions } from "./coppice/random-stack.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { startInElectron } from "./harness/electron/start.ts";
import type { Resident } from "./harness/resident.ts";
import { startCoppice } from "./harness/sides.ts";

/** What test/lab/bench/coppice/large-step.ts exports: `export const open: OpenLargeStep`. */
export type OpenLargeStep = (options: LargeStepOptions) => Promise<LargeStep>;

export interface LargeStepOptions extends RandomStackOptions {
  readonly rows: number;
  /** Tokens per row, all of them with loss. */
  readonly tokens: number;
}

export interface LargeStep {
  /** Forward and backward pass and AdamW; returns the loss. */
  step(): Promise<number>;
  close(): Promise<void>;
}

const RANK = 16;
const TOKENS = 512;
const CASES: { name: string; shape: PublishedShape; storage: GraphStorage; streamed: boolean }[] = [
  { name: "1B, int8", shape: "Llama-3.2-1B", storage: "q8", streamed: false },
  { name: "1B, f32 streamed", shape: "Llama-3.2-1B", storage: "f32", streamed: true },
  { name: "7B (Llama 2), int4", shape: "Llama-2-7B", storage: "q4", streamed: false },
  { name: "7B (Llama 2), int4 streamed", shape: "Llama-2-7B", storage: "q4", streamed: true },
  { name: "7B (Qwen2.5), int4", shape: "Qwen2.5-7B", storage: "q4", streamed: false },
];

export const largeModels: Benchmark = {
  name: "large-models",
  timed: true,
  rounds: 1,
  measures:
    `One training step of models with random weights in the shapes of published models: LoRA rank ${RANK} on all projections of all ` +
    `blocks, one row of ${TOKENS} tokens, all with loss, AdamW. Peak memory is measured from the start of the process. ` +
    "Streamed weights are first written to a file, which the system caches in free memory.",
  columns: [
    { key: "tokensPerSecond", title: "tokens/s", unit: "tokens/s" },
    { key: "peakBytes", title: "peak memory", unit: "bytes" },
  ],
  targets: [
    { row: "1B, int8", column: "peakBytes", atMost: 4e9 },
    { row: "7B (Llama 2), int4", column: "peakBytes", atMost: 10e9 },
    { row: "7B (Qwen2.5), int4", column: "peakBytes", atMost: 10e9 },
  ],

  run: (context) => measureAll(context, (options) => startCoppice("large-step", options)),
};

/** The same steps inside Electron. Their memory use does not depend on the machine's other load. */
export const largeModelsInElectron: Benchmark = {
  name: "large-models-in-electron",
  timed: false,
  measures:
    "The same training steps inside Electron's utilityProcess, as in the application: no buffer of 2 GiB or more, and " +
    "12 GiB of buffers in all. Peak memory is measured from the start of that process.",
  columns: largeModels.columns.filter(({ unit }) => unit === "bytes"),
  targets: largeModels.targets,

  run: (context) =>
    measureAll(context, async (options) => {
      const { side, version } = await startInElectron("large-step", options);
      context.against("Electron", version);
      return side;
    }),
};

type Start = (options: LargeStepOptions) => Promise<Resident>;

async function measureAll(context: Context, start: Start): Promise<Row[]> {
  const rows: Row[] = [];
  for (const one of CASES) if (context.wants(one.name)) rows.push(await measure(context, one, start));
  return rows;
}

async function measure(
  { threads, say }: Context,
  { name, shape, ...base }: (typeof CASES)[number],
  start: Start,
): Promise<Row> {
  const coppice = await start({
    sizes: publishedShapes[shape],
    ...base,
    rows: 1,
    tokens: TOKENS,
    rank: RANK,
    threads,
  });
  try {
    const { ms, value } = await coppice.ask<{ ms: number; value: number }>({ call: "step" });
    const peakBytes = coppice.peakMemoryBytes();
    say(`${name}: ${(ms / 1000).toFixed(1)} s, loss ${value.toFixed(3)}`);
    await coppice.ask({ call: "close" });
    return { name, figures: { tokensPerSecond: (TOKENS * 1000) / ms, peakBytes } };
  } finally {
    await coppice.close();
  }
}
