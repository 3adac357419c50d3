/** Models by their sizes, from their config.json. */
import { configOfSizes } from "../../native-models/architectures/registry.ts";
import type { ModelShape } from "../../native-models/estimates/shape.ts";

/** A model by its sizes, as the plainest architecture. */
export const shapeOf = (model: Omit<ModelShape, "config">): ModelShape => ({
  ...model,
  config: configOfSizes(model).json,
});

/** The built-in sample. */
export const sample = shapeOf({
  layers: 8,
  hiddenSize: 192,
  intermediateSize: 512,
  heads: 6,
  kvHeads: 3,
  headDim: 32,
  vocabularySize: 2048,
  tiedEmbedding: true,
  maxPositions: 512,
  parameters: 3_640_512,
});

/** SmolLM2-135M. */
export const smolLm2 = shapeOf({
  layers: 30,
  hiddenSize: 576,
  intermediateSize: 1536,
  heads: 9,
  kvHeads: 3,
  headDim: 64,
  vocabularySize: 49_152,
  tiedEmbedding: true,
  maxPositions: 8192,
  parameters: 134_515_008,
});

/** Qwen2.5-0.5B. */
export const qwen25 = shapeOf({
  layers: 24,
  hiddenSize: 896,
  intermediateSize: 4864,
  heads: 14,
  kvHeads: 2,
  headDim: 64,
  vocabularySize: 151_936,
  tiedEmbedding: true,
  maxPositions: 32_768,
  parameters: 494_032_768,
});

/** Gemma 3 270M. */
export const gemma3 = shapeOf({
  layers: 18,
  hiddenSize: 640,
  intermediateSize: 2048,
  heads: 4,
  kvHeads: 1,
  headDim: 256,
  vocabularySize: 262_144,
  tiedEmbedding: true,
  maxPositions: 32_768,
  parameters: 268_098_176,
});

/** Llama 2 7B. */
export const llama2 = shapeOf({
  layers: 32,
  hiddenSize: 4096,
  intermediateSize: 11_008,
  heads: 32,
  kvHeads: 32,
  headDim: 128,
  vocabularySize: 32_000,
  tiedEmbedding: false,
  maxPositions: 4096,
  parameters: 6_738_415_616,
});
