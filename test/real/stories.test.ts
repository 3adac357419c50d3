/** stories260K: a trained Llama with the text that the reference implementation tells, as safetensors and as GGUF. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openTensorFile } from "../../native-models/formats/open.ts";
import { Decoder } from "../../native-models/inference/decoder.ts";
import { generate } from "../../native-models/inference/generate.ts";
import { writeInferenceModel } from "../../native-models/inference/write-model.ts";
import { openModel } from "../../native-models/open-model.ts";
import { shortTrim } from "../main/trimming/run/short-trim.ts";
import { temporaryFolder } from "../main/temporary-folder.ts";
import { real } from "./material.ts";

const greedy = { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, seed: 0, stop: [], endIds: [] };

test.each(["stories260K-hf", "stories260K-F32.gguf"])("%s tells the reference's story", async (name) => {
  const expected = JSON.parse(readFileSync(real("models/stories260K-hf/expected.json"), "utf8")) as {
    greedy_from: string;
    greedy_ids: number[];
    greedy_text: string;
  };
  const model = await openModel(real(`models/${name}`));
  const folder = await mkdtemp(join(tmpdir(), "coppice-stories-"));
  await writeInferenceModel(model, folder, { precision: "fp32" });
  model.close();
  const decoder = await Decoder.open(folder, { threads: 1 });
  const prompt = model.tokenizer.encode(expected.greedy_from, { addBos: true });
  const maxTokens = expected.greedy_ids.length - prompt.length;
  let text = expected.greedy_from;
  await generate(decoder, model.tokenizer, prompt, { ...greedy, maxTokens }, (piece) => (text += piece));
  expect(text).toBe(expected.greedy_text);
  await decoder.close();
  await rm(folder, { recursive: true });
});

test.each([
  ["stories260K-F32.gguf", 0],
  ["stories260K-F16.gguf", 2 ** -11],
])("%s has the values of the safetensors", (name, tolerance) => {
  const file = openTensorFile(real(`models/${name}`));
  const reference = openTensorFile(real("models/stories260K-hf"));
  const values = file.tensors.get("blk.4.ffn_down.weight")!.readFloat32();
  const expected = reference.tensors.get("model.layers.4.mlp.down_proj.weight")!.readFloat32();
  const worst = values.reduce((worst, value, i) => {
    return Math.max(worst, Math.abs(value - expected[i]!) / Math.max(1e-4, Math.abs(expected[i]!)));
  }, 0);
  expect(worst).toBeLessThanOrEqual(tolerance);
  file.close();
  reference.close();
});

test("stories260K loses the same blocks in the same order with the same seed", async () => {
  const path = real("models/stories260K-F32.gguf");
  const first = await shortTrim(path, temporaryFolder(), 1);
  expect(first.drops.flat()).toHaveLength(2);
  expect(await shortTrim(path, temporaryFolder(), 1)).toEqual(first);
});
