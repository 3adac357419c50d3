/** Decoding speed against llama.cpp, and of half the blocks against all of them. */
import type { Precision } from "../../native-models/inference/precision.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { arbitraryIds, quantisedSmolLm2 } from "./harness/models.ts";
import type { Quantisation } from "./harness/models.ts";
import { medianOf, medianRatio, takeTurns } from "./harness/paired.ts";
import type { Contestant } from "./harness/paired.ts";
import type { Resident } from "./harness/resident.ts";
import { startCoppice, startLlama } from "./harness/sides.ts";
import { smolLm2 } from "../reference/setup.ts";

/** What test/bench/coppice/decode.ts exports: `export const open: OpenDecoder`. */
export type OpenDecoder = (options: DecoderOptions) => Promise<Decoder>;

export interface DecoderOptions {
  /** GGUF file; converted by the adapter to the product's inference folder in a cache of its own. */
  readonly modelPath: string;
  readonly precision: Precision;
  readonly threads: number;
  /** Blocks to keep: all, or every other one (0, 2, 4, …). */
  readonly blocks: "all" | "half";
  /** Room in the cache, in tokens. */
  readonly context: number;
}

export interface Decoder {
  /** Clears the cache and evaluates these tokens; logits are not needed. */
  prompt(ids: readonly number[]): Promise<void>;
  /** Evaluates `from`, then decodes greedily; gives exactly `tokens` ids (an end token does not stop it). */
  decode(request: { readonly from: number; readonly tokens: number }): Promise<number[]>;
}

export const CONTEXT = 1024;
export const PROMPT = arbitraryIds(1, 512, 49152)[0]!;
const DECODED = 128;
const FROM = 28; // "=", an ordinary token
/** llama.cpp's types, and Coppice's precision with the same number of bits. */
export const TYPES: readonly (readonly [Quantisation, Precision])[] = [
  ["Q4_0", "int4"],
  ["Q4_1", "int4"],
  ["Q8_0", "int8"],
];
const half = (precision: Precision) => `Coppice, half of the blocks ÷ all, ${precision}`;

export const decode: Benchmark = {
  name: "decode",
  timed: true,
  measures:
    `Greedy decoding of ${DECODED} tokens after a prompt of ${PROMPT.length}, SmolLM2-135M, one sequence. Coppice alternates with a ` +
    "llama.cpp that was compiled for this machine (llama-cpp-python, its library called without a sampler; OpenMP, weights repacked, flash " +
    "attention if it is faster) on GGUF files of the same model: int4 weights with an 8-bit head against Q4_0 and Q4_1, int8 (the chat " +
    "default for a model of this size) against Q8_0. In the last rows, the other side is Coppice with all blocks.",
  columns: [
    { key: "ours", title: "Coppice, tokens/s", unit: "tokens/s" },
    { key: "theirs", title: "other, tokens/s", unit: "tokens/s" },
    { key: "ratio", title: "Coppice ÷ other", unit: "ratio" },
  ],
  targets: [
    { row: "llama.cpp Q4_0", column: "ratio", atLeast: 1.3 },
    { row: half("int4"), column: "ratio", atLeast: 1.9 },
  ],

  run: (context) => compareDecoders(context, decodeTurn),
};

/** The rows of decode and prompt; the two differ in what a turn measures. */
export async function compareDecoders(
  context: Context,
  turn: (name: string, resident: Resident) => Contestant,
): Promise<Row[]> {
  const { threads } = context;
  const startOurs = (blocks: DecoderOptions["blocks"], precision: Precision) =>
    startCoppice("decode", {
      modelPath: smolLm2(),
      precision,
      threads,
      blocks,
      context: CONTEXT,
    } satisfies DecoderOptions);
  const row = (name: string, ours: Resident | null, theirs: Resident) =>
    compareSpeeds(context, { name, ours, theirs, turn });
  const rows: Row[] = [];
  for (const [type, precision] of TYPES) {
    const name = `llama.cpp ${type}`;
    if (!context.wants(name)) continue;
    const llama = await startLlama({ model: quantisedSmolLm2(type), threads, context: CONTEXT });
    context.against("llama.cpp", llama.ready.llamaCpp);
    rows.push(await row(name, context.ours ? await startOurs("all", precision) : null, llama));
  }
  for (const precision of ["int8", "int4"] as const) {
    const name = half(precision);
    if (context.ours && context.wants(name))
      rows.push(await row(name, await startOurs("half", precision), await startOurs("all", precision)));
  }
  return rows;
}

/** One row: both sides in turn, until their processes are closed. */
export async function compareSpeeds(
  context: Context,
  {
    name,
    ours,
    theirs,
    turn,
  }: {
    readonly name: string;
    readonly ours: Resident | null;
    readonly theirs: Resident;
    readonly turn: (name: string, resident: Resident) => Contestant;
  },
): Promise<Row> {
  try {
    const contestants = [turn("theirs", theirs), ...(ours ? [turn("ours", ours)] : [])];
    const samples = await takeTurns(contestants, { rounds: context.rounds });
    const [mine, other] = [samples.get("ours"), samples.get("theirs")!];
    context.say(`${name}: ${medianOf(other, "tokensPerSecond").toFixed(1)} tokens/s`);
    return {
      name,
      figures: {
        ours: mine ? medianOf(mine, "tokensPerSecond") : null,
        theirs: medianOf(other, "tokensPerSecond"),
        ratio: mine ? medianRatio(mine, other, "tokensPerSecond") : null,
      },
    };
  } finally {
    await Promise.all([ours?.close(), theirs.close()]);
  }
}

/** Asks either side for the prompt; gives the milliseconds. llama.cpp reads `ids`, Coppice's adapter `argument`. */
export async function askPrompt(resident: Resident): Promise<number> {
  return (await resident.ask<{ ms: number }>({ call: "prompt", ids: PROMPT, argument: PROMPT })).ms;
}

export function decodeTurn(name: string, resident: Resident): Contestant {
  return {
    name,
    resident,
    async turn() {
      await askPrompt(resident);
      const request = { from: FROM, tokens: DECODED };
      const answer = await resident.ask<{ ms: number; ids?: number[]; value?: number[] }>({
        call: "decode",
        ...request,
        argument: request,
      });
      return { tokensPerSecond: ((answer.ids ?? answer.value)!.length * 1000) / answer.ms };
    },
  };
}
