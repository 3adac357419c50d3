/** The time from a question to the first token of the answer. */
import { startLlama } from "./harness/rivals.ts";
import { startCoppice } from "./harness/sides.ts";
import { smolLm2 } from "../reference/setup.ts";
import type { DecoderOptions } from "./decode.ts";
import type { Benchmark, Row } from "./harness/benchmark.ts";
import { arbitraryIds, quantisedSmolLm2 } from "./harness/models.ts";
import { medianOf, medianRatio, takeTurns } from "./harness/paired.ts";

const QUESTION = 200;
const ids = arbitraryIds(1, QUESTION, 49152)[0]!;

export const firstToken: Benchmark = {
  name: "first-token",
  timed: true,
  measures:
    `From a question of ${QUESTION} tokens to the first token of the answer, SmolLM2-135M, with an empty cache, alternating with ` +
    "llama.cpp; files as for decode.",
  columns: [
    { key: "ours", title: "Coppice", unit: "ms" },
    { key: "theirs", title: "other", unit: "ms" },
    { key: "ratio", title: "Coppice ÷ other", unit: "ratio" },
  ],
  targets: [
    { row: "int8, llama.cpp Q8_0", column: "ours", atMost: 200 },
    { row: "int4, llama.cpp Q4_0", column: "ours", atMost: 200 },
  ],

  async run(context) {
    const rows: Row[] = [];
    for (const [type, precision] of [
      ["Q8_0", "int8"],
      ["Q4_0", "int4"],
    ] as const) {
      const name = `${precision}, llama.cpp ${type}`;
      if (!context.wants(name)) continue;
      const { threads } = context;
      const options: DecoderOptions = {
        modelPath: smolLm2(),
        precision,
        threads,
        blocks: "all",
        context: 1024,
      };
      const ours = await startCoppice("decode", options);
      const { resident: theirs, settings } = await startLlama(context, {
        model: quantisedSmolLm2(type),
        threads,
        context: 1024,
        measured: "prompt",
      });
      try {
        const contestants = [
          { name: "theirs", resident: theirs },
          { name: "ours", resident: ours },
        ].map(({ name: side, resident }) => ({
          name: side,
          resident,
          turn: async () => {
            const prompt = await resident.ask<{ ms: number }>({ call: "prompt", ids, argument: ids });
            return { ms: prompt.ms };
          },
        }));
        const samples = await takeTurns(contestants, { rounds: context.rounds });
        const [mine, other] = [samples.get("ours")!, samples.get("theirs")!];
        const figures = {
          ours: medianOf(mine, "ms"),
          theirs: medianOf(other, "ms"),
          ratio: medianRatio(mine, other, "ms"),
        };
        rows.push({ name, figures, note: settings });
      } finally {
        await Promise.all([ours.close(), theirs.close()]);
      }
    }
    return rows;
  },
};
