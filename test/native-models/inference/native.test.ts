import { existsSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { KERNELS, NativeDecoder, nativeFile } from "../../../native-models/inference/native.ts";
import type { KernelName } from "../../../native-models/inference/native.ts";
import { stepsOf } from "../../../native-models/inference/steps.ts";
import type { Step, StepProgram } from "../../../native-models/inference/steps.ts";
import { graphForGpu } from "../../../native-models/inference/whole-model-graph.ts";
import { WEIGHTS_FILE } from "../../../native-models/inference/weights-file.ts";
import { writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import type { Layout } from "../../../native-models/inference/whole-model-graph.ts";
import type { Model } from "../../../native-models/model.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { goldenNames, readGolden } from "../architectures/golden-weights.ts";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function write(model: Model, layout: Layout): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "coppice-native-"));
  folders.push(folder);
  await writeInferenceModel(model, folder, layout);
  return folder;
}

/** The sets of instructions that this processor has. */
const kernelsHere = (): KernelName[] => {
  const path = fileURLToPath(import.meta.url);
  const weightsBytes = statSync(path).size;
  const none = {
    steps: [],
    attentions: [],
    matrices: [],
    vectors: [],
    bufferSize: 1,
    logits: 0,
    weightsBytes,
  };
  return KERNELS.filter((kernels) => {
    try {
      return NativeDecoder.open(path, none, { threads: 1, kernels }) !== null;
    } catch {
      return false;
    }
  });
};

test("it is built wherever tests run on Linux", () => {
  const isExpected = process.platform === "linux" && process.arch === "x64" && existsSync("/usr/bin/g++");
  expect(nativeFile() !== null || !isExpected).toBe(true);
});

describe.runIf(nativeFile() !== null)("the native decoder", () => {
  test("has kernels for every processor", () => {
    expect(kernelsHere()).toContain("portable");
  });

  test("leaves weights to the graph that another version wrote in another order", async () => {
    const model = goldenModel(readGolden(goldenNames.find((name) => name.startsWith("llama"))!));
    const layout = { precision: "int4", headInPlanes: false } as const;
    const steps = () => ({ ...stepsOf(model, layout)!, weightsBytes: 1 });
    const decoder = await Decoder.open(await write(model, layout), { threads: 1, steps });
    expect(decoder.isNative).toBe(false);
    expect((await decoder.read([1, 2, 3])).length).toBe(model.config.vocabularySize);
    await decoder.close();
  });

  const layouts = [
    [{ precision: "int8", headInPlanes: false }, 0.02],
    [{ precision: "int8", headInPlanes: true }, 0.1],
    [{ precision: "int4", headInPlanes: false }, 0.1],
    [{ precision: "int4", headInPlanes: true }, 0.1],
  ] as const;

  describe.each(goldenNames)("%s", (name) => {
    const golden = readGolden(name);
    const model = goldenModel(golden);
    test.each(layouts)(
      "gives the logits of the graph over the same weights: %o",
      async (layout, tolerance) => {
        const program = stepsOf(model, layout);
        const isRecurrent = model.config.blocks.some(
          ({ halves }) => halves.attention.state?.kind === "recurrent",
        );
        expect(program === null).toBe(isRecurrent);
        if (!program) return;
        const folder = await write(model, layout);
        const exact = await Decoder.open(folder, { threads: 1, graph: graphForGpu(model, layout) });
        const expected = await exact.readAll(golden.ids[0]!);
        const size = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        for (const kernels of kernelsHere()) {
          const decoder = await Decoder.open(folder, { threads: 2, steps: () => program, kernels });
          expect(decoder.isNative).toBe(true);
          for (const [index, id] of golden.ids[0]!.entries()) {
            const logits = await decoder.read([id]);
            const worst = logits.reduce(
              (most, value, i) => Math.max(most, Math.abs(value - expected[index * logits.length + i]!)),
              0,
            );
            expect(worst / size, `${kernels}, token ${index}`).toBeLessThan(tolerance);
          }
          await decoder.close();
        }
        await exact.close();
      },
    );
  });

  describe("refuses", () => {
    const model = goldenModel(readGolden(goldenNames.find((name) => name.startsWith("llama"))!));
    const layout = { precision: "int4", headInPlanes: false } as const;
    const program = stepsOf(model, layout)!;
    const openWith = async (changed: Partial<StepProgram>) => {
      const folder = await write(model, layout);
      return () => NativeDecoder.open(join(folder, WEIGHTS_FILE), { ...program, ...changed }, { threads: 1 });
    };
    const fields = ["out", "x", "y", "z", "w", "n", "m", "k", "l"] as const;
    const wild = [-2, 2 ** 31, 2 ** 53 - 1, -(2 ** 53)];

    test("steps that do not fit what they use, whatever is wrong with them", async () => {
      let refused = 0;
      for (const [index, step] of program.steps.slice(0, 12).entries())
        for (const field of fields)
          for (const value of wild) {
            const steps: Step[] = [...program.steps];
            steps[index] = { ...step, [field]: value };
            // A field that a step does not use may have any value; no value may make it read or write elsewhere.
            const opened = await openWith({ steps });
            try {
              opened();
            } catch (error) {
              refused++;
              expect((error as Error).message).toMatch(/step \d+ does not fit|impossible/);
            }
          }
      expect(refused).toBeGreaterThan(100);
    });

    test("a buffer that is too small, and operations that do not exist", async () => {
      expect(await openWith({ bufferSize: 8 })).toThrow(/does not fit/);
      expect(await openWith({ bufferSize: 0 })).toThrow(/impossible size/);
      const steps = program.steps.map((step) => ({ ...step, operation: 99 }));
      expect(await openWith({ steps })).toThrow(/does not fit/);
    });

    test("a token, a position or caches that do not fit", async () => {
      const native = (await openWith({}))()!;
      const { kvHeads, headDim } = program.attentions[0]!;
      const caches = program.attentions.flatMap(() =>
        [0, 1].map(() => new Float32Array(kvHeads * 4 * headDim)),
      );
      const half = headDim / 2;
      const angles = [{ cos: new Float32Array(half), sin: new Float32Array(half), growth: 1 }];
      const state = { position: 0, caches, rows: 4, angles };
      const logits = new Float32Array(model.config.vocabularySize);
      native.run(1, state, logits);
      expect(() => native.run(2 ** 20, state, logits)).toThrow(/no such token/);
      expect(() => native.run(-1, state, logits)).toThrow(/no such token/);
      expect(() => native.run(1, { ...state, position: 4 }, logits)).toThrow(/no row/);
      expect(() => native.run(1, { ...state, rows: 5 }, logits)).toThrow(/another size/);
      expect(() => native.run(1, { ...state, caches: caches.slice(1) }, logits)).toThrow(/two caches/);
      expect(() => native.run(1, { ...state, angles: [] }, logits)).toThrow(/angles/);
      expect(() => native.run(1, state, new Float32Array(2 ** 24))).toThrow(/outside/);
      native.close();
      expect(() => native.run(1, state, logits)).toThrow(/closed/);
      native.close();
    });
  });
});
