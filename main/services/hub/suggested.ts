/** The built-in list of open models, stored as data; each row's configuration is read by its architecture. */
import { z } from "zod";
import { architectureOf } from "../../../native-models/architectures/registry.ts";
import { attentionsOf, isTied } from "../../../native-models/architectures/architecture.ts";
import type { ModelShape } from "../../../native-models/estimates/shape.ts";
import { elements, modelWeights } from "../../../native-models/model.ts";
import { Strength, Terms } from "../../../preload/contract/calls/downloads.ts";
import { RepositoryName } from "./repository.ts";
import written from "./suggested-models.json" with { type: "json" };

const Row = z.object({
  repository: RepositoryName,
  licence: z.string(),
  terms: Terms,
  isGated: z.boolean(),
  strength: Strength,
  languages: z.enum(["english", "many"]),
  /** The parameters of its language model, as counted by its publisher. */
  parameters: z.number().int().positive(),
  /** About the size of its safetensors; if its publisher states none, two bytes per parameter plus a vocabulary. */
  sizeBytes: z.number().int().positive(),
  /** The keys of its config.json that its architecture reads. */
  config: z.looseObject({ model_type: z.string() }),
});
export type SuggestedRow = z.infer<typeof Row>;

export const suggestedModels: readonly SuggestedRow[] = z.array(Row).parse(written);

/** The shape of a listed model, without downloading any of it. */
export function shapeOf({ config: json }: Pick<SuggestedRow, "config">): ModelShape {
  const config = architectureOf(json.model_type).config(json, "config.json");
  const { heads, kvHeads, headDim } = attentionsOf(config)[0] ?? { heads: 0, kvHeads: 0, headDim: 0 };
  const ups = config.blocks.flatMap(({ halves }) => halves.mlp.weights.filter(({ role }) => role === "up"));
  return {
    config: config.json,
    layers: config.blocks.length,
    hiddenSize: config.hiddenSize,
    intermediateSize: Math.max(0, ...ups.map(({ shape }) => shape[0])),
    heads,
    kvHeads,
    headDim,
    vocabularySize: config.vocabularySize,
    tiedEmbedding: isTied(config.ends),
    maxPositions: config.maxPositions,
    parameters: elements(
      modelWeights(
        config,
        config.blocks.map(() => "block" as const),
      ),
    ),
  };
}
