/** Several answers decoded together, against one after another and against llama.cpp's batches. */
import { existsSync } from "node:fs";
import { basename, delimiter } from "node:path";
import { defaultPrecision } from "../../../native-models/inference/precision.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { nativeLlamaPython, smolLm2 } from "../reference/setup.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { quantisedSmolLm2 } from "./harness/models.ts";
import { medianOf, medianRatio, takeTurns } from "./harness/paired.ts";
import type { Contestant } from "./harness/paired.ts";
import type { Resident } from "./harness/resident.ts";
import { startCoppice, startPython } from "./harness/sides.ts";

/** What test/lab/bench/coppice/batch.ts exports: `export const open: OpenBatch`. */
export type OpenBatch = (options: BatchOptions) => Promise<Batch>;

export interface BatchOptions {
  /** GGUF file. */
  readonly modelPath: string;
  readonly precision: Precision;
  readonly threads: number;
  /** Length in tokens of the prompt, the same for all rows. */
  readonly prompt: number;
  /** The largest number of rows. */
  readonly rows: number;
}

export interface Batch {
  /** Decodes `tokens` tokens in each of `rows` rows, with one pass per token for all rows. */
  decode(request: { readonly rows: number; readonly tokens: number }): Promise<void>;
}

const ROWS = [1, 2, 4, 8, 16];
const PROMPT = 256;
const TOKENS = 16;

interface Measured {
  readonly name: string;
  readonly ours: string;
  readonly theirs: string;
  readonly precision: Precision;
}

export const batch: Benchmark = {
  name: "batch",
  timed: true,
  rounds: 3,
  measures:
    `Decoding in several rows at once, each with its own cache after a prompt of ${PROMPT} tokens: tokens per second over all rows, ${TOKENS} tokens per row. ` +
    "The gain is relative to one row, that is, to answers one after another. llama.cpp (llama-cpp-python, built for this machine, a batch with one token " +
    "of each sequence, the likeliest chosen by numpy) runs with the settings that were fastest in a trial with 8 rows just before. Further models are those in COPPICE_GGUF.",
  columns: [
    { key: "ours", title: "Coppice, tokens/s", unit: "tokens/s" },
    { key: "gain", title: "÷ one row", unit: "ratio" },
    { key: "theirs", title: "llama.cpp, tokens/s", unit: "tokens/s" },
    { key: "theirGain", title: "÷ one row", unit: "ratio" },
    { key: "ratio", title: "Coppice ÷ llama.cpp", unit: "ratio" },
  ],
  targets: [],

  async run(context) {
    const rows: Row[] = [];
    for (const measured of await models()) {
      if (!ROWS.some((count) => context.wants(nameOf(measured, count)))) continue;
      rows.push(...(await rowsOf(context, measured)));
    }
    return rows;
  },
};

const nameOf = ({ name }: Measured, rows: number) => `${name}, ${rows} ${rows === 1 ? "row" : "rows"}`;

async function models(): Promise<Measured[]> {
  const given = (process.env.COPPICE_GGUF ?? "").split(delimiter).filter((path) => existsSync(path));
  const others = given.map(async (path) => {
    const model = await openModel(path);
    const precision = defaultPrecision(model.config);
    model.close();
    return { name: `${basename(path, ".gguf")}, ${precision}`, ours: path, theirs: path, precision };
  });
  const own = { name: "SmolLM2-135M, int4 and Q4_0", ours: smolLm2(), theirs: quantisedSmolLm2("Q4_0") };
  return [{ ...own, precision: "int4" }, ...(await Promise.all(others))];
}

async function rowsOf(context: Context, measured: Measured): Promise<Row[]> {
  const { threads, rounds } = context;
  const size = { threads, prompt: PROMPT, rows: Math.max(...ROWS) };
  const { ours: modelPath, precision } = measured;
  const theirs = await startPython(nativeLlamaPython(), "llama-batch.py", {
    model: measured.theirs,
    ...size,
  });
  const { llamaCpp, settings } = theirs.ready as { llamaCpp: string; settings: string };
  context.against("llama.cpp", llamaCpp);
  const ours = context.ours
    ? await startCoppice("batch", { modelPath, precision, ...size } satisfies BatchOptions)
    : null;
  try {
    const sides = { theirs, ...(ours && { ours }) };
    const contestants = ROWS.flatMap((count) =>
      Object.entries(sides).map(([side, resident]) => contestant(side, resident, count)),
    );
    const samples = await takeTurns(contestants, { rounds });
    return ROWS.map((count) => {
      const speed = (side: string) => samples.get(`${side} ${count}`);
      const [mine, other] = [speed("ours"), speed("theirs")!];
      const gain = (side: string) => medianRatio(speed(side)!, samples.get(`${side} 1`)!, "tokensPerSecond");
      const name = nameOf(measured, count);
      context.say(
        `${name}: llama.cpp ${medianOf(other, "tokensPerSecond").toFixed(1)} tokens/s (${settings})`,
      );
      return {
        name,
        figures: {
          ours: mine ? medianOf(mine, "tokensPerSecond") : null,
          gain: mine ? gain("ours") : null,
          theirs: medianOf(other, "tokensPerSecond"),
          theirGain: gain("theirs"),
          ratio: mine ? medianRatio(mine, other, "tokensPerSecond") : null,
        },
        note: settings,
      };
    });
  } finally {
    await Promise.all([ours?.close(), theirs.close()]);
  }
}

function contestant(side: string, resident: Resident, rows: number): Contestant {
  return {
    name: `${side} ${rows}`,
    resident,
    turn: async () => {
      const size = { rows, tokens: TOKENS };
      const { ms } = await resident.ask<{ ms: number }>({ call: "decode", ...size, argument: size });
      return { tokensPerSecond: (rows * TOKENS * 1000) / ms };
    },
  };
}
