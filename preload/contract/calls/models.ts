/** Models to begin with. */
import { z } from "zod";
import { call } from "../call.ts";
import { ModelReport } from "../model.ts";
import { Base } from "../plan.ts";

/** Whether a model fits this computer, estimated before it is loaded. Bytes. */
export const Fit = z.object({
  /** How its weights are kept for that while adapters are trained: the first way that fits, or the smallest of all. */
  base: Base,
  trainingMemoryBytes: z.number(),
  chatMemoryBytes: z.number(),
  freeMemoryBytes: z.number(),
  trains: z.boolean(),
  chats: z.boolean(),
});
export type Fit = z.infer<typeof Fit>;

export const ModelSource = z.enum(["sample", "recent", "run", "ollama", "lm-studio", "hugging-face"]);
export type ModelSource = z.infer<typeof ModelSource>;

/** A model that this computer already holds. */
export const FoundModel = z.object({
  path: z.string(),
  name: z.string(),
  source: ModelSource,
  sizeBytes: z.number(),
});
export type FoundModel = z.infer<typeof FoundModel>;

export const models = {
  /** The sample, models used before, results of runs, and what other programs keep here. */
  find: call(z.void(), z.array(FoundModel)),
  /** What a model file tells of itself, and whether it fits. */
  inspect: call(
    z.object({ path: z.string() }),
    z.object({ name: z.string(), report: ModelReport, fit: Fit }),
  ),
};
