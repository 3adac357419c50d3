/** The wizard: the person's input so far, and what the run would cost. */
import { z } from "zod";
import { Failure } from "../failures/failure.ts";
import { PRECISIONS } from "../../../native-models/inference/precision.ts";
import { call, stream } from "../call.ts";
import { Goal } from "../plans/goal.ts";
import { ModelReport } from "../plans/model.ts";
import { PlanRequest, TimeLimit } from "../plans/plan-request.ts";
import { PlanPatch, TrimPlan } from "../plans/plan.ts";
import { KeptProbe, Probe } from "../plans/probe.ts";
import { TimeOfDay } from "../plans/time-of-day.ts";
import { ReadData, Sources } from "./data.ts";

/** When a run should be done: within this many minutes of its start, or by the next time of day such as 18:00. */
export const WantedTime = z.union([TimeLimit.options[0], z.object({ by: TimeOfDay })]);
export type WantedTime = z.infer<typeof WantedTime>;

/** The person's input so far. */
export const WizardDraft = z.object({
  /** The step shown last. */
  step: z.enum(["model", "data", "target"]).default("model"),
  model: z.object({ path: z.string(), name: z.string() }).nullable().default(null),
  /** `data` is empty until the person adds files. */
  sources: Sources.extend({ data: z.array(z.string()).default([]) }).prefault({}),
  /** The data, read with all of the above; null until it has been read. */
  dataset: ReadData.nullable().default(null),
  patch: PlanPatch.prefault({}),
  goal: Goal.nullable().default(null),
  time: WantedTime.nullable().default(null),
  /** The run's name; empty: named after its model and data. */
  name: z.string().default(""),
  probe: KeptProbe.nullable().default(null),
  /** The run that was started from this draft, unchanged. */
  run: z.string().nullable().default(null),
});
export type WizardDraft = z.infer<typeof WizardDraft>;

/** A draft that waits in the library, with the name of its model and its first file. */
export const UnfinishedDraft = z.object({
  id: z.number(),
  step: WizardDraft.shape.step.unwrap(),
  model: z.string().nullable(),
  data: z.string().nullable(),
});
export type UnfinishedDraft = z.infer<typeof UnfinishedDraft>;

const DraftId = z.object({ id: z.number().int() });

/** A model with `blocks` blocks. */
export const DepthEstimate = z.object({
  blocks: z.number(),
  /** Size of its chat weights. */
  chatSizeBytes: z.number(),
  chatMemoryBytes: z.number(),
  /** Null until measured. */
  tokensPerSecond: z.number().nullable(),
});
export type DepthEstimate = z.infer<typeof DepthEstimate>;

/** Memory and disk space of a plan. */
const Needs = z.object({ memoryBytes: z.number(), diskBytes: z.number() });

/** A change of the plan that makes it fit. */
export const FittingChange = Needs.extend({
  change: z.enum([
    "lora",
    "streamed",
    "smaller-base",
    "shorter-rows",
    "streamed-and-shorter-rows",
    "lora-and-shorter-rows",
    "fewer-depths",
    "no-distillation",
  ]),
  patch: PlanPatch,
});
export type FittingChange = z.infer<typeof FittingChange>;

export const TargetEstimate = z.object({
  plan: TrimPlan,
  /** In units of the plan's kind. */
  units: z.object({ total: z.number(), kept: z.number() }),
  rounds: z.number(),
  base: DepthEstimate,
  trimmed: DepthEstimate,
  needs: Needs,
  freeMemoryBytes: z.number(),
  /** Null if the system does not report it. */
  freeDiskBytes: z.number().nullable(),
  fits: z.boolean(),
  /** For a plan that does not fit: the smallest change that makes it fit; null if there is none. */
  nearest: FittingChange.nullable(),
  /** What the result would reach with the field's vocabulary; null where that saves little, or is planned. */
  fieldVocabulary: z.object({ chatMemoryBytes: z.number(), times: z.number() }).nullable(),
  /** Why a program that the person named cannot load the result; null if all can. */
  notLoadable: Failure.nullable(),
  /** Precision of the plan's chat models. */
  chatPrecision: z.enum(PRECISIONS),
  /** Identifies everything in the plan that a probe depends on. */
  probeKey: z.string(),
  /**
   * If the person limited the time: the share of the training that fits into it, and the number of rounds, for which the plan is made;
   * `too-short` if not even the least training fits. Null until measured, and without a time limit.
   */
  inTime: z.union([z.literal("too-short"), z.object({ share: z.number(), rounds: z.number() })]).nullable(),
  /** Duration of the whole run, from the earliest end of tuning to all of its epochs; null until measured. */
  seconds: z.object({ low: z.number(), likely: z.number(), high: z.number() }).nullable(),
});
export type TargetEstimate = z.infer<typeof TargetEstimate>;

const Planned = z.object({ model: ModelReport, dataset: z.string(), ...PlanRequest.shape });

export const wizard = {
  draft: call(z.void(), WizardDraft),
  keep: call(WizardDraft, z.void()),
  /** Begins an empty draft; returns the id of the one before, if it waits. */
  begin: call(z.void(), z.number().nullable()),
  unfinished: call(z.void(), z.array(UnfinishedDraft)),
  /** Continues one of these; the one before waits. */
  resume: call(DraftId, z.void()),
  discard: call(DraftId, z.void()),
  /** The plan for this request, with its costs and gains; speed and time need a probe of this plan. */
  estimate: call(Planned.extend({ probe: KeptProbe.nullable() }), TargetEstimate),
  /** Measures this computer with a few real steps of the plan; pieces report the share done. */
  probe: stream(Planned, z.object({ done: z.number() }), Probe),
};
