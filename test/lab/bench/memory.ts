/** Peak memory of training, measuring and chat, against the estimate made before they start. */
import { chatMemoryBytes } from "../../../native-models/estimates/chat.ts";
import { evaluationMemoryBytes } from "../../../native-models/estimates/evaluation.ts";
import { tokenizerBytes } from "../../../native-models/estimates/bytes.ts";
import { trainingMemoryBytes } from "../../../native-models/estimates/training.ts";
import type { BaseShape } from "../../../native-models/estimates/frozen.ts";
import type { ModelShape } from "../../../native-models/estimates/shape.ts";
import { publishedShapes, shapeOf } from "./coppice/random-model.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { startCoppice } from "./harness/sides.ts";

/** What test/lab/bench/coppice/memory.ts exports: `export const open: OpenMemory`. */
export type OpenMemory = (options: MemoryOptions) => Promise<{ use(): Promise<null> }>;

export type MemoryOptions = Work & {
  /** Keys of a config.json. */
  readonly sizes: Readonly<Record<string, unknown>>;
  readonly threads: number;
};

type Work =
  | (Scored & {
      readonly job: "train";
      /** Rows of a step. */
      readonly rows: number;
    })
  | (Scored & { readonly job: "measure" })
  | { readonly job: "chat" };

interface Scored {
  readonly base: BaseShape;
  /** Tokens per row. */
  readonly tokens: number;
}

export const RANK = 16;
/** How many tokens of a row have loss: the last ones. */
export const LABELS = 64;
/** A conversation's length, in tokens. */
export const CONVERSATION = 4096;

const models = {
  "0.1 B": { ...publishedShapes["SmolLM2-135M"], num_hidden_layers: 10 },
  "0.2 B": {
    hidden_size: 1024,
    intermediate_size: 4096,
    num_hidden_layers: 8,
    num_attention_heads: 16,
    num_key_value_heads: 4,
    vocab_size: 32_000,
  },
  "0.5 B": publishedShapes["Qwen2.5-0.5B"],
  "0.5 B, large blocks": { ...publishedShapes["Llama-3.2-1B"], num_hidden_layers: 4 },
  "Qwen3-0.6B": publishedShapes["Qwen3-0.6B"],
  "Gemma-3-270M": publishedShapes["Gemma-3-270M"],
};

const base = (storage: BaseShape["storage"], streamed = false) => ({ storage, streamed });
const train = (kept: BaseShape, rows: number, tokens: number): Work => ({
  job: "train",
  base: kept,
  rows,
  tokens,
});
const measured = (kept: BaseShape, tokens: number): Work => ({ job: "measure", base: kept, tokens });

