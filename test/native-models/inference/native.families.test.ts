import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { toHalves } from "../../../native-models/formats/half.ts";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { embedding } from "../../../native-models/inference/embedding.ts";
import { fastCores, KERNELS, NativeDecoder } from "../../../native-models/inference/native.ts";
import { nativeFile } from "../../../native-models/runtime/native-file.ts";
import type { KernelName } from "../../../native-models/inference/native.ts";
import { stepsOf } from "../../../native-models/inference/steps.ts";
import type { DecoderStep, StepProgram } from "../../../native-models/inference/steps.ts";
import { graphForGpu } from "../../../native-models/inference/whole-model-graph.ts";
import { WEIGHTS_FILE } from "../../../native-models/inference/weights-file.ts";
import { writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import { isTied } from "../../../native-models/architectures/architecture.ts";
import type { Layout } from "../../../native-models/inference/whole-model-graph.ts";
import type { Model } from "../../../native-models/model.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { comparedNames, longContext, readGolden } from "../architectures/golden-weights.ts";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function write(model: Model, layout: Layout): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "coppice-native-"));
  folders.push(folder);
  await writeInferenceModel(model, folder, layout);
  return folder;
}

/** The hidden states of further ids. [ids, D] */
async function statesOf(decoder: Decoder, ids: readonly number[]): Promise<number[]> {
  const states: number[] = [];
  for await (const piece of decoder.hidden(ids)) states.push(...piece);
  return states;
}

