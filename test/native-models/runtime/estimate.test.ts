/**
 * Peaks of resident memory (VmHWM) of a process that opens a model, scores a batch of 2,048 tokens in rows of one length,
 * trains on it (LoRA of rank 16, or all weights) and scans units; 8 labels a row. Linux x64, 2 threads, 2026-11-24.
 */
import { expect, test } from "vitest";
import { evaluationMemoryBytes, trainingMemoryBytes } from "../../../native-models/runtime/estimate.ts";
import { sample, smolLm2 } from "./shapes.ts";

/** At least what was measured, at most 15% more. */
function expectNear(estimate: number, measured: number): void {
  expect(estimate).toBeGreaterThanOrEqual(measured);
  expect(estimate).toBeLessThan(1.15 * measured);
}

const base = { storage: "f32", streamed: false } as const;
const run = { base, trainingTokens: 100_000, distils: true, depths: 5 };

test.each([
  ["the sample, LoRA, rows of 512", sample, 16, 512, 612e6],
  ["the sample, LoRA, rows of 128", sample, 16, 128, 405e6],
  ["the sample, all weights, rows of 512", sample, null, 512, 640e6],
  ["SmolLM2-135M, LoRA, rows of 256", smolLm2, 16, 256, 1751e6],
  ["SmolLM2-135M, LoRA, rows of 1,024", smolLm2, 16, 1024, 2432e6],
])("Training takes what was measured: %s", (_, model, rank, maxTokens, measured) => {
  expectNear(
    trainingMemoryBytes(model, { rank, maxTokens, rowsPerStep: 2048 / maxTokens, ...run }),
    measured,
  );
});

test.each([
  ["a shortened demo (test/faults/short-sample.ts), rows of up to 52 tokens", sample, 52, 253e6],
  ["the main job on clauses (docs/benchmarks.md), rows of up to 259 tokens", smolLm2, 259, 1920e6],
])("A whole trim takes what was measured: %s", (_, model, maxTokens, measured) => {
  expectNear(trainingMemoryBytes(model, { rank: 16, maxTokens, rowsPerStep: 8, ...run }), measured);
});

test.each([
  ["the sample, rows of 512", sample, 512, 319e6],
  ["SmolLM2-135M, rows of 256", smolLm2, 256, 984e6],
])("Measuring takes what was measured: %s", (_, model, maxTokens, measured) => {
  expectNear(evaluationMemoryBytes(model, maxTokens, base), measured);
});
