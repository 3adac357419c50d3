import { TrimPlan } from "../../../preload/contract/plans/plan.ts";

/** A typical plan; the seed distinguishes plans. */
export function planWithSeed(seed: number): TrimPlan {
  return TrimPlan.parse({
    model: { path: "/models/small.gguf", sha256: null },
    data: { path: "/data/clauses" },
    seed,
    threads: 2,
    maxTokens: 256,
    method: { kind: "lora" },
    optimizer: { learningRate: 2e-4 },
    tune: { maxEpochs: 3 },
    trim: {
      unit: "block",
      keep: { fraction: 0.5 },
      scorer: "nll-halving",
      unitsPerRound: 2,
      rowsPerRound: 128,
      calibrationRows: 50,
      distillation: 1,
    },
    heal: { epochs: 1 },
  });
}
