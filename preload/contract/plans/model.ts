/** The metadata of a model file, read before it is loaded. */
import { z } from "zod";
import { hasHalves, SECTIONS } from "../../../native-models/architectures/architecture.ts";
import type { Section } from "../../../native-models/architectures/architecture.ts";
import { LEFT_OUT } from "../../../native-models/left-out.ts";

const LeftOut = z.enum(LEFT_OUT);

export const ModelReport = z.object({
  path: z.string(),
  format: z.enum(["gguf", "safetensors"]),
  modelType: z.string(),
  /** The keys of config.json that were read; a model's configuration can be rebuilt from them. */
  config: z.record(z.string(), z.unknown()),
  /** The number of blocks of each kind. */
  blockKinds: z.record(z.string(), z.number()),
  layers: z.number(),
  /** The part that each block has, in a model that was trimmed by half-blocks; missing: all blocks are whole. */
  sections: z.array(z.enum(SECTIONS)).optional(),
  hiddenSize: z.number(),
  intermediateSize: z.number(),
  heads: z.number(),
  kvHeads: z.number(),
  headDim: z.number(),
  vocabularySize: z.number(),
  maxPositions: z.number(),
  tiedEmbedding: z.boolean(),
  parameters: z.number(),
  sizeBytes: z.number(),
  /** The file type stated in a GGUF file: "Q4_K_M". */
  fileType: z.string().optional(),
  /** The number of weights stored in each type. */
  storage: z.record(z.string(), z.number()),
  licence: z.string().nullable(),
  /** The full licence text, if the model's folder contains it. */
  licenceText: z.string().optional(),
  hasChatTemplate: z.boolean(),
  /** Assumptions that had to be made, one sentence each. */
  notices: z.array(z.string()),
  /** Other parts that the file has weights for, which Coppice does not read. */
  leftOut: z.array(LeftOut),
});
export type ModelReport = z.infer<typeof ModelReport>;

/** The part that each block has, as a report names it. */
export const reportedSections = (sections: readonly Section[]): Pick<ModelReport, "sections"> =>
  hasHalves(sections) ? { sections: [...sections] } : {};

/** The part that each block of a model has. */
export const sectionsIn = ({
  layers,
  sections,
}: Pick<ModelReport, "layers" | "sections">): readonly Section[] =>
  sections ?? Array.from({ length: layers }, () => "block" as const);
