import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { dequantised } from "../../native-models/dequantised.ts";
import { failureOf } from "../../native-models/failure.ts";
import { openTensorFile } from "../../native-models/formats/open.ts";
import type { TensorFile } from "../../native-models/formats/tensor-file.ts";
import { fromFloat32 } from "../../native-models/formats/views.ts";
import { openModel } from "../../native-models/open-model.ts";
import { failureIn, golden, goldenPath, temporaryFolder, writeTinyTokenizer } from "./formats/fixtures.ts";

const CONFIG = {
  model_type: "llama",
  hidden_size: 32,
  intermediate_size: 48,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  vocab_size: 8,
  rms_norm_eps: 1e-5,
  tie_word_embeddings: true,
};

const CASES = [
  ["gptq", { quant_method: "gptq", bits: 4, group_size: 8, desc_act: true }],
  ["gptq-8", { quant_method: "gptq", bits: 8, group_size: 8, checkpoint_format: "gptq_v2" }],
  ["gptq-2", { quant_method: "gptq", bits: 2, group_size: 8 }],
  ["awq", { quant_method: "awq", bits: 4, group_size: 8, version: "gemm", zero_point: true }],
] as const;

/** A folder with a golden model, and this configuration. */
function folderOf(name: string, quantization_config: object): string {
  const folder = temporaryFolder();
  copyFileSync(goldenPath(`packed/${name}.safetensors`), join(folder, "model.safetensors"));
  writeTinyTokenizer(folder);
  writeFileSync(join(folder, "config.json"), JSON.stringify({ ...CONFIG, quantization_config }));
  return folder;
}

describe.each(CASES)("%s", (name, quantisation) => {
  test("has the values of its codes, all at once and some rows at a time", async () => {
    const model = await openModel(folderOf(name, quantisation));
    const expected = (golden("packed/expected.json") as Record<string, Record<string, string>>)[name]!;
    expect(Object.keys(expected)).toHaveLength(7);
    for (const [weight, digest] of Object.entries(expected)) {
      const all = model.weight(weight).readFloat32();
      expect(createHash("sha256").update(new Uint8Array(all.buffer)).digest("hex"), weight).toBe(digest);
      const { columns } = model.weight(weight);
      const some = all.slice(3 * columns, 6 * columns);
      expect(model.weight(weight).readFloat32(3, 3), weight).toEqual(some);
    }
    expect(model.json).not.toHaveProperty("quantization_config");
    model.close();
  });

  test("is a corrupt file where a tensor is cut or missing", () => {
    const path = goldenPath(`packed/${name}.safetensors`);
    const file = openTensorFile(path);
    const weight = "model.layers.0.mlp.up_proj";
    const changed = (integers: TensorFile["integers"], tensors = file.tensors) =>
      failureIn(() =>
        dequantised(
          { ...file, integers, tensors },
          { quantization_config: quantisation },
        )(`${weight}.weight`),
      );
    const without = <T>(map: ReadonlyMap<string, T>, key: string) =>
      new Map([...map].filter(([tensor]) => tensor !== key));
    const withOther = (key: string, shape: number[]) =>
      new Map([...file.integers, [key, { shape, read: () => new Int32Array(64) }]]);
    const corrupt = { code: "corrupt-file", section: `tensor "${weight}.qweight"` };
    expect(changed(without(file.integers, `${weight}.qzeros`))).toMatchObject(corrupt);
    expect(changed(file.integers, without(file.tensors, `${weight}.scales`))).toMatchObject(corrupt);
    for (const shape of [[], [3], [0, 48], [1, 1], [2, 3, 4]])
      expect(changed(withOther(`${weight}.qweight`, shape)), shape.join()).toMatchObject(corrupt);
    for (const shape of [[], [3, 3], [2, 1]])
      expect(changed(withOther(`${weight}.qzeros`, shape)), shape.join()).toMatchObject(corrupt);
    const scales = fromFloat32(`${weight}.scales`, [48], new Float32Array(48));
    expect(changed(file.integers, new Map([...file.tensors, [scales.name, scales]]))).toMatchObject(corrupt);
    file.close();
  });
});

test("a group that is not there is a corrupt file", () => {
  const file = openTensorFile(goldenPath("packed/gptq.safetensors"));
  const key = "model.layers.0.mlp.up_proj.g_idx";
  for (const group of [-1, 4, 2 ** 30]) {
    const groups = { shape: [32], read: () => new Int32Array(32).fill(group) };
    const changed = { ...file, integers: new Map([...file.integers, [key, groups]]) };
    const find = dequantised(changed, { quantization_config: CASES[0][1] });
    expect(failureIn(() => find("model.layers.0.mlp.up_proj.weight")!.readFloat32())).toMatchObject({
      code: "corrupt-file",
      section: `tensor "${key}"`,
    });
  }
  file.close();
});

test("weights that take another group's size as their own do not fit", async () => {
  const failure = await openModel(folderOf("awq", { quant_method: "awq", bits: 4, group_size: 128 })).catch(
    failureOf,
  );
  expect(failure).toMatchObject({ code: "corrupt-file" });
});

test.each([
  [{ quant_method: "gptq", bits: 3 }, "GPTQ (gptq, 3 bits)"],
  [{ quant_method: "gptq", bits: 4, checkpoint_format: "marlin" }, "GPTQ (marlin, 4 bits)"],
  [{ quant_method: "awq", bits: 4, version: "GEMV" }, "AWQ (gemv, 4 bits)"],
  [{ quant_method: "awq", w_bit: 8 }, "AWQ (gemm, 8 bits)"],
  [{ quant_method: "gptq", bits: 4, group_size: 0 }, "GPTQ in groups of 0"],
])("what is packed otherwise is refused by its name: %o", async (quantisation, method) => {
  const failure = await openModel(folderOf("gptq", quantisation)).catch(failureOf);
  expect(failure).toMatchObject({ code: "unsupported-quantisation", method });
});

test("a file that ends early is refused when it is opened", async () => {
  const folder = folderOf("gptq", CASES[0][1]);
  const path = join(folder, "model.safetensors");
  writeFileSync(path, readFileSync(path).subarray(0, -4));
  expect(await openModel(folder).catch(failureOf)).toMatchObject({ code: "corrupt-file" });
});
