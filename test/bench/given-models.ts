/** A person's own GGUF files: prompts and decoding against llama.cpp on the same file, and training against PyTorch. */
import { existsSync } from "node:fs";
import { basename, delimiter } from "node:path";
import { defaultPrecision } from "../../native-models/inference/precision.ts";
import { openModel } from "../../native-models/open-model.ts";
import { compareSpeeds, CONTEXT, decode, decodeTurn, PROMPT } from "./decode.ts";
import type { DecoderOptions } from "./decode.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { startCoppice, startLlama } from "./harness/sides.ts";
import { promptTurn } from "./prompt.ts";
import { AGAIN, compareSteps, KEPT_AGAINST_CHECKPOINTING, trainingStep } from "./training-step.ts";

const turns = { prompt: promptTurn, decoding: decodeTurn };

export const givenModels: Benchmark = {
  name: "given-models",
  timed: true,
  measures:
    `The GGUF files named in COPPICE_GGUF. Prompts of ${PROMPT.length} tokens and greedy decoding after them, as in prompt and decode: ` +
    "llama.cpp reads the file as it is, Coppice its weights in the precision that chat takes for a model of that size.",
  columns: decode.columns,
  targets: [],

  run: (context) =>
    rowsOf(context, ({ path, precision }) =>
      Object.entries(turns).map(([what, turn]) => ({
        what: `${what}, ${precision}`,
        measure: (name) => compareChats(context, { name, path, precision, turn }),
      })),
    ),
};

export const givenTraining: Benchmark = {
  name: "given-training",
  timed: true,
  measures:
    "The GGUF files named in COPPICE_GGUF, dequantised: the step of training-step in fp32 with activations recomputed, and with " +
    "activations kept, as the application keeps them where memory allows it, against PyTorch in fp32 with checkpointing.",
  columns: trainingStep.columns,
  targets: [],

  run: (context) =>
    rowsOf(context, ({ path, vocabularySize }) =>
      [AGAIN, KEPT_AGAINST_CHECKPOINTING].map((activations) => ({
        what: `activations ${activations.keepsActivations ? "kept" : "recomputed"}`,
        measure: (name) => {
          const variant = { storage: "f32", precision: "fp32", ...activations } as const;
          return compareSteps(context, name, variant, { model: path, vocabulary: vocabularySize });
        },
      })),
    ),
};

type Given = Awaited<ReturnType<typeof describe>>;

/** A row of a given file: what it is called after the file's name, and what measures it. */
interface GivenRow {
  readonly what: string;
  measure(name: string): Promise<Row>;
}

/** The rows of each given file whose names are wanted. */
async function rowsOf(context: Context, rowsOfFile: (file: Given) => readonly GivenRow[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const path of givenFiles())
    for (const { what, measure } of rowsOfFile(await describe(path))) {
      const name = `${basename(path, ".gguf")}: ${what}`;
      if (context.wants(name)) rows.push(await measure(name));
    }
  return rows;
}

/** Throws a sentence if none is named, or one is not there. */
function givenFiles(): string[] {
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

async function compareChats(
  context: Context,
  {
    name,
    path,
    precision,
    turn,
  }: {
    readonly name: string;
    readonly path: string;
    readonly precision: DecoderOptions["precision"];
    readonly turn: typeof decodeTurn;
  },
): Promise<Row> {
  const { threads } = context;
  const theirs = await startLlama({ model: path, threads, context: CONTEXT });
  context.against("llama.cpp", theirs.ready.llamaCpp);
  const options: DecoderOptions = { modelPath: path, precision, threads, blocks: "all", context: CONTEXT };
  const ours = context.ours ? await startCoppice("decode", options) : null;
  return compareSpeeds(context, { name, ours, theirs, turn });
}
