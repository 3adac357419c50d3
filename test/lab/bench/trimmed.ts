/** Speed and memory of a run's result, compared with the whole model as people usually run it. */
import { CONTEXT, decoding } from "./decode.ts";
import type { DecoderOptions } from "./decode.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { exportedGguf } from "./harness/models.ts";
import type { Bits } from "./harness/models.ts";
import { medianOf, medianRatio, takeTurns } from "./harness/paired.ts";
import type { Resident } from "./harness/resident.ts";
import { startLlama } from "./harness/rivals.ts";
import { startCoppice } from "./harness/sides.ts";
import { smolLm2 } from "../reference/setup.ts";

const OURS = {
  "half, int8": ["half", "int8"],
  "whole, int4": ["all", "int4"],
  "half, int4": ["half", "int4"],
} as const satisfies Record<string, readonly [DecoderOptions["blocks"], Bits]>;
const THEIRS = ["F16", "Q8_0", "Q4_K_M"] as const;

export const trimmed: Benchmark = {
  name: "trimmed",
  timed: true,
  measures:
    "What a person gets: SmolLM2-135M with half of its blocks, in int8 (the chat default) and int4, against the whole model in a llama.cpp that was " +
    "compiled for this machine, in its usual types; turns and settings as for decode. Peaks are those of the process: ours includes Node, " +
    "llama.cpp's includes Python.",
  columns: [
    { key: "ours", title: "Coppice, tokens/s", unit: "tokens/s" },
    { key: "theirs", title: "whole in llama.cpp, tokens/s", unit: "tokens/s" },
    { key: "ratio", title: "Coppice ÷ other", unit: "ratio" },
    { key: "peakBytes", title: "Coppice, peak", unit: "bytes" },
    { key: "theirPeakBytes", title: "llama.cpp, peak", unit: "bytes" },
  ],
  targets: [],

  async run(context) {
    const rows: Row[] = [];
    for (const type of THEIRS)
      if (context.wants(`llama.cpp ${type}`)) rows.push(...(await compared(context, type)));
    return rows;
  },
};

/** All of our variants and one of llama.cpp's, in turn. */
async function compared(context: Context, type: (typeof THEIRS)[number]): Promise<Row[]> {
  const { threads, rounds, say } = context;
  const options = { threads, context: CONTEXT, measured: "decode" } as const;
  const rival = await startLlama(context, { model: await exportedGguf(type), ...options });
  const ours = new Map<string, Resident>();
  try {
    for (const [name, [blocks, precision]] of context.ours ? Object.entries(OURS) : [])
      ours.set(
        name,
        await startCoppice("decode", {
          modelPath: smolLm2(),
          precision,
          threads,
          blocks,
          context: CONTEXT,
        } satisfies DecoderOptions),
      );
    const turns = [["theirs", rival.resident] as const, ...ours].map(([name, resident]) =>
      decoding.turn(name, resident),
    );
    const samples = await takeTurns(turns, { rounds });
    const other = samples.get("theirs")!;
    const theirs = medianOf(other, "tokensPerSecond");
    const theirPeakBytes = rival.resident.peakMemoryBytes();
    say(`llama.cpp ${type}: ${theirs.toFixed(1)} tokens/s (${rival.settings})`);
    return [...ours].map(([name, resident]): Row => {
      const mine = samples.get(name)!;
      return {
        name: `${name}; llama.cpp ${type}`,
        figures: {
          ours: medianOf(mine, "tokensPerSecond"),
          theirs,
          ratio: medianRatio(mine, other, "tokensPerSecond"),
          peakBytes: resident.peakMemoryBytes(),
          theirPeakBytes,
        },
        note: rival.settings,
      };
    });
  } finally {
    await Promise.all([...ours.values(), rival.resident].map((resident) => resident.close()));
  }
}
