import { describe, expect, test } from "vitest";
import { modelWeights } from "../../../native-models/model.ts";
import { goldenModel } from "./golden-model.ts";
import {
  goldenAdapters,
  goldenNames,
  goldenWeights,
  gradientError,
  hash32,
  readGolden,
} from "./golden-weights.ts";

test("the hash gives the values in its definition", () => {
  // fmix32(fmix32(7) + i), computed by test/lab/reference/golden.py
  expect([0, 1, 2].map((i) => hash32(7, i))).toEqual([1733237950, 2520902017, 879019654]);
});

describe.each(goldenNames)("%s", (name) => {
  const golden = readGolden(name);

  test("has the weights and kinds of blocks of its architecture", () => {
    const { names, config, weight } = goldenModel(golden);
    const shapes = Object.entries(golden.full.gradients).map(([key, { shape }]) => [key, shape]);
    expect(Object.fromEntries(names.map((key) => [key, weight(key).shape]))).toEqual(
      Object.fromEntries(shapes),
    );
    if (golden.layerTypes) expect(config.blocks.map((kind) => kind.name)).toEqual(golden.layerTypes);
  });

  test("has the weights given to the reference", () => {
    const weights = goldenWeights(golden);
    const ends = [...weights].map(([key, { data }]) => [key, [data[0], data[data.length - 1]]]);
    expect(Object.fromEntries(ends)).toEqual(golden.ends);
  });

  test("has its scaled token embedding as the first hidden state", () => {
    const { data } = goldenWeights(golden).get("model.embed_tokens.weight")!;
    const width = golden.config.hidden_size as number;
    const rows = golden.ids.flat().flatMap((id) => [...data.subarray(id * width, (id + 1) * width)]);
    const { scale } = goldenModel(golden).config.ends.embedding;
    expect([...golden.hiddenStates[0].data]).toEqual(rows.map((value) => Math.fround(scale * value)));
  });

  test("has the head's scaled output for the last hidden state as its logits", () => {
    const weights = goldenWeights(golden);
    const head = (weights.get("lm_head.weight") ?? weights.get("model.embed_tokens.weight"))!;
    const [vocabulary, width] = head.shape as [number, number];
    const hidden = golden.hiddenStates.at(-1)!.data;
    const { scale, cap } = goldenModel(golden).config.ends.head;
    const capped = (value: number) => (cap === null ? value : cap * Math.tanh(value / cap));
    for (let token = 0; token < hidden.length / width; token++)
      for (let word = 0; word < vocabulary; word++) {
        let logit = 0;
        for (let d = 0; d < width; d++) logit += hidden[token * width + d]! * head.data[word * width + d]!;
        expect(golden.logits.data[token * vocabulary + word]).toBeCloseTo(capped(scale * logit), 4);
      }
  });

  test("has adapters of its rank beside each projection", () => {
    const adapters = goldenAdapters(golden);
    const { config, sections } = goldenModel(golden);
    const projections = modelWeights(config, sections).filter(({ role }) => role !== undefined);
    expect(adapters.size).toBe(2 * projections.length);
    for (const [key, { shape }] of adapters)
      expect(shape[key.includes("lora_A") ? 0 : 1]).toBe(golden.lora.rank);
  });
});

test("a gradient with another sign, another shape or a NaN is an error", () => {
  const golden = readGolden("llama-gqa");
  const name = "model.norm.weight";
  const { norm, shape } = golden.full.gradients[name]!;
  expect(norm).toBeGreaterThan(0);
  expect(gradientError(golden, name, new Float32Array(shape[0]!))).toBe(1);
  expect(gradientError(golden, name, new Float32Array(1))).toBe(Infinity);
  expect(gradientError(golden, name, new Float32Array(shape[0]!).fill(NaN))).toBe(Infinity);
});
