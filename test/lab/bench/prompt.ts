/** Prompt speed compared with other programs, and of half the blocks compared with all of them. Coppice's side uses decode's adapter. */
import { askPrompt, compareDecoders, decode, PROMPT, TYPES } from "./decode.ts";
import type { Measured } from "./decode.ts";
import type { Benchmark } from "./harness/benchmark.ts";
import { operationsOfPrompt } from "./harness/work.ts";

export const prompting: Measured = {
  what: "prompt",
  turn: (name, resident) => ({
    name,
    resident,
    turn: async () => ({ tokensPerSecond: (PROMPT.length * 1000) / (await askPrompt(resident)) }),
  }),
  allowed: (work, _precision, { int8 }) => (PROMPT.length * int8) / operationsOfPrompt(work, PROMPT.length),
};

export const prompt: Benchmark = {
  name: "prompt",
  timed: true,
  measures:
    `Evaluating a prompt of ${PROMPT.length} tokens, SmolLM2-135M, with an empty cache; sides and files as for decode. The limit is what the ` +
    "machine's int8 products would allow if nothing else took time.",
  columns: decode.columns,
  targets: TYPES.map(([type]) => ({ row: `llama.cpp ${type}`, column: "ratio", atLeast: 1.3 })),

  run: (context) => compareDecoders(context, prompting),
};