const CASES: [name: string, model: keyof typeof models, work: Work][] = [
  ["train 0.1 B, f32", "0.1 B", train(base("f32"), 8, 256)],
  ["train 0.1 B, 8 bits", "0.1 B", train(base("q8"), 8, 256)],
  ["train 0.1 B, f32 streamed", "0.1 B", train(base("f32", true), 8, 256)],
  ["train 0.1 B, f32, rows of 1,024", "0.1 B", train(base("f32"), 2, 1024)],
  ["train 0.2 B, f32", "0.2 B", train(base("f32"), 4, 512)],
  ["train 0.2 B, 4 bits", "0.2 B", train(base("q4"), 4, 512)],
  ["train 0.2 B, 8 bits streamed", "0.2 B", train(base("q8", true), 4, 512)],
  ["train 0.5 B, f32", "0.5 B, large blocks", train(base("f32"), 4, 256)],
  ["train 0.5 B, 16 bits", "0.5 B, large blocks", train(base("f16"), 4, 256)],
  ["train 0.5 B, 8 bits", "0.5 B, large blocks", train(base("q8"), 4, 256)],
  ["train 0.5 B, 4 bits", "0.5 B, large blocks", train(base("q4"), 4, 256)],
  ["train 0.5 B, f32 streamed", "0.5 B, large blocks", train(base("f32", true), 4, 256)],
  ["train 0.5 B, 8 bits, rows of 1,024", "0.5 B, large blocks", train(base("q8"), 2, 1024)],
  ["train Qwen3-0.6B, 8 bits", "Qwen3-0.6B", train(base("q8"), 8, 256)],
  ["train Gemma-3-270M, f32", "Gemma-3-270M", train(base("f32"), 8, 256)],
  ["train Gemma-3-270M, f32, rows of 1,024", "Gemma-3-270M", train(base("f32"), 2, 1024)],
  ["measure 0.1 B, f32", "0.1 B", measured(base("f32"), 256)],
  ["measure 0.2 B, f32", "0.2 B", measured(base("f32"), 512)],
  ["measure 0.5 B, 8 bits", "0.5 B, large blocks", measured(base("q8"), 256)],
  ["measure 0.5 B, f32 streamed", "0.5 B, large blocks", measured(base("f32", true), 256)],
  ["measure Gemma-3-270M, 8 bits", "Gemma-3-270M", measured(base("q8"), 256)],
  ["chat 0.1 B", "0.1 B", { job: "chat" }],
  ["chat 0.2 B", "0.2 B", { job: "chat" }],
  ["chat 0.5 B", "0.5 B, large blocks", { job: "chat" }],
  ["chat 0.5 B, many blocks", "0.5 B", { job: "chat" }],
  ["chat Qwen3-0.6B", "Qwen3-0.6B", { job: "chat" }],
  ["chat Gemma-3-270M", "Gemma-3-270M", { job: "chat" }],
];

export const memory: Benchmark = {
  name: "memory",
  timed: false,
  rounds: 1,
  measures:
    "Peak memory of a separate process against the estimate that admits a job, minus the tokenizer. Models with random weights. " +
    `Training: score a pass, train two steps, score a pass, scan two units; LoRA rank ${RANK} on all projections, ${LABELS} labels per ` +
    `row. Measuring: score a pass. Chat: write the weights, read a conversation of ${CONVERSATION.toLocaleString("en")} tokens.`,
  columns: [
    { key: "peakBytes", title: "measured", unit: "bytes" },
    { key: "estimatedBytes", title: "estimated", unit: "bytes" },
    { key: "ratio", title: "estimated ÷ measured", unit: "ratio" },
  ],
  targets: CASES.map(([row]) => ({ row, column: "ratio", atLeast: 0.87, atMost: 1.15 })),

  async run(context) {
    const rows: Row[] = [];
    for (const [name, model, work] of CASES)
      if (context.wants(name)) rows.push(await measure(context, name, models[model], work));
    return rows;
  },
};

async function measure(
  { threads }: Context,
  name: string,
  published: MemoryOptions["sizes"],
  work: Work,
): Promise<Row> {
  const sizes = { ...published, max_position_embeddings: CONVERSATION };
  const coppice = await startCoppice("memory", { ...work, sizes, threads });
  try {
    await coppice.ask({ call: "use" });
    const peakBytes = coppice.peakMemoryBytes();
    const shape = shapeOf(sizes);
    const estimatedBytes = estimate(shape, work) - tokenizerBytes(shape);
    return { name, figures: { peakBytes, estimatedBytes, ratio: peakBytes && estimatedBytes / peakBytes } };
  } finally {
    await coppice.close();
  }
}

function estimate(shape: ModelShape, work: Work): number {
  switch (work.job) {
    case "chat":
      return chatMemoryBytes(shape);
    case "measure":
      return evaluationMemoryBytes(shape, work.tokens, work.base);
    case "train":
      return trainingMemoryBytes(shape, {
        rank: RANK,
        base: work.base,
        maxTokens: work.tokens,
        rowsPerStep: work.rows,
        trainingTokens: 0,
        teacher: { hidden: false, tokens: 0 },
        depths: 0,
      });
  }
}
