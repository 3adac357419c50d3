/** Logits against transformers in float32. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { runReference, smolLm2 } from "../reference/setup.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { arbitraryIds, BENCH_CACHE, stories260K } from "./harness/models.ts";
import { importCoppice } from "./harness/sides.ts";
import { openTensors, writeTensors } from "./harness/tensors.ts";

/** What test/lab/bench/coppice/logits.ts exports. */
export interface LogitsAdapter {
  /** Logits of a model (GGUF file or Hugging Face folder) in fp32, [B, T, V]; ids: [B][T]; `without`: blocks left out. */
  logits(
    modelPath: string,
    ids: readonly (readonly number[])[],
    without?: readonly number[],
  ): Promise<Float32Array>;
}

/** A model and the ids that it reads. */
interface Case {
  readonly name: string;
  readonly modelPath: string;
  readonly ids: number[][];
}

export const logits: Benchmark = {
  name: "logits",
  timed: false,
  measures:
    "Logits in fp32 against transformers in fp32, from the same file (a GGUF dequantised by the gguf package), at every token.",
  columns: [
    { key: "worst", title: "largest absolute difference", unit: "error" },
    { key: "largest", title: "largest logit", unit: "number" },
    { key: "tokens", title: "tokens", unit: "number" },
  ],
  targets: [
    { row: "SmolLM2-135M (GGUF)", column: "worst", atMost: 1e-3 },
    { row: "stories260K", column: "worst", atMost: 1e-3 },
  ],

  async run(context) {
    const rows: Row[] = [];
    for (const one of cases(context)) if (context.wants(one.name)) rows.push(await compare(context, one));
    return rows;
  },
};

function cases(context: Context): Case[] {
  const stories = stories260K();
  if (!stories) context.say("stories260K is not on this machine: left out");
  return [
    ...(stories ? [{ name: "stories260K", modelPath: stories, ids: arbitraryIds(2, 128, 512) }] : []),
    { name: "SmolLM2-135M (GGUF)", modelPath: smolLm2(), ids: arbitraryIds(2, 128, 49152) },
  ];
}

async function compare(context: Context, { name, modelPath, ids }: Case): Promise<Row> {
  const expected = referenceLogits(modelPath, ids);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const tokens = ids.length * ids[0]!.length;
  context.say(
    `${name}: ${expected.length / tokens} logits at ${tokens} tokens, the largest ${largest.toFixed(3)}`,
  );
  if (!context.ours) return { name, figures: { worst: null, largest, tokens } };
  const { logits } = await importCoppice<LogitsAdapter>("logits");
  const given = await logits(modelPath, ids);
  if (given.length !== expected.length)
    throw new Error(`${name}: ${given.length} logits instead of ${expected.length}.`);
  return { name, figures: { worst: largestDifference(given, expected), largest, tokens } };
}

/** Infinity if a value isn't finite. */
function largestDifference(given: Float32Array, expected: Float32Array): number {
  let worst = 0;
  for (let i = 0; i < given.length; i++) {
    const difference = Math.abs(given[i]! - expected[i]!);
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Infinity : difference;
  }
  return worst;
}

/** transformers' logits, [B, T, V]. */
export function referenceLogits(modelPath: string, ids: readonly (readonly number[])[]): Float32Array {
  mkdirSync(BENCH_CACHE, { recursive: true });
  const [request, answer] = [join(BENCH_CACHE, "ids.safetensors"), join(BENCH_CACHE, "logits.safetensors")];
  const shape = [ids.length, ids[0]!.length];
  writeTensors(request, new Map([["ids", { shape, data: Int32Array.from(ids.flat()) }]]));
  runReference("logits.py", [modelPath, request, answer]);
  const file = openTensors(answer);
  try {
    return file.read("logits");
  } finally {
    file.close();
  }
}
