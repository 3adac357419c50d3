/** A model's shape, which is all that estimates know of it. */
import type { Config, JsonObject } from "../architectures/architecture.ts";
import { configOf } from "../architectures/registry.ts";
import type { Sizes } from "../architectures/registry.ts";

/** A model's shape from its header. */
export interface ModelShape extends Sizes {
  /** The keys of config.json that were read. */
  readonly config: JsonObject;
  /** Elements of all weights. */
  readonly parameters: number;
}

/** The shape that chat's memory depends on, apart from a model's weights. */
export type ChatShape = Omit<ModelShape, "parameters">;

/** Cached configurations, by a key that identifies the model. */
const configs = new Map<string, Config>();
const MOST_CONFIGS = 16;

/** The configuration of a model known by its shape. */
export function configOfShape(model: Omit<ModelShape, "parameters">): Config {
  const key = JSON.stringify(model.config);
  const known = configs.get(key);
  if (known) return known;
  if (configs.size >= MOST_CONFIGS) configs.clear();
  const made = configOf(model.config, "model");
  configs.set(key, made);
  return made;
}

/** The same model with fewer blocks; a half-block counts half. */
export function withBlocks<M extends ModelShape>(model: M, blocks: number): M {
  const gone = (model.layers - blocks) * blockParameters(model);
  return { ...model, layers: blocks, parameters: model.parameters - gone };
}

/** The same model with fewer tokens; with more, the model itself. */
export function withTokens<M extends ModelShape>(model: M, tokens: number): M {
  const { vocabularySize, hiddenSize, tiedEmbedding, config } = model;
  if (tokens >= vocabularySize) return model;
  const gone = (tiedEmbedding ? 1 : 2) * (vocabularySize - tokens) * hiddenSize;
  return {
    ...model,
    vocabularySize: tokens,
    parameters: model.parameters - gone,
    config: { ...config, vocab_size: tokens },
  };
}

/** Elements of a block. */
export const blockParameters = (model: ModelShape): number =>
  (model.parameters - endNumbers(model)) / model.layers;

/** Elements of all blocks. */
export const inBlocks = (model: ModelShape): number => blockParameters(model) * model.layers;

/** Elements of embedding and head together. */
export const endNumbers = (model: ModelShape): number => (model.tiedEmbedding ? 1 : 2) * matrixNumbers(model);

/** Elements of the embedding, or of the head. */
export const matrixNumbers = ({ vocabularySize, hiddenSize }: ModelShape): number =>
  vocabularySize * hiddenSize;
