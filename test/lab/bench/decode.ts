/** Decoding speed compared with other programs, and of half the blocks compared with all of them. */
import type { Precision } from "../../../native-models/inference/precision.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { limitsOf, limitsSentence, startLimits } from "./harness/limits.ts";
import type { Limits } from "./harness/limits.ts";
import { arbitraryIds, quantisedSmolLm2 } from "./harness/models.ts";
import type { Bits, Quantisation } from "./harness/models.ts";
import { medianOf, medianRatio, takeTurns } from "./harness/paired.ts";
import type { Contestant } from "./harness/paired.ts";
import type { Resident } from "./harness/resident.ts";
import { startGenai, startLlama, startTransformersJs } from "./harness/rivals.ts";
import type { Rival, RivalOptions } from "./harness/rivals.ts";
import { startCoppice } from "./harness/sides.ts";
import { bytesOfToken, workOf } from "./harness/work.ts";
import type { Work } from "./harness/work.ts";
import { smolLm2 } from "../reference/setup.ts";

/** What test/lab/bench/coppice/decode.ts exports: `export const open: OpenDecoder`. */
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
export const DECODED = 128;
const FROM = 28; // "=", an ordinary token
/** llama.cpp's types, and Coppice's precision with the same number of bits. */
export const TYPES: readonly (readonly [Quantisation, Bits])[] = [
  ["Q4_0", "int4"],
  ["Q4_1", "int4"],
  ["Q8_0", "int8"],
];
/** Other programs that use onnxruntime, in the same number of bits as Coppice. */
const ON_ONNXRUNTIME = { "onnxruntime-genai": startGenai, "transformers.js": startTransformersJs };
const PRECISIONS = ["int4", "int8"] as const;
const half = (precision: Precision) => `Coppice, half of the blocks ÷ all, ${precision}`;

/** What a chat benchmark measures in a turn. */
export interface Measured {
  readonly what: RivalOptions["measured"];
  turn(name: string, resident: Resident): Contestant;
  /** Tokens per second that the machine's limits would allow if only the model's own work took time. */
  allowed(work: Work, precision: Precision, limits: Limits): number;
}

/** Decoding after a prompt. */
export const decodingAfter = (prompt: readonly number[]): Measured => ({
  what: "decode",
  turn: (name, resident) => decodeTurn(name, resident, prompt),
  allowed: (work, precision, { read }) => read / bytesOfToken(work, precision, prompt.length + DECODED / 2),
});

export const decoding = decodingAfter(PROMPT);

export const decode: Benchmark = {
  name: "decode",
  timed: true,
  measures:
    `Greedy decoding of ${DECODED} tokens after a prompt of ${PROMPT.length}, SmolLM2-135M, one sequence. Coppice alternates with other programs on ` +
    "the same model in as many bits: a llama.cpp that was compiled for this machine (llama-cpp-python, its library called without a " +
    "sampler; OpenMP), onnxruntime-genai, and transformers.js in Node, each with the settings that were fastest in a trial just before. int4 " +
    "weights with an 8-bit head are compared with Q4_0 and Q4_1, int8 (the chat default for a model of this size) with Q8_0. In the last rows, " +
    "the other side is Coppice with all blocks. The limit is what the machine allowed at that time: the weights and the cache that a token reads, " +
    "at the rate at which both threads read without computing.",
  columns: [
    { key: "ours", title: "Coppice, tokens/s", unit: "tokens/s" },
    { key: "theirs", title: "other, tokens/s", unit: "tokens/s" },
    { key: "ratio", title: "Coppice ÷ other", unit: "ratio" },
    { key: "limit", title: "limit, tokens/s", unit: "tokens/s" },
    { key: "share", title: "share of the limit", unit: "share" },
  ],
  targets: [
    ...["llama.cpp Q4_0", "llama.cpp Q8_0", "onnxruntime-genai, int4", "onnxruntime-genai, int8"].map(
      (row) => {
        return { row, column: "ratio", atLeast: 1.3 };
      },
    ),
    { row: half("int4"), column: "ratio", atLeast: 1.9 },
  ],

  run: (context) => compareDecoders(context, decoding),
};

