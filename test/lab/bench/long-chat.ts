/** Decoding in a long chat, where a token reads more bytes of the cache than of the weights. */
import { decode, DECODED, decodingAfter, TYPES } from "./decode.ts";
import { compareChats } from "./given-models.ts";
import type { Benchmark, Row } from "./harness/benchmark.ts";
import { arbitraryIds, quantisedSmolLm2 } from "./harness/models.ts";
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
    const shared = {
      ownPath: smolLm2(),
      measured: decodingAfter(PROMPT),
      room: CONTEXT,
      text: PROMPT.length,
    };
    const rows: Row[] = [];
    for (const [type, precision] of TYPES) {
      const name = `llama.cpp ${type}`;
      if (!context.wants(name)) continue;
      rows.push(await compareChats(context, { name, path: quantisedSmolLm2(type), precision, ...shared }));
    }
    return rows;
  },
};
