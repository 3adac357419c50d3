/** Models to start from. */
import { z } from "zod";
import { call, stream } from "../call.ts";
import { ModelReport } from "../plans/model.ts";
import { Base } from "../plans/plan.ts";
import { CheckedParcel } from "../results/passport.ts";

/** The rows that a run is assumed to train on until there is data. */
export const ASSUMED = { rows: 1000, tokensPerRow: 100 } as const;

/** Whether a model fits this computer, estimated before it is loaded. Bytes. */
export const Fit = z.object({
  /** How its weights are stored while adapters are trained: the first option that fits, or the smallest. */
  base: Base,
  trainingMemoryBytes: z.number(),
  chatMemoryBytes: z.number(),
  freeMemoryBytes: z.number(),
  trains: z.boolean(),
  chats: z.boolean(),
  /** How many times as fast it would answer at half its depth. */
  halfDepthGain: z.number(),
  /** Multiplications and additions of a run by the default plan on `ASSUMED` rows. */
  operations: z.number(),
});
export type Fit = z.infer<typeof Fit>;

export const ModelSource = z.enum([
  "sample",
  "recent",
  "run",
  "received",
  "downloaded",
  "damaged-download",
  "ollama",
  "lm-studio",
  "jan",
  "llama-cpp",
  "hugging-face",
]);
export type ModelSource = z.infer<typeof ModelSource>;

/** A model found on this computer. */
export const FoundModel = z.object({
  path: z.string(),
  name: z.string(),
  source: ModelSource,
  sizeBytes: z.number(),
  /** The id of the run whose result it is. */
  run: z.string().optional(),
});
export type FoundModel = z.infer<typeof FoundModel>;

/** A handed-on model that was checked, and who signed it. `first`: never seen here; `known`: under the name that the person gave, or ""; `self`: this Coppice. */
export const ReceivedParcel = CheckedParcel.extend({
  sender: z.object({ kind: z.enum(["first", "known", "self"]), name: z.string() }),
});
export type ReceivedParcel = z.infer<typeof ReceivedParcel>;

/** A request to write a handed-on model to the home: the one that was looked at, by its id. `sender`: a name for who signed it, or "". */
export const Opening = z.object({ path: z.string(), id: z.string(), sender: z.string().max(100) });
export type Opening = z.infer<typeof Opening>;

const Checking = z.object({ fraction: z.number() });

export const models = {
  /** The sample, recently used models, results of runs, downloads (damaged ones too), and models of other programs on this computer. */
  find: call(z.void(), z.array(FoundModel)),
  /** Multiplications and additions of training per second, measured once in a few seconds. */
  speed: call(z.void(), z.number()),
  /** Checks a model that somebody handed on, to its last byte; writes nothing. */
  lookIntoParcel: stream(z.object({ path: z.string() }), Checking, ReceivedParcel),
  openParcel: stream(Opening, Checking, FoundModel),
  /** Removes a model that Coppice downloaded or that somebody handed on; refused while a run needs it. */
  remove: call(z.object({ path: z.string() }), z.object({ freedBytes: z.number() })),
  /** The metadata of a model file, and whether it fits. */
  inspect: call(
    z.object({ path: z.string() }),
    z.object({ name: z.string(), report: ModelReport, fit: Fit }),
  ),
};
