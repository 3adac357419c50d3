/** Prompt speed against llama.cpp, and with half of the blocks against all of them. Coppice's side uses decode's adapter. */
import { askPrompt, compareDecoders, decode, PROMPT, TYPES } from "./decode.ts";
import type { Benchmark } from "./harness/benchmark.ts";
import type { Contestant } from "./harness/paired.ts";
import type { Resident } from "./harness/resident.ts";

export const prompt: Benchmark = {
  name: "prompt",
  timed: true,
  measures: `Evaluating a prompt of ${PROMPT.length} tokens, SmolLM2-135M, with an empty cache; sides and files as for decode.`,
  columns: decode.columns,
  targets: TYPES.map(([type]) => ({ row: `llama.cpp ${type}`, column: "ratio", atLeast: 1 })),

  run: (context) => compareDecoders(context, promptTurn),
};

export function promptTurn(name: string, resident: Resident): Contestant {
  return {
    name,
    resident,
    turn: async () => ({ tokensPerSecond: (PROMPT.length * 1000) / (await askPrompt(resident)) }),
  };
}
