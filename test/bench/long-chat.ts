/** Decoding in a long chat, where a token reads more of the cache than of the weights. */
import { compareSpeeds, decode, DECODED, decodingAfter, TYPES, workOfFile } from "./decode.ts";
import type { DecoderOptions } from "./decode.ts";
import type { Benchmark } from "./harness/benchmark.ts";
import { arbitraryIds, quantisedSmolLm2 } from "./harness/models.ts";
import { startLlama } from "./harness/rivals.ts";
import { startCoppice } from "./harness/sides.ts";
import { smolLm2 } from "../reference/setup.ts";

const PROMPT = arbitraryIds(1, 4096, 49152)[0]!;
const CONTEXT = 4608;

export const longChat: Benchmark = {
  name: "long-chat",
  timed: true,
  measures:
    `Greedy decoding of ${DECODED} tokens after a text of ${PROMPT.length}, SmolLM2-135M, as in decode, against llama.cpp. Both have keys and values ` +
    "in half precision, which is llama.cpp's default.",
  columns: decode.columns,
  targets: TYPES.map(([type]) => ({ row: `llama.cpp ${type}`, column: "ratio", atLeast: 1.3 })),

  async run(context) {
    const [modelPath, measured] = [smolLm2(), decodingAfter(PROMPT)];
    const options = { threads: context.threads, context: CONTEXT };
    const rows = [];
    for (const [type, precision] of TYPES) {
      const name = `llama.cpp ${type}`;
      if (!context.wants(name)) continue;
      const rival = await startLlama(context, {
        model: quantisedSmolLm2(type),
        measured: "decode",
        text: PROMPT.length,
        ...options,
      });
      const ours = context.ours
        ? await startCoppice("decode", {
            modelPath,
            precision,
            blocks: "all",
            ...options,
          } satisfies DecoderOptions)
        : null;
      const limit = { work: await workOfFile(modelPath), precision };
      rows.push(await compareSpeeds(context, { name, ours, rival, measured, limit }));
    }
    return rows;
  },
};
