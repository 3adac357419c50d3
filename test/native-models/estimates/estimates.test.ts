/**
 * Peaks of resident memory (VmHWM) of a process that opens a model, scores a batch of 2,048 tokens in rows of one length,
 * trains on it (LoRA of rank 16, or all weights) and scans units; 8 labels a row. Linux x64, 2 threads, 2026-11-25.
 */
import { expect, test } from "vitest";
import {
  chatGain,
  chatMemoryBytes,
  chatMemoryWith,
  chatWeightBytes,
} from "../../../native-models/estimates/chat.ts";
import { configOfShape, withTokens } from "../../../native-models/estimates/shape.ts";
import { evaluationMemoryBytes } from "../../../native-models/estimates/evaluation.ts";
import { tokenizerBytes } from "../../../native-models/estimates/bytes.ts";
import { trainingDiskBytes, trainingMemoryBytes } from "../../../native-models/estimates/training.ts";
import type { TrainingShape } from "../../../native-models/estimates/training.ts";
import { gemma3, qwen25, sample, shapeOf, smolLm2 } from "../shapes.ts";

/** Within 15% of what was measured. */
function expectNear(estimate: number, measured: number): void {
  expect(estimate / measured).toBeGreaterThan(0.87);
  expect(estimate / measured).toBeLessThan(1.15);
}

const base = { storage: "f32", streamed: false } as const;
const run = { base, trainingTokens: 100_000, teacher: { hidden: true, tokens: 0 }, depths: 5 };

test.each([
  ["the sample, LoRA, rows of 512", sample, 16, 512, 316e6],
  ["the sample, LoRA, rows of 128", sample, 16, 128, 296e6],
  ["the sample, all weights, rows of 512", sample, null, 512, 372e6],
  ["SmolLM2-135M, LoRA, rows of 256", smolLm2, 16, 256, 1303e6],
  ["SmolLM2-135M, LoRA, rows of 1,024", smolLm2, 16, 1024, 1359e6],
])("Training takes what was measured: %s", (_, model, rank, maxTokens, measured) => {
  expectNear(
    trainingMemoryBytes(model, { rank, maxTokens, rowsPerStep: 2048 / maxTokens, ...run }),
    measured,
  );
});

test("A model of fewer tokens has the sizes of one whose configuration says so", () => {
  const tokens = 16_384;
  const fewer = withTokens(gemma3, tokens);
  expect(gemma3.parameters - fewer.parameters).toBe((gemma3.vocabularySize - tokens) * gemma3.hiddenSize);
  expect(configOfShape(fewer).vocabularySize).toBe(tokens);
  expect(chatWeightBytes(fewer)).toBeLessThan(chatWeightBytes(gemma3) / 2);
  expect(withTokens(gemma3, gemma3.vocabularySize)).toBe(gemma3);
});

test("A sparse update takes less than all weights", () => {
  const needs = (sparse?: number) =>
    trainingMemoryBytes(smolLm2, { rank: null, sparse, maxTokens: 256, rowsPerStep: 8, ...run });
  const weights = smolLm2.parameters - 49_152 * 576;
  // Of three quarters of the blocks the frozen weights are left, of four copies; sessions for both kinds of blocks use up some of that.
  const saved = (needs() - needs(0.25)) / (0.75 * 3 * weights * 4);
  expect(saved).toBeGreaterThan(0.7);
  expect(saved).toBeLessThan(1);
  expect(needs(0.25)).toBe(
    trainingMemoryBytes(smolLm2, { rank: 16, sparse: 0.25, maxTokens: 256, rowsPerStep: 8, ...run }),
  );
});

test("Answers that are written anew take a chat model beside the trained one, fifteen more texts, and its weights on disk", () => {
  const shape = { rank: 16, maxTokens: 256, rowsPerStep: 8, ...run };
  const added = (needs: (model: typeof smolLm2, training: TrainingShape) => number) =>
    needs(smolLm2, { ...shape, writes: true }) - needs(smolLm2, shape);
  const caches = 15 * 2 * 30 * 192 * 256 * 4;
  expect(added(trainingMemoryBytes)).toBeGreaterThan(chatWeightBytes(smolLm2) + caches);
  expect(added(trainingMemoryBytes)).toBeLessThan(chatMemoryBytes(smolLm2) + 5 * caches);
  expect(added(trainingDiskBytes)).toBeGreaterThan(0);
});

test("Kept activations are counted, as is the recomputation that they save the backward pass", () => {
  const needs = (keepsActivations: boolean) =>
    trainingMemoryBytes(smolLm2, { rank: 16, maxTokens: 256, rowsPerStep: 4, keepsActivations, ...run });
  const widths = 576 + 2 * 192 + 576 + 2 * 1536; // q, k, v, the attention's result, gate and up of each token and block
  const kept = 30 * 1024 * widths * 4;
  expectNear(
    trainingMemoryBytes(smolLm2, {
      rank: 16,
      maxTokens: 256,
      rowsPerStep: 8,
      keepsActivations: true,
      ...run,
    }),
    2493e6,
  );
  expect(needs(true) - needs(false)).toBeGreaterThan(0.9 * kept);
  expect(needs(true) - needs(false)).toBeLessThan(2 * kept);
});

