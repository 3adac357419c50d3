/** Corrections of answers, and runs that learn from them. */
import { z } from "zod";
import { call, stream } from "../call.ts";
import { Correction, CorrectionText } from "../correction.ts";

const Run = z.object({ run: z.string() });

/** What can be improved of a run, from here or from a file. */
export const ImproveRequest = Run.extend({
  /** Instead of the name that it would be given. */
  name: z.string().trim().min(1).max(200).optional(),
  choices: z
    .object({
      seed: z.number().int().nonnegative().optional(),
      threads: z.number().int().min(1).optional(),
      device: z.enum(["cpu", "webgpu", "cuda", "directml"]).optional(),
    })
    .default({}),
});
export type ImproveRequest = z.infer<typeof ImproveRequest>;

/** What an improvement of a run would take. */
export const ImprovementOutlook = z.object({
  memoryBytes: z.number(),
  diskBytes: z.number(),
  seconds: z.object({ low: z.number(), likely: z.number(), high: z.number() }),
});
export type ImprovementOutlook = z.infer<typeof ImprovementOutlook>;

export const corrections = {
  /** Corrects an answer of a run's model, or changes its correction. Failure: bad-choice for an answer of any other model. */
  save: call(
    CorrectionText.extend({ conversation: z.number().int(), message: z.number().int() }),
    Correction,
  ),
  /** Takes it back, and forgets it. */
  remove: call(z.object({ id: z.number().int() }), z.void()),
  /** Those that an improvement of a run would learn from, oldest first; with those that measure it, which it would not. */
  ofRun: call(Run, z.array(Correction)),
  /** Measures how long an improvement would take, by a few real steps. */
  outlook: stream(Run, z.object({ done: z.number() }), ImprovementOutlook),
  /** Makes the plan of an improvement, refuses it if it does not fit, and queues its run. */
  improve: call(
    ImproveRequest.extend({ onBattery: z.boolean().default(false) }),
    z.object({ id: z.string() }),
  ),
};
