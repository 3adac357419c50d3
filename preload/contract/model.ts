/** The metadata of a model file, read before it is loaded. */
import { z } from "zod";
import { LEFT_OUT } from "../../native-models/left-out.ts";

const LeftOut = z.enum(LEFT_OUT);

export const ModelReport = z.object({
  path: z.string(),
  format: z.enum(["gguf", "safetensors"]),
  modelType: z.string(),
  /** The keys of config.json that were read, from which a model's configuration can be made again. Earlier versions kept none. */
  config: z.record(z.string(), z.unknown()).optional(),
  /** How many blocks are of which kind; earlier versions knew one kind. */
  blockKinds: z.record(z.string(), z.number()).optional(),
  layers: z.number(),
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
  /** What a GGUF file says that it is: "Q4_K_M". */
  fileType: z.string().optional(),
  /** How many weights are stored in which type. */
  storage: z.record(z.string(), z.number()),
  licence: z.string().nullable(),
  /** The whole text, if the model's folder contains it. */
  licenceText: z.string().optional(),
  hasChatTemplate: z.boolean(),
  /** Assumptions that had to be made, one sentence each. */
  notices: z.array(z.string()),
  /** What else the file has weights for, which Coppice does not read. Earlier versions did not say. */
  leftOut: z.array(LeftOut).optional(),
});
export type ModelReport = z.infer<typeof ModelReport>;
