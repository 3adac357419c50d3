/** Corrections of answers, and runs that learn from them. */
import { z } from "zod";
import { call, stream } from "../call.ts";
import { Correction, CorrectionText } from "../chat/correction.ts";

const Run = z.object({ run: z.string() });

/** A request to improve a run's model. */
export const ImproveRequest = Run.extend({
  /** Replaces the default name. */
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
  /** Keeps a correction, or the approval, of an answer to one of a run's test questions. */
  judge: call(
    CorrectionText.extend({
      run: z.string(),
      question: z.string().trim().min(1).max(50_000),
      wrong: z.string().trim().max(50_000),
    }),
    Correction,
  ),
  /**
   * Adds the corrections in a file to a run's, without those that it has; `heldOut` of them would not be trained on. Failures: those of
   * reading the file.
   */
  add: call(Run.extend({ file: z.string() }), z.object({ added: z.number(), heldOut: z.number() })),
  /** Deletes a correction. */
  remove: call(z.object({ id: z.number().int() }), z.void()),
  /** A run's corrections, oldest first: those that an improvement would train on, and held-out ones, which it would not (`heldOut`). */
  ofRun: call(Run, z.array(Correction)),
  /** Measures how long an improvement would take, by a few real steps. */
  outlook: stream(Run, z.object({ done: z.number() }), ImprovementOutlook),
  /** Makes the plan of an improvement and queues its run. Fails if the plan does not fit this computer. */
  improve: call(
    ImproveRequest.extend({ onBattery: z.boolean().default(false) }),
    z.object({ id: z.string() }),
  ),
};
