import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import type { Precision } from "../../../native-models/inference/whole-model-graph.ts";
import type { Model } from "../../../native-models/model.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import type { Kept } from "../../../native-models/training/stack.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { goldenNames, readGolden } from "../architectures/golden-weights.ts";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function open(model: Model, precision: Precision): Promise<Decoder> {
  const folder = await mkdtemp(join(tmpdir(), "coppice-decoder-"));
  folders.push(folder);
  await writeInferenceModel(model, folder, { precision });
  return Decoder.open(folder, { threads: 1 });
}

function worst(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0);
}

describe.each(goldenNames)("%s", (name) => {
  const golden = readGolden(name);
  const [, tokens, vocabulary] = golden.logits.shape as [number, number, number];
  const expected = (row: number, from: number, to: number) =>
    golden.logits.data.subarray((row * tokens + from) * vocabulary, (row * tokens + to) * vocabulary);

  test("gives the reference implementation's logits at every position, in fp32", async () => {
    const decoder = await open(goldenModel(golden), "fp32");
    for (const [row, ids] of golden.ids.entries()) {
      decoder.truncate(0);
      expect(worst(await decoder.readAll(ids), expected(row, 0, tokens))).toBeLessThan(1e-4);
    }
    await decoder.close();
  });

  test("gives the same logits a token at a time, and after going back", async () => {
    const decoder = await open(goldenModel(golden), "fp32");
    const [ids] = golden.ids as [number[]];
    await decoder.read(ids.slice(0, 4));
    for (let i = 4; i < tokens; i++) {
      expect(worst(await decoder.read([ids[i]!]), expected(0, i, i + 1))).toBeLessThan(1e-4);
    }
    decoder.truncate(5);
    expect(worst(await decoder.read(ids.slice(5)), expected(0, tokens - 1, tokens))).toBeLessThan(1e-4);
    await decoder.close();
  });

  test("stays near the reference with int4 weights", async () => {
    const decoder = await open(goldenModel(golden), "int4");
    const logits = await decoder.readAll(golden.ids[0]!);
    const reference = expected(0, 0, tokens);
    let [dot, a, b] = [0, 0, 0];
    reference.forEach((value, i) => {
      dot += value * logits[i]!;
      a += value * value;
      b += logits[i]! * logits[i]!;
    });
    expect(dot / Math.sqrt(a * b)).toBeGreaterThan(0.97);
    await decoder.close();
  });

  test("gives the reference's logits with any unit left out", async () => {
    const model = goldenModel(golden);
    for (const [unit, { shape, data }] of Object.entries(golden.lastLogitsWithout)) {
      const [kind, index] = unit.split(" ") as ["block" | "attention" | "mlp", string];
      const kept: Kept[] = model.sections.map(() => "block");
      kept[Number(index)] = kind === "block" ? null : kind === "attention" ? "mlp" : "attention";
      const decoder = await open(
        mergedModel(model, kept, { kind: "none" }, () => undefined),
        "fp32",
      );
      const logits = await decoder.read(golden.ids[0]!);
      expect(worst(logits, data.subarray(0, shape[1])), unit).toBeLessThan(1e-4);
      await decoder.close();
    }
  });
});

test("a prompt longer than the context is refused with both lengths", async () => {
  const golden = readGolden("llama-gqa");
  const decoder = await open(goldenModel(golden), "int4");
  const limit = decoder.description.contextLength;
  await expect(decoder.readAll(new Array(limit + 1).fill(1))).rejects.toMatchObject({
    failure: { code: "context-full", tokens: limit + 1, limit },
  });
  await decoder.close();
});