test("w8a8 weights, stored by rows and by columns, take two bytes for each weight of the blocks", () => {
  const needs = (storage: "w8a8" | "f32") =>
    evaluationMemoryBytes(smolLm2, 256, { storage, streamed: false });
  const blocks = smolLm2.parameters - 49_152 * 576;
  expect((needs("f32") - needs("w8a8")) / (2 * blocks)).toBeGreaterThan(0.9); // less what products take for their numbers
  expect((needs("f32") - needs("w8a8")) / (2 * blocks)).toBeLessThan(1);
});

test.each([
  ["the sample, rows of 512", sample, 512, 249e6],
  ["SmolLM2-135M, rows of 256", smolLm2, 256, 927e6],
])("Measuring takes what was measured: %s", (_, model, maxTokens, measured) => {
  expectNear(evaluationMemoryBytes(model, maxTokens, base), measured);
});

test("Chat by the native decoder takes what was measured, and has the weights once", () => {
  const ten = 10; // of SmolLM2-135M's blocks, a conversation of 4,096 tokens: `npm run bench -- memory --only "chat 0.1 B"`
  const blocks = (smolLm2.parameters - 49_152 * 576) / smolLm2.layers;
  const model = shapeOf({ ...smolLm2, layers: ten, parameters: smolLm2.parameters - 20 * blocks });
  const weights = chatWeightBytes(model);
  const native = chatMemoryWith(model, weights, ten, true);
  expectNear(native - tokenizerBytes(model), 290e6);
  expect(chatMemoryWith(model, weights, ten, false) - native).toBeGreaterThan(blocks * ten + 49_152 * 576); // its int8 prompts, its head again
});

test("A trim takes the measured disk space: the short demo of test/faults/short-sample.ts, keeping half of its blocks", () => {
  const shape = { rank: 16, maxTokens: 52, rowsPerStep: 8, ...run, trainingTokens: 2342, keeps: 0.5 };
  expectNear(trainingDiskBytes(sample, shape), 19.5e6); // most in runs/ and models/, looked at five times a second
});

test("A teacher's files have 2 bytes for each number of a state, 6 for each token, and 2 for the rest", () => {
  const bytes = (tokens: number, hidden = true) =>
    trainingDiskBytes(smolLm2, {
      rank: 16,
      maxTokens: 256,
      rowsPerStep: 8,
      ...run,
      teacher: { hidden, tokens },
    });
  expect((bytes(32) - bytes(0)) / run.trainingTokens).toBeCloseTo(32 * 6 + 2, 6);
  expect((bytes(0) - bytes(0, false)) / run.trainingTokens).toBeCloseTo(576 * 2, 6);
});

/** Gains measured by `npm run bench -- gain`: a model with a small vocabulary, and those whose head takes a good part of the time. */
test.each([
  ["SmolLM2-135M", smolLm2, 2.02],
  ["Qwen2.5-0.5B", qwen25, 1.82],
  ["Gemma 3 270M", gemma3, 1.37],
])("Half of the blocks gain what was measured: %s", (_, model, measured) => {
  expectNear(chatGain(model, model.layers / 2), measured);
});

test("Raised products take their share of the blocks' bytes: in the weights, on disk, and for each token", () => {
  const wide = shapeOf({ ...smolLm2, hiddenSize: 1536 });
  const blocks = wide.parameters - wide.vocabularySize * wide.hiddenSize;
  const more =
    chatWeightBytes(wide, { precision: "int4", raisedShare: 0.1 }) -
    chatWeightBytes(wide, { precision: "int4" });
  expect(more).toBeCloseTo(0.1 * (5 / 8) * blocks, -3);
  expect(chatWeightBytes(smolLm2, { precision: "int8", raisedShare: 0.1 })).toBe(
    chatWeightBytes(smolLm2, { precision: "int8" }),
  );
  const shape = { rank: 16, maxTokens: 256, rowsPerStep: 8, ...run };
  const disk = (raisedShare: number) =>
    trainingDiskBytes(wide, { ...shape, chat: { precision: "int4", raisedShare } });
  expect(disk(0.1) - disk(0)).toBeCloseTo(more, -3);
  const gain = (raisedShare: number) =>
    chatGain(wide, wide.layers / 2, wide, { precision: "int4", raisedShare });
  expect(gain(0.1)).toBeLessThan(gain(0));
  expect(gain(0.1)).toBeGreaterThan(0.9 * gain(0));
});

test("A run in another chat precision is compared with the original in that one", () => {
  const gain = (precision: "int8" | "int4") => chatGain(smolLm2, smolLm2.layers / 2, smolLm2, { precision });
  expect(gain("int8")).toBe(chatGain(smolLm2, smolLm2.layers / 2));
  expect(gain("int4")).not.toBe(gain("int8"));
});

test("The scan for mixed bits counts where training takes less memory: its weights in 4 bits, and the streams of all rows", () => {
  const shape = { rank: 16, maxTokens: 512, rowsPerStep: 8, ...run };
  const needs = (rows: number) => trainingMemoryBytes(smolLm2, { ...shape, scan: { rows } });
  expect(needs(1)).toBe(trainingMemoryBytes(smolLm2, shape));
  const many = 100_000;
  const measured = evaluationMemoryBytes(smolLm2, 512, { storage: "q4", streamed: false }, { forms: 5 });
  expect(needs(many)).toBeCloseTo(measured + many * 512 * smolLm2.hiddenSize * 4, -3);
});
