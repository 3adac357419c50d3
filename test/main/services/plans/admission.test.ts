import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  admitChat,
  admitEvaluation,
  admitTrim,
  bases,
  basesFrom,
  estimateTrim,
  fitOf,
} from "../../../../main/services/plans/admission.ts";
import { freeDiskBytes, freeMemoryBytes, physicalCores } from "../../../../main/computer.ts";
import { failureFrom } from "../../failure-from.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { evaluationMemoryBytes } from "../../../../native-models/estimates/evaluation.ts";
import type { Base, WeightStorage } from "../../../../preload/contract/plans/plan.ts";
import { llama2, smolLm2 } from "../../../native-models/shapes.ts";
import { planWithSeed } from "../plan.ts";

const free = (memoryBytes: number, diskBytes: number | null) => ({
  memoryBytes: () => memoryBytes,
  diskBytes: () => diskBytes,
});
const estimate = estimateTrim(smolLm2, planWithSeed(1), 400_000);

describe("A run", () => {
  test("is admitted if it fits", () => {
    expect(() => admitTrim(estimate, "/runs", free(8e9, 100e9))).not.toThrow();
  });

  test("is refused with figures if memory or disk space is too small", () => {
    expect(failureFrom(() => admitTrim(estimate, "/runs", free(5e8, 100e9)))).toEqual({
      code: "not-enough-memory",
      neededBytes: Math.round(estimate.memoryBytes),
      freeBytes: 5e8,
    });
    expect(failureFrom(() => admitTrim(estimate, "/runs", free(8e9, 1e8)))).toEqual({
      code: "not-enough-disk",
      path: "/runs",
      neededBytes: Math.round(estimate.diskBytes),
      freeBytes: 1e8,
    });
  });

  test("is not refused for a disk with unknown space", () => {
    expect(() => admitTrim(estimate, "/runs", free(8e9, null))).not.toThrow();
  });

  test("takes more memory for longer rows or all weights, and more disk space for more text or rounds", () => {
    const plan = planWithSeed(1);
    const memory = (change: object) => estimateTrim(smolLm2, { ...plan, ...change }, 400_000).memoryBytes;
    expect(memory({ maxTokens: 1024 })).toBeGreaterThan(estimate.memoryBytes);
    expect(memory({ method: { kind: "full" } })).toBeGreaterThan(4 * 4 * smolLm2.parameters);
    const single = { ...plan, trim: { ...plan.trim, unitsPerRound: 1 } };
    expect(estimateTrim(smolLm2, single, 400_000).diskBytes).toBeGreaterThan(estimate.diskBytes);
    const onCuda = estimateTrim(smolLm2, { ...plan, device: "cuda" }, 400_000);
    expect(onCuda.diskBytes).toBeGreaterThan(estimate.diskBytes + 4e8); // 106 million weights of blocks, as f32
    expect(estimateTrim(smolLm2, plan, 800_000).diskBytes).toBeGreaterThan(estimate.diskBytes);
  });
});

test("A w8a8 run reserves the memory of ordinary 8 bits, which it may have to use", () => {
  const plan = planWithSeed(1);
  const memory = (storage: WeightStorage, streamed: boolean) =>
    estimateTrim(llama2, { ...plan, base: { storage, streamed } }, 400_000).memoryBytes;
  // 6.5 billion weights with 7/8 of a byte more for each, less the f32 form that a product of ordinary 8 bits makes.
  expect(memory("w8a8", false)).toBeGreaterThan(memory("q8", false) + 4e9);
  expect(memory("w8a8", true)).toBe(memory("q8", true));
});

describe("The options for weight storage", () => {
  test("do not include w8a8 if memory decides", () => {
    expect(bases.map(({ storage }) => storage)).not.toContain("w8a8");
  });

  test("after w8a8 are streaming, then fewer bytes", () => {
    const left = basesFrom("w8a8").map(({ storage, streamed }) => `${storage}${streamed ? " streamed" : ""}`);
    expect(left).toEqual(["w8a8", "w8a8 streamed", "q8", "q8 streamed", "q4", "q4 streamed"]);
    expect(basesFrom("f32")).toEqual(bases);
  });
});

describe("Whether a model fits", () => {
  const model = { ...smolLm2, path: "/models/small.gguf" };

  test("names the weight storage that changes least, and is negative if the smallest does not fit", () => {
    const roomy = fitOf(model, free(8e9, null));
    expect(roomy).toMatchObject({ trains: true, base: { storage: "f32", streamed: false } });
    const streamed = fitOf(model, free(roomy.trainingMemoryBytes - 1, null));
    expect(streamed).toMatchObject({ trains: true, base: { storage: "f32", streamed: true } });
    expect(fitOf(model, free(1e8, null))).toMatchObject({
      trains: false,
      base: { storage: "q4", streamed: true },
    });
  });

  test("is positive for 7B in 12 GB, with 8 bits or with weights streamed from disk", () => {
    const { trains, base } = fitOf({ ...llama2, path: "/models/7b.gguf" }, free(12e9, null));
    expect(trains).toBe(true);
    expect(base).not.toEqual({ storage: "f32", streamed: false });
  });
});

test("Chat takes less memory than training", () => {
  const failure = failureFrom(() => admitChat(smolLm2, free(0, null)));
  const chat = failure.code === "not-enough-memory" ? failure.neededBytes : NaN;
  expect(estimate.memoryBytes).toBeGreaterThan(chat);
  expect(chat).toBeGreaterThan(150e6); // 134.5 million weights with 8 bits and a scale for 32
});

describe("A model is evaluated", () => {
  const needs = (base: Base) => evaluationMemoryBytes(smolLm2, 256, base);
  const admitted = (memoryBytes: number, diskBytes: number | null = null) =>
    admitEvaluation(smolLm2, 256, "/cache", free(memoryBytes, diskBytes));

  test("with its own weights if these fit, otherwise streamed from a disk with enough space", () => {
    const whole = { storage: "f32", streamed: false } as const;
    expect(admitted(needs(whole))).toEqual(whole);
    expect(admitted(needs(whole) - 1)).toEqual({ storage: "f32", streamed: true });
    expect(admitted(needs(whole) - 1, 200e6)).toEqual({ storage: "f16", streamed: false });
  });

  test("with 8 or 4 bits if nothing else fits, and not at all if nothing does", () => {
    expect(admitted(needs({ storage: "q8", streamed: false }), 200e6).storage).toBe("q8");
    const least = needs({ storage: "q4", streamed: true });
    expect(admitted(least).storage).toBe("q4");
    expect(failureFrom(() => admitted(least - 1))).toEqual({
      code: "not-enough-memory",
      neededBytes: Math.round(least),
      freeBytes: least - 1,
    });
    expect(failureFrom(() => admitted(64e9, 1e6))).toMatchObject({ code: "not-enough-disk", freeBytes: 1e6 });
  });
});

describe("This computer", () => {
  test("has at most the memory that COPPICE_MEMORY_LIMIT_BYTES allows", () => {
    expect(freeMemoryBytes({ COPPICE_MEMORY_LIMIT_BYTES: "1000" })).toBe(1000);
    expect(freeMemoryBytes({})).toBeGreaterThan(1e6);
  });

  test("reports the free space at a path that does not exist yet", () => {
    expect(freeDiskBytes(join(temporaryFolder(), "not", "yet"))).toBeGreaterThan(0);
  });

  test("has at least one core", () => {
    expect(physicalCores()).toBeGreaterThanOrEqual(1);
  });
});
