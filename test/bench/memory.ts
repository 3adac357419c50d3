/** The memory that training takes against what the estimate says before it starts. */
import { tokenizerBytes, trainingMemoryBytes } from "../../native-models/runtime/estimate.ts";
import type { ModelShape } from "../../native-models/runtime/estimate.ts";
import { publishedShapes, randomModel } from "./coppice/random-model.ts";
import type { RandomStackOptions } from "./coppice/random-stack.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { startCoppice } from "./harness/sides.ts";

/** What test/bench/coppice/memory.ts exports: `export const open: OpenMemory`. */
export type OpenMemory = (
  options: MemoryOptions,
) => Promise<{ use(): Promise<null>; close(): Promise<void> }>;

export interface MemoryOptions extends RandomStackOptions {
  readonly rows: number;
  /** Of each row. */
  readonly tokens: number;
}

const RANK = 16;
/** Labels of a row. */
export const LABELS = 8;

const small = { ...publishedShapes["SmolLM2-135M"], num_hidden_layers: 10 };
const medium = {
  hidden_size: 1024,
  intermediate_size: 4096,
  num_hidden_layers: 8,
  num_attention_heads: 16,
  num_key_value_heads: 4,
  vocab_size: 32_000,
};
const large = { ...publishedShapes["Llama-3.2-1B"], num_hidden_layers: 4 };

type Case = { name: string } & Omit<MemoryOptions, "rank" | "threads">;
const CASES: Case[] = [
  { name: "a tenth of a billion, f32", sizes: small, storage: "f32", streamed: false, rows: 8, tokens: 256 },
  {
    name: "a tenth of a billion, 8 bits",
    sizes: small,
    storage: "q8",
    streamed: false,
    rows: 8,
    tokens: 256,
  },
  {
    name: "a tenth of a billion, f32 streamed",
    sizes: small,
    storage: "f32",
    streamed: true,
    rows: 8,
    tokens: 256,
  },
  {
    name: "a quarter of a billion, f32",
    sizes: medium,
    storage: "f32",
    streamed: false,
    rows: 4,
    tokens: 512,
  },
  {
    name: "a quarter of a billion, 4 bits",
    sizes: medium,
    storage: "q4",
    streamed: false,
    rows: 4,
    tokens: 512,
  },
  {
    name: "a quarter of a billion, 8 bits streamed",
    sizes: medium,
    storage: "q8",
    streamed: true,
    rows: 4,
    tokens: 512,
  },
  {
    name: "half a billion in large blocks, f32",
    sizes: large,
    storage: "f32",
    streamed: false,
    rows: 4,
    tokens: 256,
  },
  {
    name: "half a billion in large blocks, 16 bits",
    sizes: large,
    storage: "f16",
    streamed: false,
    rows: 4,
    tokens: 256,
  },
  {
    name: "half a billion in large blocks, 8 bits",
    sizes: large,
    storage: "q8",
    streamed: false,
    rows: 4,
    tokens: 256,
  },
  {
    name: "half a billion in large blocks, 4 bits",
    sizes: large,
    storage: "q4",
    streamed: false,
    rows: 4,
    tokens: 256,
  },
  {
    name: "half a billion in large blocks, f32 streamed",
    sizes: large,
    storage: "f32",
    streamed: true,
    rows: 4,
    tokens: 256,
  },
  {
    name: "half a billion in large blocks, 8 bits, rows of 1,024",
    sizes: large,
    storage: "q8",
    streamed: false,
    rows: 2,
    tokens: 1024,
  },
];

export const memory: Benchmark = {
  name: "memory",
  timed: false,
  rounds: 1,
  measures:
    "Peak memory of a process that scores a batch, scans two of its units and trains on it twice, against the estimate by which a " +
    `run is let in, less a tokenizer. Models with random weights, LoRA rank ${RANK} on all projections, ${LABELS} labels a row.`,
  columns: [
    { key: "peakBytes", title: "measured", unit: "bytes" },
    { key: "estimatedBytes", title: "estimated", unit: "bytes" },
    { key: "ratio", title: "estimated ÷ measured", unit: "ratio" },
  ],
  targets: CASES.flatMap(({ name }) => [{ row: name, column: "ratio", atLeast: 1, atMost: 1.15 }]),

  async run(context) {
    const rows: Row[] = [];
    for (const one of CASES) if (context.wants(one.name)) rows.push(await measure(context, one));
    return rows;
  },
};

async function measure({ threads }: Context, { name, ...options }: Case): Promise<Row> {
  const coppice = await startCoppice("memory", { ...options, rank: RANK, threads });
  try {
    await coppice.ask({ call: "use" });
    const peakBytes = coppice.peakMemoryBytes();
    await coppice.ask({ call: "close" });
    const shape = shapeOf(options.sizes);
    const whole = trainingMemoryBytes(shape, {
      rank: RANK,
      base: options,
      maxTokens: options.tokens,
      rowsPerStep: options.rows,
      trainingTokens: 0,
      distils: false,
      depths: 0,
    });
    const estimatedBytes = whole - tokenizerBytes(shape);
    return { name, figures: { peakBytes, estimatedBytes, ratio: peakBytes && estimatedBytes / peakBytes } };
  } finally {
    await coppice.close();
  }
}

function shapeOf(sizes: MemoryOptions["sizes"]): ModelShape {
  const { config, names, weight } = randomModel("random", sizes);
  const parameters = names.reduce((sum, name) => sum + weight(name).rows * weight(name).columns, 0);
  return { ...config, parameters };
}
