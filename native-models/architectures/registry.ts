/** The supported architectures; a new one is a file in this folder and a line here. */
import { fail } from "../failure.ts";
import type { Architecture, Config, GgufForm, JsonObject, Spelling } from "./architecture.ts";
import { gemma3 } from "./gemma3.ts";
import { exaone4 } from "./exaone4.ts";
import { gemma2 } from "./gemma2.ts";
import { HALVES_MODEL_TYPE } from "./gguf-halves.ts";
import { granite } from "./granite.ts";
import { graniteHybrid } from "./granite-hybrid.ts";
import { lfm2 } from "./lfm2.ts";
import { olmo2 } from "./olmo2.ts";
import { llama } from "./llama.ts";
import { ministral3 } from "./ministral3.ts";
import { phi3 } from "./phi3.ts";
import { qwen2 } from "./qwen2.ts";
import { qwen3 } from "./qwen3.ts";
import { qwen35 } from "./qwen3-5.ts";
import { smollm3 } from "./smollm3.ts";

export const architectures: readonly Architecture[] = [
  llama,
  ministral3,
  qwen2,
  qwen3,
  smollm3,
  granite,
  olmo2,
  exaone4,
  phi3,
  gemma2,
  gemma3,
  qwen35,
  lfm2,
];

const spellings: readonly Spelling[] = [graniteHybrid];

/** How a folder with this `model_type` spells a model of another architecture; undefined if it has an architecture of its own. */
export const spellingOf = (modelType: string): Spelling | undefined =>
  spellings.find((spelling) => spelling.modelType === modelType);

/** Throws `unsupported-architecture` for a `model_type` of which no model can be opened. */
export function requireSupported(modelType: string): void {
  if (!spellingOf(modelType)) architectureOf(modelType);
}

/** The architecture of a config.json's `model_type`. Throws `unsupported-architecture`. */
export function architectureOf(modelType: string): Architecture {
  const found = architectures.find(({ modelTypes }) => modelTypes.includes(modelType));
  const supported = architectures.flatMap(({ modelTypes }) => modelTypes);
  return found ?? fail({ code: "unsupported-architecture", modelType, supported });
}

/** The architecture of a GGUF file by its `general.architecture`, and its GGUF form. Throws `unsupported-architecture`. */
export function architectureOfGguf(
  name: string,
  metadata: ReadonlyMap<string, unknown> = new Map(),
): { architecture: Architecture; gguf: GgufForm } {
  const lacksHalves = metadata.get(HALVES_MODEL_TYPE);
  for (const architecture of architectures) {
    const { modelTypes, gguf, ggufOfHalves } = architecture;
    if (gguf?.architecture === name) return { architecture, gguf };
    if (ggufOfHalves?.architecture === name && modelTypes.some((type) => type === lacksHalves))
      return { architecture, gguf: ggufOfHalves };
  }
  const supported = architectures.flatMap(({ gguf }) => gguf?.architecture ?? []);
  return fail({ code: "unsupported-architecture", modelType: name, supported });
}

/** Reads a config.json by its `model_type`. Throws `corrupt-file`, `unsupported-architecture`. */
export function configOf(json: JsonObject, path: string): Config {
  return architectureOf(String(json.model_type)).config(json, path);
}

/** The sizes of a model. Letters: native-models/graph/graph.ts. */
export interface Sizes {
  /** L */
  readonly layers: number;
  /** D */
  readonly hiddenSize: number;
  /** F */
  readonly intermediateSize: number;
  /** H */
  readonly heads: number;
  /** K */
  readonly kvHeads: number;
  /** Dh */
  readonly headDim: number;
  /** V */
  readonly vocabularySize: number;
  readonly tiedEmbedding: boolean;
  /** The longest text that the model accepts, in tokens. */
  readonly maxPositions: number;
}

/** Only the sizes of an object that has them. */
export function sizesOf(model: Sizes): Sizes {
  const { layers, hiddenSize, intermediateSize, heads, kvHeads, headDim, ...rest } = model;
  const { vocabularySize, tiedEmbedding, maxPositions } = rest;
  return {
    layers,
    hiddenSize,
    intermediateSize,
    heads,
    kvHeads,
    headDim,
    vocabularySize,
    tiedEmbedding,
    maxPositions,
  };
}

/** A model of these sizes, with the maths that all models had when only sizes were stored. */
export function configOfSizes(sizes: Sizes): Config {
  const json = {
    model_type: "llama",
    hidden_size: sizes.hiddenSize,
    intermediate_size: sizes.intermediateSize,
    num_hidden_layers: sizes.layers,
    num_attention_heads: sizes.heads,
    num_key_value_heads: sizes.kvHeads,
    head_dim: sizes.headDim,
    vocab_size: sizes.vocabularySize,
    max_position_embeddings: sizes.maxPositions,
    tie_word_embeddings: sizes.tiedEmbedding,
  };
  return configOf(json, "model");
}
