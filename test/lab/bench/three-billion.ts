/** Chat with a model of three billion weights, where most time goes into reading them. */
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { QWEN_3B, writeRandomGguf } from "./coppice/large-gguf.ts";
import { decode, decoding, PROMPT } from "./decode.ts";
import { compareChats } from "./given-models.ts";
import type { Benchmark, Row } from "./harness/benchmark.ts";
import { BENCH_CACHE } from "./harness/models.ts";
import { prompting } from "./prompt.ts";

const MEASURED = { prompt: prompting, decoding };
const precision = "int4";
const rowOf = (what: string) => `${what}, ${precision}`;

export const threeBillion: Benchmark = {
  name: "three-billion",
  timed: true,
  measures:
    `A model with random weights in the shape of Qwen2.5-3B, its matrices in Q4_0, its embedding, which is its head, in Q6_K. Prompts of ${PROMPT.length} ` +
    "tokens and greedy decoding after them, as in prompt and decode: llama.cpp reads the file as it is, Coppice its weights in int4 with an 8-bit head.",
  columns: decode.columns,
  targets: [{ row: rowOf("decoding"), column: "ratio", atLeast: 1 }],

  async run(context) {
    const rows: Row[] = [];
    for (const [what, measured] of Object.entries(MEASURED)) {
      const name = rowOf(what);
      if (!context.wants(name)) continue;
      rows.push(await compareChats(context, { name, path: randomModel(), precision, measured }));
    }
    return rows;
  },
};

/** The file, written on first use: 1.8 GB. */
function randomModel(): string {
  const path = join(BENCH_CACHE, "random-3b.Q4_0.gguf");
  if (!existsSync(path)) {
    mkdirSync(BENCH_CACHE, { recursive: true });
    writeRandomGguf(`${path}.partial`, QWEN_3B, "Q4_0");
    renameSync(`${path}.partial`, path);
  }
  return path;
}
