/** What is known of a model before it is opened, against the model itself, for each family. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { adapterParameters } from "../../../native-models/estimates/training.ts";
import { chatMemoryBytes, chatMemoryWith, chatWeightBytes } from "../../../native-models/estimates/chat.ts";
import { nativeFile } from "../../../native-models/runtime/native-file.ts";
import { rowSizes } from "../../../native-models/inference/row-sizes.ts";
import { stepsOf } from "../../../native-models/inference/steps.ts";
import { writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import { shapeOf } from "../../lab/bench/coppice/random-model.ts";
import { goldenModel } from "./golden-model.ts";
import { goldenNames, readGolden } from "./golden-weights.ts";

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

describe.each(goldenNames)("%s", (name) => {
  const golden = readGolden(name);
  const shape = shapeOf(golden.config);
  const numbers = (gradients: Readonly<Record<string, { shape: readonly number[] }>>) =>
    Object.values(gradients).reduce((total, tensor) => total + sizeOf(tensor.shape), 0);

  test("has the parameter counts of PyTorch's model and adapters", () => {
    expect(shape.parameters).toBe(numbers(golden.full.gradients));
    expect(adapterParameters(shape, golden.lora.rank)).toBe(numbers(golden.lora.gradients));
  });

  test("has rows of the estimated sizes in the native decoder, whatever mixes its tokens", () => {
    const model = goldenModel(golden);
    const { rowSize, longestInput, queries } = rowSizes(model.config);
    const { matrices, attentions, ...steps } = stepsOf(model, { precision: "int8", headInPlanes: true })!;
    expect(rowSize).toBe(steps.rowSize);
    expect(longestInput).toBe(Math.max(...matrices.map(({ columns }) => columns)));
    expect(queries).toBe(Math.max(0, ...attentions.map(({ heads, headDim }) => heads * headDim)));
  });

  test("is expected to be read natively in chat where the native decoder is", () => {
    const isNative = nativeFile() !== null;
    const needed = chatMemoryWith(shape, chatWeightBytes(shape), shape.layers, isNative);
    expect(chatMemoryBytes(shape)).toBe(needed);
    expect(chatMemoryWith(shape, chatWeightBytes(shape), shape.layers)).toBe(needed);
    expect(needed).not.toBe(chatMemoryWith(shape, chatWeightBytes(shape), shape.layers, !isNative));
  });

  test("has a chat file of the estimated size", async () => {
    const folder = mkdtempSync(join(tmpdir(), "coppice-estimates-"));
    await writeInferenceModel(goldenModel(golden), folder, { precision: "fp32" });
    const written = statSync(join(folder, "weights.bin")).size;
    rmSync(folder, { recursive: true });
    expect(written / chatWeightBytes(shape, { precision: "fp32" })).toBeGreaterThan(0.99);
    expect(written / chatWeightBytes(shape, { precision: "fp32" })).toBeLessThan(1.1); // pieces start at multiples of 64 bytes
  });
});