/** The rows of decode and prompt; the two differ in what a turn measures. */
export async function compareDecoders(context: Context, measured: Measured): Promise<Row[]> {
  const { threads } = context;
  const modelPath = smolLm2();
  const startOurs = (blocks: DecoderOptions["blocks"], precision: Precision) =>
    startCoppice("decode", {
      modelPath,
      precision,
      threads,
      blocks,
      context: CONTEXT,
    } satisfies DecoderOptions);
  const options = { threads, context: CONTEXT, measured: measured.what };
  const rows: Row[] = [];
  const compare = async (
    { name, precision, blocks = "all" }: { name: string; precision: Bits; blocks?: DecoderOptions["blocks"] },
    start: () => Promise<Rival>,
  ) => {
    if (!context.wants(name)) return;
    const rival = await start();
    const ours = context.ours ? await startOurs(blocks, precision) : null;
    const limit = { work: await workOfFile(modelPath, blocks), precision };
    rows.push(await compareSpeeds(context, { name, ours, rival, measured, limit }));
  };

  for (const [type, precision] of TYPES)
    await compare({ name: `llama.cpp ${type}`, precision }, () =>
      startLlama(context, { model: quantisedSmolLm2(type), ...options }),
    );
  for (const [program, start] of Object.entries(ON_ONNXRUNTIME))
    for (const precision of PRECISIONS)
      await compare({ name: `${program}, ${precision}`, precision }, () =>
        start(context, { bits: precision, ...options }),
      );
  if (!context.ours) return rows;
  for (const precision of PRECISIONS)
    await compare({ name: half(precision), precision, blocks: "half" }, async () => {
      return { resident: await startOurs("all", precision), settings: "" };
    });
  return rows;
}

/** One row: both sides and the machine's limits, measured in turn; closes their processes. */
export async function compareSpeeds(
  context: Context,
  {
    name,
    ours,
    rival,
    measured,
    limit,
  }: {
    readonly name: string;
    readonly ours: Resident | null;
    readonly rival: Rival;
    readonly measured: Measured;
    readonly limit: { readonly work: Work; readonly precision: Precision };
  },
): Promise<Row> {
  const machine = await startLimits(context.threads);
  try {
    const samples = await takeTurns(
      [
        measured.turn("theirs", rival.resident),
        ...(ours ? [measured.turn("ours", ours)] : []),
        ...(machine ? [machine] : []),
      ],
      { rounds: context.rounds },
    );
    const [mine, other] = [samples.get("ours"), samples.get("theirs")!];
    const limits = machine && limitsOf(samples.get(machine.name)!);
    const allowed = limits && measured.allowed(limit.work, limit.precision, limits);
    const speed = mine ? medianOf(mine, "tokensPerSecond") : null;
    const note = [rival.settings, limits && limitsSentence(limits)].filter(Boolean).join("; ");
    context.say(`${name}: ${medianOf(other, "tokensPerSecond").toFixed(1)} tokens/s (${note})`);
    return {
      name,
      figures: {
        ours: speed,
        theirs: medianOf(other, "tokensPerSecond"),
        ratio: mine ? medianRatio(mine, other, "tokensPerSecond") : null,
        limit: allowed,
        share: speed && allowed && speed / allowed,
      },
      note,
    };
  } finally {
    await Promise.all([ours?.close(), rival.resident.close(), machine?.resident.close()]);
  }
}

/** The work of a file's model, with all blocks or with every other one. */
export async function workOfFile(path: string, blocks: DecoderOptions["blocks"] = "all"): Promise<Work> {
  const model = await openModel(path);
  try {
    const kept = model.sections.map((section, block) =>
      blocks === "half" && block % 2 === 1 ? null : section,
    );
    return workOf(mergedModel(model, kept, { kind: "none" }, () => undefined));
  } finally {
    model.close();
  }
}

/** Has either side evaluate a prompt; returns the milliseconds. llama.cpp reads `ids`, Coppice's adapter `argument`. */
export async function askPrompt(resident: Resident, ids: readonly number[] = PROMPT): Promise<number> {
  return (await resident.ask<{ ms: number }>({ call: "prompt", ids, argument: ids })).ms;
}

function decodeTurn(name: string, resident: Resident, prompt: readonly number[]): Contestant {
  return {
    name,
    resident,
    async turn() {
      await askPrompt(resident, prompt);
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
