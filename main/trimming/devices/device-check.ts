/** Whether a device's results match the processor's: one training step of a small model on both. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { architectureOf, configOfSizes } from "../../../native-models/architectures/registry.ts";
import { median } from "../../../native-models/evaluation/statistics.ts";
import { remove } from "../../../native-models/formats/atomic.ts";
import { fromFloat32 } from "../../../native-models/formats/views.ts";
import type { DenseStorage } from "../../../native-models/graph/linear.ts";
import { elements, modelWeights, sectionWeights } from "../../../native-models/model.ts";
import type { Model } from "../../../native-models/model.ts";
import { Random } from "../../../native-models/random.ts";
import { holdsWeights } from "../../../native-models/runtime/devices.ts";
import type { Device } from "../../../native-models/runtime/session.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import type { Trainee } from "../../../native-models/training/trainee.ts";
import type { DeviceProblem } from "../../../preload/contract/plans/device.ts";
import { Base, Method } from "../../../preload/contract/plans/plan.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { TRAINING_WORK } from "../schedule/planned-run.ts";
import { openStack } from "./open-stack.ts";
import { denseStorage } from "./used-base.ts";

/** Largest allowed difference of a loss, gradient or logit, relative to the processor's largest value. */
const TOLERANCE = 1e-3;

/** The sizes of a step: of a model of two blocks, and the tokens of its one row. */
interface StepSizes {
  readonly hidden: number;
  readonly vocabulary: number;
  readonly tokens: number;
}

/** For comparing: little work, so that it finishes soon even if a driver emulates a graphics card. */
const SMALL: StepSizes = { hidden: 64, vocabulary: 256, tokens: 24 };
/** For timing, if the small one takes less than `FAST_MS`, most of which is overhead. */
const LARGE: StepSizes = { hidden: 512, vocabulary: 1024, tokens: 256 };
const FAST_MS = 20;
/** The median of this many steps counts, after one that creates the sessions. */
const TIMINGS = 3;

export interface DeviceCheck {
  /** Why the device is unusable; null if it is usable. */
  readonly problem: DeviceProblem | null;
  /** Its speed in a step relative to the processor; null with a problem. */
  readonly timesCpu: number | null;
}

/** Compares a device with the processor, and times both. */
export async function testDevice(device: Device, threads: number): Promise<DeviceCheck> {
  try {
    const onDevice = await measuredStep(device, SMALL, threads);
    const onCpu = await measuredStep("cpu", SMALL, threads);
    const problem = problemBetween(onDevice.results, onCpu.results);
    if (problem !== null) return { problem, timesCpu: null };
    if (onDevice.ms > FAST_MS) return { problem, timesCpu: onCpu.ms / onDevice.ms };
    const [large, largeOnCpu] = [
      await measuredStep(device, LARGE, threads),
      await measuredStep("cpu", LARGE, threads),
    ];
    return { problem, timesCpu: largeOnCpu.ms / large.ms };
  } catch (error) {
    return { problem: problemIn(error), timesCpu: null };
  }
}

/** More than `TIMINGS`: the fastest of them is the least disturbed by other programs. */
const SPEED_TIMINGS = 8;

/** The multiplications and additions of training steps that the processor does per second, counted like a plan's work. */
export function trainingSpeed(threads: number): Promise<number> {
  return withStep("cpu", LARGE, { threads, storage: "f32" }, async (_, step) => {
    await step(); // creates the sessions
    let ms = Infinity;
    for (let timing = 0; timing < SPEED_TIMINGS; timing++) {
      const started = performance.now();
      await step();
      ms = Math.min(ms, performance.now() - started);
    }
    const { config, sections } = smallModel(LARGE);
    const inBlocks = elements(
      sections.flatMap((section, block) => sectionWeights(config.blocks[block]!, section)),
    );
    return (2 * TRAINING_WORK * LARGE.tokens * inBlocks) / (ms / 1000);
  });
}

/** Null if a plan's device can train with the plan's storage of weights; otherwise the problem. */
export async function problemOf({
  device,
  method,
  base,
}: Pick<TrimPlan, "device" | "method" | "base">): Promise<DeviceProblem | null> {
  if (device === "cpu") return null;
  const isFull = method.kind === "full";
  if (holdsWeights(device) && method.kind !== "lora") return { kind: "all-weights" };
  const storage = isFull ? "f32" : denseStorage(base.storage); // a driver may lack f16
  const results = (on: Device) => withStep(on, SMALL, { threads: 1, storage }, resultsOf);
  try {
    return problemBetween(await results(device), await results("cpu"));
  } catch (error) {
    return problemIn(error);
  }
}