/** The sets of instructions that this processor has. */
const kernelsHere = (): KernelName[] => {
  const path = fileURLToPath(import.meta.url);
  const weightsBytes = statSync(path).size;
  const none = {
    steps: [],
    attentions: [],
    deltas: [],
    matrices: [],
    vectors: [],
    rowSize: 1,
    hiddenSize: 1,
    logitsSize: 1,
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

/** Whether the system promises memory that it lacks, of any size. */
const overcommits =
  process.platform === "linux" && readFileSync("/proc/sys/vm/overcommit_memory", "utf8").trim() === "1";

test("it is built wherever tests run on Linux", () => {
  const isExpected = process.platform === "linux" && process.arch === "x64" && existsSync("/usr/bin/g++");
  expect(nativeFile() !== null || !isExpected).toBe(true);
});

describe.runIf(nativeFile() !== null)("the native decoder", () => {
  test("has kernels for every processor", () => {
    expect(kernelsHere()).toContain("portable");
  });

  test("counts cores: at least one, and not more than there are processors", () => {
    expect(fastCores() ?? 1).toBeGreaterThan(0);
    expect(fastCores() ?? 1).toBeLessThanOrEqual(cpus().length);
  });

  test("leaves weights to the graph that another version wrote in another order", async () => {
    const model = goldenModel(readGolden(comparedNames.find((name) => name.startsWith("llama"))!));
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

  describe.each(comparedNames)("%s", (name) => {
    const golden = readGolden(name);
    const model = goldenModel(golden);
    test.each(layouts)(
      "gives the logits of the graph over the same weights: %o",
      async (layout, tolerance) => {
        const program = stepsOf(model, layout);
        const folder = await write(model, layout);
        const exact = await Decoder.open(folder, { threads: 1, graph: graphForGpu(model, layout) });
        const expected = await exact.readAll(golden.ids[0]!);
        const size = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        for (const kernels of kernelsHere()) {
          const decoder = await Decoder.open(folder, { threads: 2, steps: () => program, kernels });
          expect(decoder.isNative).toBe(true);
          const logits = await decoder.readAll(golden.ids[0]!);
          const worst = logits.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
          expect(worst / size, kernels).toBeLessThan(tolerance);
          await decoder.close();
        }
        await exact.close();
      },
    );
  });

  test.each(comparedNames)(
    "gives the hidden states from which the head makes the logits: %s",
    async (name) => {
      const model = goldenModel(longContext(name));
      const layout = { precision: "int8", headInPlanes: false } as const;
      const { config } = model;
      const { ends, hiddenSize, vocabularySize } = config;
      const matrix = model.weight(isTied(ends) ? ends.embedding.name : ends.head.name).readFloat32();
      const ids = Array.from({ length: 40 }, (_, i) => (i * 37 + 5) % vocabularySize);
      const decoder = Decoder.openModel(model, layout, { threads: 2 })!;
      const other = decoder.another();
      const states = await statesOf(other, ids);
      const logits = await decoder.readAll(ids);
      const expected = logits.map((_, at) => {
        const [token, row] = [Math.floor(at / vocabularySize), at % vocabularySize];
        let sum = 0;
        for (let i = 0; i < hiddenSize; i++)
          sum += states[token * hiddenSize + i]! * matrix[row * hiddenSize + i]!;
        const { scale, cap } = ends.head;
        return cap === null ? sum * scale : cap * Math.tanh((sum * scale) / cap);
      });
      const most = (values: Float32Array) =>
        values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(most(logits.map((value, at) => value - expected[at]!)) / most(logits)).toBeLessThan(0.02);
      expect(await other.read([1])).toEqual(await decoder.read([1])); // what ends before the head fills the same caches
      await decoder.close();
    },
  );

  test.each(["llama-gqa", "lfm2", "qwen3_5"])("makes a vector of a text: %s", async (name) => {
    const model = goldenModel(longContext(name));
    const { hiddenSize, vocabularySize } = model.config;
    const ids = Array.from({ length: 40 }, (_, i) => (i * 37 + 5) % vocabularySize);
    const decoder = Decoder.openModel(model, { precision: "int4", headInPlanes: true }, { threads: 1 })!;
    await decoder.read(ids);
    const never = () => Promise.resolve(false);
    const vector = await embedding(decoder, ids.slice(0, 7), never);
    expect(await embedding(decoder, ids.slice(0, 7), never)).toEqual(vector);
    const states = await statesOf(decoder.another(), ids.slice(0, 7));
    const mean = Float32Array.from({ length: hiddenSize }, (_, i) => {
      return ids.slice(0, 7).reduce((sum, _, token) => sum + states[token * hiddenSize + i]!, 0) / 7;
    });
    const length = Math.sqrt(mean.reduce((sum, value) => sum + value * value, 0));
    expect([...vector].every((value, i) => Math.abs(value - mean[i]! / length) < 1e-6)).toBe(true);
    const long = new Array<number>(decoder.description.contextLength + 1).fill(1);
    await expect(embedding(decoder, long, never)).rejects.toMatchObject({
      failure: { code: "context-full" },
    });
    await expect(embedding(decoder, ids, () => Promise.resolve(true))).rejects.toMatchObject({
      failure: { code: "cancelled" },
    });
    await decoder.close();
  });

  // Longer than the chunks of a cache that attention takes at a time, in pieces that fill its tiles and products', and others.
  test.each([
    ["llama-gqa", { precision: "int8", headInPlanes: false }],
    ["qwen3", { precision: "int4", headInPlanes: false }],
    ["mistral-sliding-window", { precision: "int4", headInPlanes: true }],
    ["gemma3", { precision: "int8", headInPlanes: true }],
    ["lfm2", { precision: "int8", headInPlanes: false }],
    ["qwen3_5", { precision: "int4", headInPlanes: false }],
  ] as const)(
    "gives a token the same bits in every piece, by any number of threads: %s, %o",
    async (name, layout) => {
      const model = goldenModel(longContext(name));
      const folder = await write(model, layout);
      const steps = () => stepsOf(model, layout);
      const ids = Array.from({ length: 100 }, (_, i) => (i * 37 + 5) % model.config.vocabularySize);
      for (const kernels of kernelsHere()) {
        const read = async (threads: number, lengths: readonly number[]) => {
          const decoder = await Decoder.open(folder, { threads, steps, kernels });
          const [logits, rest] = [[] as number[], [...ids]];
          for (const length of lengths) logits.push(...(await decoder.readAll(rest.splice(0, length))));
          await decoder.close();
          return logits;
        };
        const oneByOne = await read(1, new Array<number>(100).fill(1));
        expect(await read(1, [100]), kernels).toEqual(oneByOne);
        expect(await read(2, [7, 64, 1, 2, 26]), kernels).toEqual(oneByOne);
      }
    },
  );

  test.each([
    ["llama-gqa", { precision: "int8", headInPlanes: false }],
    ["mistral-sliding-window", { precision: "int4", headInPlanes: true }],
    ["gemma3", { precision: "int8", headInPlanes: true }],
    ["lfm2", { precision: "int8", headInPlanes: false }],
    ["qwen3_5", { precision: "int4", headInPlanes: false }],
  ] as const)("gives each of several texts the bits that it has alone: %s, %o", async (name, layout) => {
    const model = goldenModel(longContext(name));
    const folder = await write(model, layout);
    const steps = () => stepsOf(model, layout);
    // A text in pieces; they begin at different passes, and have one token or several.
    const plans = [
      [30, 1, 1, 1, 1],
      [1, 1, 1],
      [70, 20, 1],
      [2, 1, 1, 5],
    ];
    const idsOf = (text: number, count: number) =>
      Array.from({ length: count }, (_, i) => (i * 37 + text * 11 + 5) % model.config.vocabularySize);
    for (const kernels of kernelsHere()) {
      const decoder = await Decoder.open(folder, { threads: 2, steps, kernels });
      const alone: number[][][] = [];
      for (const [text, lengths] of plans.entries()) {
        decoder.truncate(0);
        const ids = idsOf(text, 100);
        alone.push([]);
        for (const length of lengths) alone[text]!.push([...(await decoder.read(ids.splice(0, length)))]);
      }
      decoder.truncate(0);
      const decoders = plans.map((_, text) => (text === 0 ? decoder : decoder.another()));
      const rest = plans.map((_, text) => idsOf(text, 100));
      const together: number[][][] = plans.map(() => []);
      for (let pass = 0; pass < 7; pass++) {
        const active = plans.flatMap((lengths, text) => (pass >= text && lengths[pass - text] ? [text] : []));
        const pieces = active.map((text) => rest[text]!.splice(0, plans[text]![pass - text]));
        const logits = await Decoder.readTogether(
          active.map((text, index) => ({ decoder: decoders[text]!, ids: pieces[index]! })),
        );
        for (const [index, text] of active.entries()) together[text]!.push([...logits[index]!]);
      }
      expect(together, kernels).toEqual(alone);
      await decoder.close();
    }
  });

  test.each(["llama-gqa", "lfm2"])("takes over the beginning of another text: %s", async (name) => {
    const model = goldenModel(longContext(name));
    const layout = { precision: "int8", headInPlanes: false } as const;
    const folder = await write(model, layout);
    const decoder = await Decoder.open(folder, { threads: 1, steps: () => stepsOf(model, layout) });
    const ids = Array.from({ length: 80 }, (_, i) => (i * 37 + 5) % model.config.vocabularySize);
    await decoder.read(ids.slice(0, 50));
    await decoder.read(ids.slice(50));
    const other = decoder.another();
    other.copy(decoder, 60);
    expect(other.ids.length).toBe(decoder.isRecurrent ? 50 : 60);
    const expected = [7, 8, 9];
    const continued = await other.read([...ids.slice(other.ids.length, 60), ...expected]);
    // The first goes on as if nobody had copied it.
    const unchanged = await decoder.read([1]);
    decoder.truncate(0);
    expect(await decoder.read([...ids.slice(0, 60), ...expected])).toEqual(continued);
    decoder.truncate(0);
    expect(await decoder.read([...ids, 1])).toEqual(unchanged);
    await decoder.close();
  });

  test("stores keys and values as the nearest halves, the largest at most", async () => {
    const folder = await mkdtemp(join(tmpdir(), "coppice-halves-"));
    folders.push(folder);
    // An embedding of one block a row, of every size: also those below 2⁻¹⁴, whose steps are 2⁻²⁴, and those beyond the largest half.
    const [rows, headDim] = [64, 32];
    const codes = Uint8Array.from({ length: rows * headDim }, (_, i) => (i * 151 + 3) % 256);
    const scales = Float32Array.from({ length: rows }, (_, row) => 1.37 * 2 ** (row - 45));
    await writeFile(join(folder, WEIGHTS_FILE), Buffer.concat([codes, new Uint8Array(scales.buffer)]));
    const none = { out: 0, x: 0, y: 0, z: 0, w: 0, n: 0, m: 0, k: 0, l: 0, f: 0 };
    const program: StepProgram = {
      steps: [
        { ...none, operation: 1, z: -1 },
        { ...none, operation: 9, out: headDim },
      ],
      attentions: [{ heads: 1, kvHeads: 1, headDim, scale: 1, cap: null, window: null, rotation: null }],
      deltas: [],
      matrices: [
        {
          rows,
          columns: headDim,
          bits: 8,
          codes: { file: WEIGHTS_FILE, offset: 0, byteLength: codes.length, weights: [] },
          scales: { file: WEIGHTS_FILE, offset: codes.length, byteLength: scales.byteLength },
        },
      ],
      vectors: [],
      rowSize: 2 * headDim,
      hiddenSize: headDim,
      logitsSize: 1,
      weightsBytes: codes.length + scales.byteLength,
    };
    const values = Float32Array.from(codes, (code, i) => scales[Math.floor(i / headDim)]! * (code - 128));
    const expected = toHalves(values);
    expect(expected).toContain(0x7bff); // the largest
    expect(expected).toContain(0x8001); // the smallest below 0
    for (const kernels of kernelsHere()) {
      const decoder = NativeDecoder.open(join(folder, WEIGHTS_FILE), program, { threads: 1, kernels })!;
      const caches = [new Uint16Array(rows * headDim), new Uint16Array(rows * headDim)];
      const tokens = Array.from({ length: rows }, (_, row) => row);
      decoder.run([{ tokens, position: 0, caches, rows, angles: [], states: [] }], [], new Float32Array(0));
      for (const cache of caches) expect(cache, kernels).toEqual(expected);
      decoder.close();
    }
  });

  test("gives the logits of wanted tokens alone, the same as those of all", async () => {
    const model = goldenModel(longContext("llama-gqa"));
    const layout = { precision: "int4", headInPlanes: true } as const;
    const decoder = await Decoder.open(await write(model, layout), {
      threads: 2,
      steps: () => stepsOf(model, layout),
    });
    const ids = Array.from({ length: 40 }, (_, i) => (i * 37 + 5) % model.config.vocabularySize);
    const all = await decoder.readAll(ids);
    decoder.truncate(0);
    expect(await decoder.read(ids)).toEqual(all.slice(-model.config.vocabularySize));
    await decoder.close();
  });

  test.each(["lfm2", "qwen3_5"])(
    "returns to an earlier text of %s by copies of its states, which later tokens leave as they are",
    async (name) => {
      const model = goldenModel(longContext(name));
      const layout = { precision: "int8", headInPlanes: false } as const;
      const steps = () => stepsOf(model, layout);
      const decoder = await Decoder.open(await write(model, layout), { threads: 1, steps });
      const ids = Array.from({ length: 90 }, (_, i) => (i * 37 + 5) % model.config.vocabularySize);
      await decoder.read(ids.slice(0, 20));
      const expected: Float32Array[] = [];
      for (const id of ids.slice(20)) expected.push(await decoder.read([id]));
      for (const length of [84, 20, 20]) {
        decoder.truncate(length);
        expect(decoder.ids.length).toBe(length);
        for (const [index, id] of ids.slice(length, length + 5).entries())
          expect(await decoder.read([id])).toEqual(expected[length - 20 + index]);
      }
      await decoder.close();
    },
  );

  describe("with more threads", () => {
    const model = goldenModel(readGolden(comparedNames.find((name) => name.startsWith("llama"))!));
    const layout = { precision: "int4", headInPlanes: false } as const;
    const open = async () =>
      Decoder.open(await write(model, layout), { threads: 1, steps: () => stepsOf(model, layout) });

    test("gives the same bits, in a text long enough for several to attend to it", async () => {
      const program = stepsOf(model, layout)!;
      const folder = await write(model, layout);
      const [rows, position] = [2048, 2000];
      const arbitrary = (length: number) =>
        Float32Array.from({ length }, (_, index) => Math.sin(index * 0.7));
      const logits = [1, 2, 3, 5].map((threads) => {
        const native = NativeDecoder.open(join(folder, WEIGHTS_FILE), program, { threads })!;
        const caches = program.attentions.flatMap(({ kvHeads, headDim }) =>
          [0, 1].map(() => toHalves(arbitrary(kvHeads * rows * headDim))),
        );
        const half = program.attentions[0]!.headDim / 2;
        const angles = [{ cos: arbitrary(half), sin: arbitrary(half), growth: Float32Array.of(1) }];
        const result = new Float32Array(model.config.vocabularySize);
        native.run([{ tokens: [3], position, caches, rows, angles, states: [] }], [0], result);
        native.close();
        return result;
      });
      for (const other of logits) expect(other).toEqual(logits[0]);
      expect(Math.max(...logits[0]!)).toBeGreaterThan(0);
    });

    test("uses no processor time between answers", async () => {
      const decoder = await open();
      decoder.useThreads(4);
      await decoder.read([1]);
      const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
      await wait(50); // they wait actively for a millisecond or so
      const before = process.cpuUsage();
      await wait(400);
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1000).toBeLessThan(100); // three waiting actively would use 1200 ms on as many cores
      await decoder.close();
    });

    test("refuses an impossible number of them", async () => {
      const decoder = await open();
      for (const threads of [0, -1, NaN])
        expect(() => decoder.useThreads(threads)).toThrow(/number of threads/);
      await decoder.close();
    });

    test.runIf(process.platform === "linux")("uses 256 where there are to be more", async () => {
      const running = () => readdirSync("/proc/self/task").length;
      const decoder = await open();
      const before = running();
      decoder.useThreads(1000);
      expect(running()).toBe(before + 255);
      await decoder.close();
      expect(running()).toBe(before);
    });
  });

  describe("refuses", () => {
    const model = goldenModel(readGolden(comparedNames.find((name) => name.startsWith("llama"))!));
    const layout = { precision: "int4", headInPlanes: false } as const;
    const program = stepsOf(model, layout)!;
    let written: Promise<string> | null = null;
    const openWith = async (changed: Partial<StepProgram>) => {
      const folder = await (written ??= write(model, layout));
      return () => NativeDecoder.open(join(folder, WEIGHTS_FILE), { ...program, ...changed }, { threads: 1 });
    };
    const fields = ["out", "x", "y", "z", "w", "n", "m", "k", "l"] as const;
    const wild = [-2, 2 ** 31, 2 ** 53 - 1, -(2 ** 53)];

    test("steps that do not fit what they use, whatever is wrong with them", async () => {
      let refused = 0;
      for (const [index, step] of program.steps.slice(0, 12).entries())
        for (const field of fields)
          for (const value of wild) {
            const steps: DecoderStep[] = [...program.steps];
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

    test("logits that are used before the head: not every token has any, and a run may end there", async () => {
      const lastNorm = program.steps.findLastIndex(({ operation }) => operation === 2);
      const lastMixing = program.steps.findLastIndex(({ operation }) => operation === 9);
      const at = (index: number, changed: Partial<DecoderStep>) => ({
        steps: program.steps.map((step, i) => (i === index ? { ...step, ...changed } : step)),
      });
      for (const field of ["out", "x", "y", "z"] as const)
        expect(await openWith(at(lastMixing, { [field]: 2 ** 31 }))).toThrow(
          `step ${lastMixing} does not fit`,
        );
      for (let index = lastMixing + 1; index <= lastNorm; index++)
        expect(await openWith(at(index, { out: 2 ** 31 }))).toThrow(`step ${index} does not fit`);
      const early = program.steps.slice(0, lastMixing);
      for (const operation of [1, 2, 3, 5, 6]) {
        const index = early.findLastIndex((step) => step.operation === operation);
        expect(await openWith(at(index, { out: 2 ** 31 }))).toThrow(`step ${index} does not fit`);
      }
      (await openWith(at(lastNorm + 1, { out: 2 ** 31 })))()!.close();
    });

    test("convolutions and delta rules that do not fit what they use, and states of other sizes", async () => {
      const recurrent = goldenModel(readGolden("qwen3_5"));
      const its = stepsOf(recurrent, layout)!;
      const path = join(await write(recurrent, layout), WEIGHTS_FILE);
      let refused = 0;
      for (const operation of [13, 14]) {
        const index = its.steps.findIndex((step) => step.operation === operation);
        for (const field of fields)
          for (const value of wild) {
            const steps = its.steps.map((step, i) => (i === index ? { ...step, [field]: value } : step));
            try {
              NativeDecoder.open(path, { ...its, steps }, { threads: 1 })!.close();
            } catch (error) {
              refused++;
              expect((error as Error).message).toMatch(/does not fit/);
            }
          }
      }
      expect(refused).toBeGreaterThan(40);
      const last = its.steps.findLastIndex((step) => step.operation === 14);
      for (const field of ["out", "x", "y", "z", "k", "l"] as const) {
        const steps = its.steps.map((step, i) => (i === last ? { ...step, [field]: 2 ** 31 } : step)); // logits
        expect(() => NativeDecoder.open(path, { ...its, steps }, { threads: 1 })).toThrow(/does not fit/);
      }
      for (const wrong of ["heads", "keyHeads", "keyWidth", "valueWidth", "rate", "bias", "state"] as const)
        for (const value of wild) {
          const deltas = [{ ...its.deltas[0]!, [wrong]: value }, ...its.deltas.slice(1)];
          const open = () => NativeDecoder.open(path, { ...its, deltas }, { threads: 1 });
          expect(open).toThrow(/does not fit|impossible/);
        }
      const decoder = NativeDecoder.open(path, its, { threads: 1 })!;
      const caches = its.attentions.flatMap(({ kvHeads, headDim }) =>
        [0, 1].map(() => new Uint16Array(kvHeads * headDim)),
      );
      const half = its.attentions[0]!.headDim / 8; // a quarter of a head is rotated
      const angles = [
        { cos: new Float32Array(half), sin: new Float32Array(half), growth: Float32Array.of(1) },
      ];
      const text = { tokens: [1], position: 0, caches, rows: 1, angles, states: [new Float32Array(3)] };
      const logits = new Float32Array(recurrent.config.vocabularySize);
      expect(() => decoder.run([text], [0], logits)).toThrow(/states have other sizes/);
      decoder.close();
    });

    test("a buffer that is too small, and operations that do not exist", async () => {
      expect(await openWith({ rowSize: 8 })).toThrow(/does not fit/);
      expect(await openWith({ rowSize: 0 })).toThrow(/impossible size/);
      expect(await openWith({ logitsSize: 8 })).toThrow(/does not fit/);
      const steps = program.steps.map((step) => ({ ...step, operation: 99 }));
      expect(await openWith({ steps })).toThrow(/does not fit/);
    });

    test.skipIf(overcommits)("a piece for which there is no memory, and reads the next one", async () => {
      const native = (await openWith({ rowSize: 2 ** 28 }))()!; // 1 GiB a token, of which little is used
      const [rows, half] = [4096, program.attentions[0]!.headDim / 2];
      const caches = program.attentions.flatMap(({ kvHeads, headDim }) =>
        [0, 1].map(() => new Uint16Array(kvHeads * rows * headDim)),
      );
      const run = (count: number) => {
        const logits = new Float32Array(model.config.vocabularySize);
        const [cos, sin] = [new Float32Array(count * half).fill(1), new Float32Array(count * half)];
        const angles = [{ cos, sin, growth: new Float32Array(count).fill(1) }];
        const tokens = new Array<number>(count).fill(1);
        native.run([{ tokens, position: 0, caches, rows, angles, states: [] }], [count - 1], logits);
        return logits;
      };
      const expected = run(1);
      expect(() => run(rows)).toThrow(RangeError);
      expect(run(1)).toEqual(expected);
      native.close();
    });

    test("tokens, a position or caches that do not fit", async () => {
      const native = (await openWith({}))()!;
      const { kvHeads, headDim } = program.attentions[0]!;
      const caches = program.attentions.flatMap(() =>
        [0, 1].map(() => new Uint16Array(kvHeads * 4 * headDim)),
      );
      const zeros = () => new Float32Array(headDim); // of half a head, for two tokens
      const angles = [{ cos: zeros(), sin: zeros(), growth: Float32Array.of(1, 1) }];
      const state = { position: 0, caches, rows: 4, angles, states: [] };
      const logits = new Float32Array(model.config.vocabularySize);
      const run = (tokens: number[], changed: Partial<typeof state>, wanted: number[], into = logits) =>
        native.run([{ tokens, ...state, ...changed }], wanted, into);
      run([1, 2], {}, [1]);
      expect(() => run([1, 2 ** 20], {}, [1])).toThrow(/no such token/);
      expect(() => run([-1, 1], {}, [1])).toThrow(/no such token/);
      expect(() => run([], {}, [])).toThrow(/impossible length/);
      expect(() => run([1, 2], { position: 3 }, [1])).toThrow(/no row/);
      expect(() => run([1, 2], { position: -1 }, [1])).toThrow(/no row/);
      expect(() => run([1, 2], { rows: 5 }, [1])).toThrow(/another size/);
      expect(() => run([1, 2], { caches: caches.slice(1) }, [1])).toThrow(/two caches/);
      expect(() => run([1, 2], { angles: [] }, [1])).toThrow(/angles/);
      expect(() => run([1], {}, [0])).toThrow(/angles|growth/);
      expect(() => run([1, 2, 3], {}, [1])).toThrow(/other tokens/);
      expect(() => run([1, 2], {}, [2])).toThrow(/wanted/);
      expect(() => run([1, 2], {}, [-1])).toThrow(/wanted/);
      expect(() => run([1, 2], {}, [0, 0], new Float32Array(2 * logits.length))).toThrow(/wanted/);
      expect(() => run([1, 2], {}, [1], new Float32Array(2 ** 24))).toThrow(/another size/);
      const hidden = (size: number, by = native) =>
        by.runToHead([{ tokens: [1, 2], ...state }], [1], new Float32Array(size));
      hidden(model.config.hiddenSize);
      expect(() => hidden(model.config.hiddenSize - 1)).toThrow(/another size/);
      const withoutNorm = program.steps.slice(0, 1);
      const headless = (await openWith({ steps: withoutNorm }))()!;
      expect(() => hidden(0, headless)).toThrow(/no norm precedes the head/);
      headless.close();
      const one = (tokens: number[]) => {
        const half = (tokens.length * headDim) / 2;
        const [cos, sin] = [new Float32Array(half), new Float32Array(half)];
        return { tokens, ...state, angles: [{ cos, sin, growth: new Float32Array(tokens.length) }] };
      };
      const both = (texts: Parameters<typeof native.run>[0]) => () => native.run(texts, [1], logits);
      both([one([1]), { ...one([2]), caches: caches.map((cache) => cache.slice()) }])();
      expect(both([one([1, 2]), one([])])).toThrow(/other tokens/);
      expect(both([one([1]), { ...one([2]), caches: [] }])).toThrow(/two caches/);
      expect(both([one([1]), { ...one([2]), position: 4 }])).toThrow(/no row/);
      expect(both([one([1]), { ...one([2]), caches: [...caches, ...caches] }])).toThrow(/more caches/);
      expect(both([one([1]), { ...one([2]), states: [new Float32Array(1)] }])).toThrow(/more states/);
      native.close();
      expect(() => run([1, 2], {}, [1])).toThrow(/closed/);
      native.close();
    });
  });
});
