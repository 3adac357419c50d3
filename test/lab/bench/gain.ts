/** How much faster a model answers with half of its blocks, compared with the prediction that a person sees before a run. */
import { chatGain } from "../../../native-models/estimates/chat.ts";
import { publishedShapes, shapeOf } from "./coppice/random-model.ts";
import type { PublishedShape } from "./coppice/random-model.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { medianOf, medianRatio, takeTurns } from "./harness/paired.ts";
import type { Contestant } from "./harness/paired.ts";
import type { Resident } from "./harness/resident.ts";
import { startCoppice } from "./harness/sides.ts";

/** What test/lab/bench/coppice/gain.ts exports: `export const open: OpenGain`. */
export type OpenGain = (options: GainOptions) => Promise<{ decode(tokens: number): Promise<null> }>;

export interface GainOptions {
  /** Keys of a config.json. */
  readonly sizes: Readonly<Record<string, unknown>>;
  /** Every other block is kept (0, 2, 4, …) rather than all. */
  readonly halved: boolean;
  /** Tokens before the first decoded one. */
  readonly prompt: number;
  readonly threads: number;
}

const PROMPT = 128;
const DECODED = 64;
const MODELS = [
  "SmolLM2-135M",
  "Qwen2.5-0.5B",
  "Qwen3-0.6B",
  "Gemma-3-270M",
] as const satisfies readonly PublishedShape[];

export const gain: Benchmark = {
  name: "gain",
  timed: true,
  measures:
    `The speed of answers with half of the blocks relative to all, ${DECODED} tokens after ${PROMPT}, at the model's usual ` +
    "precision, against the gain that the wizard and `coppice inspect` predict from the bytes that a token reads. Published " +
    "shapes with random weights.",
  columns: [
    { key: "whole", title: "all blocks, tokens/s", unit: "tokens/s" },
    { key: "halved", title: "half, tokens/s", unit: "tokens/s" },
    { key: "measured", title: "gain, measured", unit: "ratio" },
    { key: "predicted", title: "predicted", unit: "ratio" },
    { key: "ratio", title: "predicted ÷ measured", unit: "ratio" },
  ],
  targets: MODELS.map((row) => ({ row, column: "ratio", atLeast: 0.87, atMost: 1.15 })),

  async run(context) {
    const rows: Row[] = [];
    for (const name of MODELS) if (context.wants(name)) rows.push(await measure(context, name));
    return rows;
  },
};

async function measure({ threads, rounds, say }: Context, name: (typeof MODELS)[number]): Promise<Row> {
  const sizes = { max_position_embeddings: 1024, ...publishedShapes[name] };
  const start = (halved: boolean) =>
    startCoppice("gain", { sizes, halved, prompt: PROMPT, threads } satisfies GainOptions);
  const [whole, half] = [await start(false), await start(true)];
  try {
    const samples = await takeTurns([contestant("whole", whole), contestant("half", half)], { rounds });
    const [all, halved] = [samples.get("whole")!, samples.get("half")!];
    const measured = medianRatio(halved, all, "tokensPerSecond");
    const shape = shapeOf(sizes);
    const predicted = chatGain(shape, Math.ceil(shape.layers / 2));
    say(`${name}: ${measured.toFixed(2)} ×, predicted ${predicted.toFixed(2)} ×`);
    return {
      name,
      figures: {
        whole: medianOf(all, "tokensPerSecond"),
        halved: medianOf(halved, "tokensPerSecond"),
        measured,
        predicted,
        ratio: predicted / measured,
      },
    };
  } finally {
    await Promise.all([whole.close(), half.close()]);
  }
}

function contestant(name: string, resident: Resident): Contestant {
  return {
    name,
    resident,
    turn: async () => {
      const { ms } = await resident.ask<{ ms: number }>({ call: "decode", argument: DECODED });
      return { tokensPerSecond: (DECODED * 1000) / ms };
    },
  };
}
