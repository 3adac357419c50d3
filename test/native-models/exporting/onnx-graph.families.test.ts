/** Exported graphs against the reference implementation; the programs themselves are in test/lab/compatibility. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ONNX_FOLDER, ONNX_GRAPH, writeOnnxModel } from "../../../native-models/exporting/onnx-model.ts";
import { OnnxReader } from "../../../native-models/exporting/onnx-reader.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";
import type { Kept, Model } from "../../../native-models/model.ts";
import { float32, openSession, tensor } from "../../../native-models/runtime/session.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { comparedNames, readGolden } from "../architectures/golden-weights.ts";
import { trainingLogits, worstDifference } from "../architectures/hashed-model.ts";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function written(model: Model, precision: Precision = "fp32") {
  const folder = await mkdtemp(join(tmpdir(), "coppice-onnx-"));
  folders.push(folder);
  const { checking } = await writeOnnxModel(folder, model, precision);
  return { checking, dataFolder: join(folder, ONNX_FOLDER), graph: join(folder, ONNX_FOLDER, ONNX_GRAPH) };
}

const open = async (model: Model, precision?: Precision) =>
  OnnxReader.open((await written(model, precision)).graph, { threads: 1 });

const topOf = (logits: Float32Array) => logits.indexOf(Math.max(...logits));

describe.each(comparedNames)("%s", (name) => {
  const golden = readGolden(name);
  const [, tokens, vocabulary] = golden.logits.shape as [number, number, number];
  const expected = (row: number, from: number, to: number) =>
    golden.logits.data.subarray((row * tokens + from) * vocabulary, (row * tokens + to) * vocabulary);

  test("gives the reference's logits after a prompt, and after each further token", async () => {
    const reader = await open(goldenModel(golden));
    for (const [row, ids] of golden.ids.entries()) {
      reader.startOver();
      expect(worstDifference(await reader.read(ids.slice(0, 4)), expected(row, 3, 4))).toBeLessThan(1e-4);
      for (let i = 4; i < tokens; i++)
        expect(worstDifference(await reader.read([ids[i]!]), expected(row, i, i + 1))).toBeLessThan(1e-4);
    }
    await reader.close();
  });

  test("gives them after every token of a piece, in the graph for checks", async () => {
    const { checking, dataFolder } = await written(goldenModel(golden));
    const reader = await OnnxReader.open(checking, { threads: 1, dataFolder });
    const [ids] = golden.ids as [number[]];
    for (const [from, to] of [
      [0, 3],
      [3, tokens],
    ] as const)
      // prettier-ignore
      expect(worstDifference(await reader.read(ids.slice(from, to)), expected(0, from, to))).toBeLessThan(1e-4);
    await reader.close();
  });

  test("continues a prompt with the reference's likeliest tokens, past each window", async () => {
    const { prompt, answer, lastLogits } = golden.greedy;
    const reader = await open(goldenModel(golden));
    let logits = await reader.read(prompt);
    for (const [index, id] of answer.entries()) {
      expect(topOf(logits), `token ${index}`).toBe(id);
      if (index + 1 < answer.length) logits = await reader.read([id]);
    }
    expect(worstDifference(logits, lastLogits.data)).toBeLessThan(1e-4);
    await reader.close();
  });

  test.each([
    ["int4", 0.97],
    ["int8", 0.9995],
  ] as const)("stays near the reference with %s weights", async (precision, cosine) => {
    const reader = await open(goldenModel(golden), precision);
    const logits = await reader.read(golden.ids[0]!);
    const reference = expected(0, tokens - 1, tokens);
    const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    const similarity =
      product(logits, reference) / Math.sqrt(product(logits, logits) * product(reference, reference));
    expect(similarity).toBeGreaterThan(cosine);
    await reader.close();
  });

  test.each(["before", "after"] as const)("reads texts of two lengths together, padded %s", async (side) => {
    const session = await openSession((await written(goldenModel(golden))).graph, { threads: 1 });
    const [ids] = golden.ids as [number[]];
    const short = ids.slice(0, tokens - 3);
    const padding = [0, 0, 0];
    const padded = side === "before" ? [...padding, ...short] : [...short, ...padding];
    const ones = short.map(() => 1);
    const masked = side === "before" ? [...padding, ...ones] : [...ones, ...padding];
    const int64 = (values: readonly number[], ...shape: number[]) =>
      tensor("int64", BigInt64Array.from(values, BigInt), shape);
    const past = session.inputMetadata.flatMap((input) => {
      if (!input.name.startsWith("past") || !input.isTensor) return [];
      const shape = input.shape.map((size) =>
        typeof size === "number" ? size : size === "batch_size" ? 2 : 0,
      );
      return [[input.name, float32(new Float32Array(shape.reduce((a, b) => a * b)), ...shape)] as const];
    });
    const first = await session.run({
      ...Object.fromEntries(past),
      input_ids: int64([...ids, ...padded], 2, tokens),
      attention_mask: int64([...ids.map(() => 1), ...masked], 2, tokens),
    });
    const logits = first.logits!.data as Float32Array;
    expect(worstDifference(logits.subarray(0, vocabulary), expected(0, tokens - 1, tokens))).toBeLessThan(
      1e-4,
    );
    const [from, to] = [tokens - 4, tokens - 3];
    expect(worstDifference(logits.subarray(vocabulary), expected(0, from, to))).toBeLessThan(1e-4);
    await session.release();
  });
});

describe("a cut", () => {
  test.each(["llama-gqa", "gemma3", "lfm2", "qwen3_5"])(
    "of half blocks of %s gives what training computes",
    async (name) => {
      const golden = readGolden(name);
      const model = goldenModel(golden);
      const kept = model.sections.map((_, block): Kept =>
        block === 0 ? "mlp" : block === 1 ? "attention" : "block",
      );
      const cut = mergedModel(model, kept, { kind: "none" }, () => undefined);
      const [ids] = golden.ids as [number[]];
      const reader = await open(cut);
      const logits = await trainingLogits(cut, ids, [ids.length - 2, ids.length - 1]);
      const vocabulary = cut.config.vocabularySize;
      const first = await reader.read(ids.slice(0, -1));
      expect(worstDifference(first, logits.subarray(0, vocabulary))).toBeLessThan(1e-4);
      expect(worstDifference(await reader.read(ids.slice(-1)), logits.subarray(vocabulary))).toBeLessThan(
        1e-4,
      );
      await reader.close();
    },
  );

  test("without any attention is refused before anything is written", async () => {
    const model = goldenModel(readGolden("llama-gqa"));
    const kept = model.sections.map((): Kept => "mlp");
    const cut = mergedModel(model, kept, { kind: "none" }, () => undefined);
    await expect(written(cut)).rejects.toMatchObject({
      failure: { code: "not-expressible", program: "onnx", reason: "no-attention" },
    });
  });
});

test("a prompt beyond the context that a model was trained on has the frequencies of long texts", async () => {
  const golden = readGolden("phi3");
  const model = goldenModel({
    ...golden,
    config: { ...golden.config, original_max_position_embeddings: 8 },
  });
  const [ids] = golden.ids as [number[]];
  const reader = await open(model);
  for (const length of [8, 12]) {
    reader.startOver();
    const expected = await trainingLogits(model, ids.slice(0, length), [length - 1]);
    expect(worstDifference(await reader.read(ids.slice(0, length)), expected)).toBeLessThan(1e-4);
  }
  await reader.close();
});
