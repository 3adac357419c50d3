/** A person's own GGUF files: prompts and decoding against llama.cpp on the same file, and training against PyTorch. */
import { existsSync } from "node:fs";
import { basename, delimiter } from "node:path";
import { defaultPrecision } from "../../../native-models/inference/precision.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { compareSpeeds, CONTEXT, decode, decoding, PROMPT, workOfFile } from "./decode.ts";
import type { DecoderOptions, Measured } from "./decode.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { startLlama } from "./harness/rivals.ts";
import { startCoppice } from "./harness/sides.ts";
import { prompting } from "./prompt.ts";
import {
  AGAIN,
  compareSteps,
  KEPT_AGAINST_CHECKPOINTING,
  trainingStep,
  trainsInInt8,
} from "./training-step.ts";
import type { Variant } from "./training-step.ts";

const MEASURED = { prompt: prompting, decoding };

const STORAGES = ["f32", "w8a8"] as const;
const trainingOf = ({ storage, keepsActivations }: Pick<Variant, "storage" | "keepsActivations">) =>
  `${storage === "f32" ? "" : "w8a8, "}activations ${keepsActivations ? "kept" : "recomputed"}`;

export const givenModels: Benchmark = {
  name: "given-models",
  timed: true,
  measures:
    `The GGUF files named in COPPICE_GGUF. Prompts of ${PROMPT.length} tokens and greedy decoding after them, as in prompt and decode: ` +
    "llama.cpp reads the file as it is, Coppice its weights in the precision that chat takes for a model of that size.",
  columns: decode.columns,
  targets: [
    { row: "qwen2.5-coder-0.5b-q4_k_m: decoding, int8", column: "ratio", atLeast: 1.3 },
    { row: "qwen2.5-coder-1.5b-q4_k_m: decoding, int4", column: "ratio", atLeast: 1 },
    { row: "qwen2.5-coder-1.5b-q4_k_m: decoding, int4", column: "share", atLeast: 0.7 },
  ],

  run: (context) =>
    rowsOf(context, ({ path, precision }) =>
      Object.entries(MEASURED).map(([what, measured]) => ({
        what: `${what}, ${precision}`,
        measure: (name) => compareChats(context, { name, path, precision, measured }),
      })),
    ),
};

export const givenTraining: Benchmark = {
  name: "given-training",
  timed: true,
  measures:
    "The GGUF files named in COPPICE_GGUF, dequantised: the step of training-step with activations recomputed, and with activations " +
    "kept, as the application keeps them where memory allows it, in fp32 and with frozen weights multiplied in int8 (w8a8), against PyTorch " +
    "in fp32 with checkpointing.",
  columns: trainingStep.columns,
  targets: ["gemma-3-270m-q4_k_m", "qwen2.5-coder-0.5b-q4_k_m"].flatMap((file) =>
    STORAGES.map((storage) => {
      const row = `${file}: ${trainingOf({ storage, ...KEPT_AGAINST_CHECKPOINTING })}`;
      return { row, column: "speedRatio", atLeast: 1.3 };
    }),
  ),

  async run(context) {
    const storages = (await trainsInInt8(context)) ? STORAGES : (["f32"] as const);
    const kinds = storages.flatMap((storage) =>
      [AGAIN, KEPT_AGAINST_CHECKPOINTING].map((activations) => ({ storage, ...activations })),
    );
    return rowsOf(context, ({ path, vocabularySize }) =>
      kinds.map((kind) => ({
        what: trainingOf(kind),
        measure: (name) =>
          compareSteps(
            context,
            name,
            { precision: "fp32", ...kind },
            { model: path, vocabulary: vocabularySize },
          ),
      })),
    );
  },
};

type Given = Awaited<ReturnType<typeof describe>>;

/** A row of a given file: its name after the file's, and the function that measures it. */
interface GivenRow {
  readonly what: string;
  measure(name: string): Promise<Row>;
}

/** The requested rows of each given file. */
async function rowsOf(context: Context, rowsOfFile: (file: Given) => readonly GivenRow[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const path of givenFiles())
    for (const { what, measure } of rowsOfFile(await describe(path))) {
      const name = `${basename(path, ".gguf")}: ${what}`;
      if (context.wants(name)) rows.push(await measure(name));
    }
  return rows;
}

/** Throws a sentence if no file is named, or one does not exist. */
export function givenFiles(): string[] {
  const files = (process.env.COPPICE_GGUF ?? "").split(delimiter).filter(Boolean);
  if (files.length === 0)
    throw new Error(
      `This benchmark needs files: name GGUF files in COPPICE_GGUF, with "${delimiter}" between.`,
    );
  for (const file of files)
    if (!existsSync(file)) throw new Error(`COPPICE_GGUF names ${file}, which isn't there.`);
  return files;
}

async function describe(path: string) {
  const model = await openModel(path);
  try {
    return { path, vocabularySize: model.config.vocabularySize, precision: defaultPrecision(model.config) };
  } finally {
    model.close();
  }
}

/**
 * A row of chat with a GGUF file: llama.cpp uses it as it is, Coppice its weights, or those of `ownPath`, in `precision`. `text`: the length in
 * tokens, with which llama.cpp tries its settings.
 */
export async function compareChats(
  context: Context,
  {
    name,
    path,
    ownPath = path,
    precision,
    measured,
    room = CONTEXT,
    text,
  }: {
    readonly name: string;
    readonly path: string;
    readonly ownPath?: string;
    readonly room?: number;
    readonly text?: number;
    readonly precision: DecoderOptions["precision"];
    readonly measured: Measured;
  },
): Promise<Row> {
  const { threads } = context;
  const rival = await startLlama(context, {
    model: path,
    threads,
    context: room,
    measured: measured.what,
    ...(text && { text }),
  });
  const options: DecoderOptions = { modelPath: ownPath, precision, threads, blocks: "all", context: room };
  const ours = context.ours ? await startCoppice("decode", options) : null;
  const limit = { work: await workOfFile(ownPath), precision };
  return compareSpeeds(context, { name, ours, rival, measured, limit });
}
