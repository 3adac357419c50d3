/**
 * The WebGPU provider against the CPU. It needs a Vulkan device: the in-Electron tests bring one (SwiftShader, on the
 * CPU, named by VK_ICD_FILENAMES), so it always runs there and is skipped elsewhere.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ort from "onnxruntime-node";
import { afterAll, describe, expect, test } from "vitest";
import { ROLES } from "../../../native-models/architectures/architecture.ts";
import { Graph } from "../../../native-models/graph/graph.ts";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import type { DecoderOptions } from "../../../native-models/inference/decoder.ts";
import { PRECISIONS } from "../../../native-models/inference/precision.ts";
import { graphForGpu } from "../../../native-models/inference/whole-model-graph.ts";
import { writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import { float32, openSession } from "../../../native-models/runtime/session.ts";
import type { Device } from "../../../native-models/runtime/session.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import type { Trainable } from "../../../native-models/training/unit-graphs.ts";
import { randomModel } from "../../lab/bench/coppice/random-model.ts";
import { characters, collecting, runTrim, tinyModel, tinyPlan } from "../../main/trimming/run/tiny-run.ts";
import { doublePlusOne } from "../../main/engines/tiny-graph.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { readGolden } from "../architectures/golden-weights.ts";

const noDevice = !process.env["VK_ICD_FILENAMES"];
/** Largest difference, over the largest value of the CPU. */
const TOLERANCE = 1e-3;

/** A session that may not fall back to the CPU for any operator. */
const webgpuAlone = (model: Uint8Array) =>
  ort.InferenceSession.create(model, {
    executionProviders: ["webgpu"],
    extra: { session: { disable_cpu_ep_fallback: "1" } },
    logSeverityLevel: 4,
  });

describe.skipIf(noDevice)("the WebGPU provider", () => {
  test("runs every operator of a small graph itself", async () => {
    const session = await webgpuAlone(doublePlusOne());
    const { y } = await session.run({ x: float32(Float32Array.of(1, 2, -3), 1, 3) });
    expect([...(y!.data as Float32Array)]).toEqual([3, 5, -5]);
    await session.release();
  });

  test("refuses, rather than emulates, an operator that it lacks", async () => {
    const graph = new Graph("portable");
    const x = graph.input("x", "float32", [2, 2]);
    graph.output("y", graph.node("Det", [x], { shape: [] }));
    await expect(webgpuAlone(graph.encode())).rejects.toThrow();
    const session = await openSession(graph.encode(), { threads: 1, device: "webgpu" });
    const { y } = await session.run({ x: float32(Float32Array.of(1, 2, 3, 4), 2, 2) });
    expect((y!.data as Float32Array)[0]).toBeCloseTo(-2);
    await session.release();
  });
});

// Two of the fixtures: SwiftShader takes half a minute to compile the shaders of one.
describe.skipIf(noDevice).each(["llama-gqa", "llama-mha-tied"])("%s on WebGPU equals the CPU", (name) => {
  const golden = readGolden(name);
  const rows = golden.ids.map((ids) => ({ ids, promptLength: 1 }));

  const withStack = async <T>(device: Device, trainable: Trainable, use: (stack: Stack) => Promise<T>) => {
    const stack = Stack.open(goldenModel(golden), { threads: 1, trainable, device, seed: 1 });
    const result = await use(stack);
    await stack.close();
    return result;
  };

  test("in the log-likelihoods through all blocks and the head", async () => {
    const [onWebgpu, onCpu] = await both((device) =>
      withStack(device, { kind: "none" }, (stack) => stack.nll(new Batcher().batch(rows))),
    );
    expect(difference(onWebgpu, onCpu)).toBeLessThan(TOLERANCE);
  });

  const { rank, alpha } = golden.lora;
  const ways: Trainable[] = [{ kind: "lora", rank, alpha, targets: ROLES }, { kind: "full" }];

  test("in the log-likelihoods with a head split into parts, read twice", async () => {
    const headLimits = { wholeBytes: 0, partBytes: 3000 };
    const nllOn = async (device: Device) => {
      const stack = Stack.open(goldenModel(golden), {
        threads: 1,
        trainable: { kind: "none" },
        device,
        headLimits,
      });
      const batch = new Batcher().batch(rows);
      await stack.nll(batch); // weights are brought to the device once, and used there again
      const nll = await stack.nll(batch);
      await stack.close();
      return nll;
    };
    const [onWebgpu, onCpu] = await both(nllOn);
    expect(difference(onWebgpu, onCpu)).toBeLessThan(TOLERANCE);
  });

  test.each(ways)("in the loss and every gradient of a training step ($kind)", async (trainable) => {
    const [onWebgpu, onCpu] = await both((device) =>
      withStack(device, trainable, async (stack) => {
        // LoRA's B starts at zero, which would leave A without a gradient.
        for (const { values } of stack.parameters) {
          if (trainable.kind === "lora")
            values.forEach((value, i) => (values[i] = value + 0.02 * Math.sin(i)));
        }
        stack.clearGradients();
        const { loss } = await stack.accumulate(new Batcher().batch(rows), 1 / 16);
        const gradients = stack.parameters.flatMap((block) =>
          block.specs.map((spec) => ({
            name: `${block.name} ${spec.name}`,
            values: block.gradient(spec.name).slice(),
          })),
        );
        return { loss, gradients };
      }),
    );
    expect(Math.abs(onWebgpu.loss / onCpu.loss - 1)).toBeLessThan(TOLERANCE);
    for (const [index, { name, values }] of onCpu.gradients.entries()) {
      expect(Math.max(...values.map(Math.abs)), `${name} has a gradient`).toBeGreaterThan(0);
      expect(difference(onWebgpu.gradients[index]!.values, values), name).toBeLessThan(TOLERANCE);
    }
  });
});

