import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { dequantised, withFactors } from "../../native-models/dequantised.ts";
import { failureOf } from "../../native-models/failure.ts";
import { openTensorFile } from "../../native-models/formats/open.ts";
import type { TensorFile } from "../../native-models/formats/tensor-file.ts";
import { fromFloat32 } from "../../native-models/formats/views.ts";
import { openModel } from "../../native-models/open-model.ts";
import {
  failureIn,
  floatsOf,
  golden,
  goldenPath,
  temporaryFolder,
  writeTinyTokenizer,
} from "./formats/fixtures.ts";

const values = (golden("fp8/expected.json") as { values: Record<string, string> }).values;
const quantization_config = { quant_method: "fp8", weight_block_size: [4, 3] };
const CONFIG = {
  model_type: "llama",
  hidden_size: 12,
  intermediate_size: 10,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  vocab_size: 8,
  rms_norm_eps: 1e-5,
  tie_word_embeddings: true,
  quantization_config,
};

/** A folder with the golden model of 8-bit floats, and this configuration. */
function folderOf(config: object): string {
  const folder = temporaryFolder();
  copyFileSync(goldenPath("fp8/model.safetensors"), join(folder, "model.safetensors"));
  writeTinyTokenizer(folder);
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  return folder;
}

describe("8-bit floats", () => {
  test("have PyTorch's values: scaled at once, by row, by block, by powers of two, and not at all", async () => {
    const model = await openModel(folderOf(CONFIG));
    expect(Object.keys(values)).toHaveLength(7);
    for (const [name, expected] of Object.entries(values)) {
      const weight = model.weight(name);
      expect(weight.readFloat32(), name).toEqual(floatsOf(expected));
      expect(weight.readFloat32(3, 2), name).toEqual(
        floatsOf(expected).slice(3 * weight.columns, 5 * weight.columns),
      );
    }
    expect(model.json).not.toHaveProperty("quantization_config");
    model.close();
  });

  test("are divided evenly where the configuration names no block that fits", () => {
    const file = openTensorFile(goldenPath("fp8/model.safetensors"));
    const name = "model.layers.0.self_attn.q_proj.weight";
    expect(dequantised(file, {})(name)!.readFloat32()).toEqual(floatsOf(values[name]!));
    const uneven = "model.layers.0.mlp.gate_proj.weight";
    expect(failureIn(() => dequantised(file, {})(uneven))).toMatchObject({
      code: "corrupt-file",
      section: 'tensor "model.layers.0.mlp.gate_proj.weight_scale_inv"',
    });
    file.close();
  });
});

test.each([
  [{ quantization_config: { quant_method: "gptq", bits: 4 } }, "GPTQ"],
  [{ quantization_config: { quant_method: "awq", bits: 4 } }, "AWQ"],
  [{ quantization_config: { quant_method: "hqq" } }, "HQQ"],
  [{ quantization_config: { quant_method: "bitsandbytes" } }, "bitsandbytes"],
  [{ quantization: { bits: 4, group_size: 64 } }, "MLX"],
])("weights quantised otherwise are refused, and the method is named: %o", async (json, method) => {
  const failure = await openModel(folderOf({ ...CONFIG, quantization_config: undefined, ...json })).catch(
    failureOf,
  );
  expect(failure).toMatchObject({ code: "unsupported-quantisation", method });
});

test("a weight that a method has packed into another one is refused by the method's name", () => {
  const file = openTensorFile(goldenPath("fp8/model.safetensors"));
  const find = dequantised(file, { quantization_config: { quant_method: "compressed-tensors" } });
  expect(failureIn(() => find("model.layers.0.self_attn.packed_proj.weight"))).toMatchObject({
    code: "unsupported-quantisation",
    method: "compressed-tensors",
  });
  file.close();
});

test("a tensor of GGUF is multiplied by the factor beside it", () => {
  const weight = fromFloat32("a.weight", [2, 2], Float32Array.of(1, 2, 3, 4));
  const tensors = new Map([
    ["a.weight", weight],
    ["a.scale", fromFloat32("a.scale", [1], Float32Array.of(0.5))],
    ["b.weight", weight],
    ["c.weight", weight],
    ["c.scale", fromFloat32("c.scale", [3], Float32Array.of(1, 2, 3))],
  ]);
  const find = withFactors({ path: "m.gguf", tensors } as unknown as TensorFile);
  expect(find("a.weight")!.readFloat32()).toEqual(Float32Array.of(0.5, 1, 1.5, 2));
  expect(find("b.weight")).toBe(weight);
  expect(find("d.weight")).toBeUndefined();
  expect(failureIn(() => find("c.weight"))).toMatchObject({ code: "corrupt-file" });
});
