import { expect, test } from "vitest";
import { publishedShapes, randomModel } from "../coppice/random-model.ts";
import { bytesOfToken, operationsOfPrompt, operationsOfStep, workOf } from "./work.ts";

const work = workOf(randomModel("random", publishedShapes["SmolLM2-135M"]));

test("a model's work is counted from its weights", () => {
  // 30 blocks of q, k, v, o (576 · 1920 numbers) and gate, up, down (576 · 1536 each); a head of 49,152 · 576.
  expect(work.blocks).toBe(30 * 576 * (576 + 192 + 192 + 576 + 3 * 1536));
  expect(work).toMatchObject({ head: 28_311_552, headInPlanes: false, cache: 30 * 384, pair: 30 * 1152 });
});

test("a token reads every weight once, and the keys and values before it", () => {
  const weights = work.blocks * 0.625 + work.head * 1.125;
  expect(bytesOfToken(work, "int4", 0)).toBe(weights);
  expect(bytesOfToken(work, "int4", 100)).toBe(weights + 100 * 30 * 384 * 2);
  const large = workOf(randomModel("random", publishedShapes["Qwen2.5-0.5B"]));
  expect(bytesOfToken(large, "int8", 0)).toBe(large.blocks * 1.125 + large.head * 0.625);
});

test("a prompt's tokens attend to those before them, and its last one has logits", () => {
  expect(operationsOfPrompt(work, 1)).toBe(2 * (work.blocks + work.head + work.pair));
  expect(operationsOfPrompt(work, 3)).toBe(2 * (3 * work.blocks + work.head + 6 * work.pair));
});

test("a step goes forward and back, and forward again if activations are recomputed", () => {
  const step = { rows: 2, tokens: 1 };
  const head = 2 * 2 * 2 * work.head;
  expect(operationsOfStep(work, { ...step, recomputes: false })).toEqual({
    frozen: 2 * 2 * 2 * work.blocks,
    others: 2 * 2 * 3 * work.pair + head,
  });
  expect(operationsOfStep(work, { ...step, recomputes: true })).toEqual({
    frozen: 2 * 2 * 3 * work.blocks,
    others: 2 * 2 * 4 * work.pair + head,
  });
});