test.skipIf(noDevice).each(["q8", "q4"] as const)(
  "a base kept as %s gives on WebGPU what it gives on the CPU",
  async (storage) => {
    const sizes = {
      hidden_size: 64,
      intermediate_size: 128,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      vocab_size: 96,
    };
    const trainable: Trainable = { kind: "lora", rank: 4, alpha: 8, targets: ROLES };
    const [onWebgpu, onCpu] = await both(async (device) => {
      const stack = Stack.open(randomModel("random", sizes), { threads: 1, trainable, device, storage });
      // LoRA's B starts at zero, which would leave A without a gradient.
      for (const { values } of stack.parameters)
        values.forEach((value, i) => (values[i] = value + 0.02 * Math.sin(i)));
      const ids = Array.from({ length: 12 }, (_, i) => (i * 37 + 5) % sizes.vocab_size);
      const batch = new Batcher().batch([{ ids, promptLength: 1 }]);
      const { loss } = await stack.accumulate(batch, 1 / ids.length);
      const gradients = stack.parameters.map(({ gradients: values }) => values.slice());
      const nll = await stack.nll(batch);
      await stack.close();
      return [Float32Array.of(loss), ...gradients, nll];
    });
    for (const [index, values] of onWebgpu.entries())
      expect(difference(values, onCpu[index]!)).toBeLessThan(TOLERANCE);
  },
);

test.skipIf(noDevice)("a trim on WebGPU drops the same units as on the CPU, and ends as good", async () => {
  const [onWebgpu, onCpu] = await both(async (device) => {
    const folder = await mkdtemp(join(tmpdir(), "coppice-webgpu-"));
    try {
      const plan = tinyPlan(folder, { device });
      const input = { runFolder: folder, plan, model: tinyModel(), encoder: characters };
      return (await runTrim(input, collecting())).depths.at(-1)!;
    } finally {
      await rm(folder, { recursive: true });
    }
  });
  expect(onWebgpu.snapshot.kept).toEqual(onCpu.snapshot.kept);
  const [perplexity, expected] = [onWebgpu, onCpu].map(({ measured }) => measured.test.perplexity!);
  expect(Math.abs(perplexity! / expected! - 1)).toBeLessThan(0.01);
});

describe.skipIf(noDevice)("a decoder on WebGPU equals the CPU", () => {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  /** The logits of a prompt and of single tokens after it, each step reading what the steps before left in the cache. */
  async function decode(folder: string, options: DecoderOptions): Promise<Float32Array[]> {
    const decoder = await Decoder.open(folder, options);
    const steps = [await decoder.read([3, 14, 15, 9, 2])];
    for (const id of [6, 5, 35, 8, 9]) steps.push(await decoder.read([id]));
    await decoder.close();
    return steps;
  }

  test.each([
    ...PRECISIONS.map((precision) => ({ precision, headInPlanes: false })),
    { precision: "int8", headInPlanes: true },
  ] as const)("in the logits of a prompt and of five steps after it (%o)", async (how) => {
    const folder = await mkdtemp(join(tmpdir(), "coppice-webgpu-"));
    folders.push(folder);
    const model = goldenModel(readGolden("llama-gqa"));
    const layout = await writeInferenceModel(model, folder, how);
    const graph = graphForGpu(model, layout); // the CPU's own quantises its input
    const [onWebgpu, onCpu] = await both((device) => decode(folder, { threads: 1, device, graph }));
    for (const [step, logits] of onCpu.entries())
      expect(difference(onWebgpu[step]!, logits), `step ${step}`).toBeLessThan(TOLERANCE);
  });
});

async function both<T>(run: (device: Device) => Promise<T>): Promise<[T, T]> {
  return [await run("webgpu"), await run("cpu")];
}

function difference(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return expected.reduce((worst, value, i) => Math.max(worst, Math.abs(value - actual[i]!)), 0) / largest;
}