/** onnxruntime's message: only the first line, because it may run to pages, without the source position at its start. */
export function problemIn(error: unknown): DeviceProblem {
  const [line] = (error as Error).message.split("\n") as [string];
  if (line.includes("Failed to get a WebGPU adapter")) return { kind: "no-card" };
  return { kind: "driver", reason: line.replace(/^\S+:\d+ .* was false\. /, "").slice(0, 200) };
}

/** The loss and all gradients of a step, by name. */
type Results = ReadonlyMap<string, Float32Array>;

async function resultsOf(stack: Trainee, step: () => Promise<number>): Promise<Results> {
  const loss = await step();
  const gradients = stack.parameters.flatMap((block) =>
    block.specs.map(({ name }): [string, Float32Array] => [
      `${block.name} ${name}`,
      block.gradient(name).slice(),
    ]),
  );
  return new Map([["loss", Float32Array.of(loss)], ...gradients]);
}

/** The result of a step, and its milliseconds. */
function measuredStep(
  device: Device,
  sizes: StepSizes,
  threads: number,
): Promise<{ results: Results; ms: number }> {
  return withStep(device, sizes, { threads, storage: "f32" }, async (stack, step) => {
    const results = await resultsOf(stack, step);
    const times: number[] = [];
    for (let timing = 0; timing < TIMINGS; timing++) {
      const started = performance.now();
      await step();
      times.push(performance.now() - started);
    }
    return { results, ms: median(times) };
  });
}

/** Opens a stack while `use` runs, with a function that takes a training step on it and returns its loss. */
async function withStep<T>(
  device: Device,
  sizes: StepSizes,
  { threads, storage }: { threads: number; storage: DenseStorage },
  use: (stack: Trainee, step: () => Promise<number>) => Promise<T>,
): Promise<T> {
  const [method, base] = [Method.parse({ kind: "lora", rank: 4 }), Base.parse({ storage })];
  const folder = await mkdtemp(join(tmpdir(), "coppice-device-"));
  try {
    const options = { threads, method, base, device, seed: 1, keepsActivations: false };
    const stack = openStack(smallModel(sizes), options, folder);
    return await use(stack, stepOn(stack, sizes)).finally(() => stack.close());
  } finally {
    await remove(folder);
  }
}

function stepOn(stack: Trainee, { tokens, vocabulary }: StepSizes): () => Promise<number> {
  // B starts at zero, which would leave A without a gradient.
  for (const { name, values } of stack.parameters) {
    const random = new Random(2, name);
    for (let i = 0; i < values.length; i++) values[i]! += 0.1 * (random.uniform() - 0.5);
  }
  const ids = Array.from({ length: tokens }, (_, i) => (i * 37 + 5) % vocabulary);
  const batch = new Batcher().batch([{ ids, promptLength: 1 }]);
  return async () => {
    stack.clearGradients();
    return (await stack.accumulate(batch, 1 / tokens)).loss;
  };
}

function problemBetween(actual: Results, expected: Results): DeviceProblem | null {
  const differences = [...expected].map(([name, values]) => {
    const other = actual.get(name)!;
    const largest = Math.max(...values.map(Math.abs));
    return Math.max(...values.map((value, i) => Math.abs(value - other[i]!))) / largest;
  });
  return differing(Math.max(...differences));
}

/** Null if the difference from the processor is allowed. */
export function differing(by: number): DeviceProblem | null {
  if (by <= TOLERANCE) return null; // false for NaN
  return { kind: "differs", by: Number.isFinite(by) ? by : null };
}

/** A model of two blocks with random weights, of the plainest architecture. */
function smallModel({ hidden, vocabulary }: StepSizes): Model {
  const path = "device check";
  const config = configOfSizes({
    layers: 2,
    hiddenSize: hidden,
    intermediateSize: 2 * hidden,
    heads: 4,
    kvHeads: 2,
    headDim: hidden / 4,
    vocabularySize: vocabulary,
    tiedEmbedding: false,
    maxPositions: 2048,
  });
  const architecture = architectureOf(config.modelType);
  const sections = ["block", "block"] as const;
  const specs = modelWeights(config, sections);
  const shapes = new Map(specs.map(({ name, shape }) => [name, shape]));
  const weight = (name: string) => {
    const shape = shapes.get(name)!;
    const random = new Random(1, name);
    const size = shape.reduce((product, axis) => product * axis, 1);
    const values = Float32Array.from({ length: size }, () =>
      shape.length === 1 ? 1 : 0.4 * (random.uniform() - 0.5),
    );
    return fromFloat32(name, shape, values);
  };
  const names = [...shapes.keys()];
  return { path, architecture, config, sections, json: config.json, generation: {}, names, weight };
}
