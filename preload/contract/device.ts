/** What can compute on a computer: the processor, or a graphics card in one of several ways. */
import { z } from "zod";
import { Failure } from "../../native-models/failure.ts";
import { TrimPlan } from "./plan.ts";

export const Device = TrimPlan.shape.device.unwrap();
export type Device = z.infer<typeof Device>;

/** Why a device may not be used. */
export const DeviceProblem = z.discriminatedUnion("kind", [
  /** Its results are not the processor's. `by`: the largest difference, over the processor's largest value; null: no numbers at all. */
  z.object({ kind: z.literal("differs"), by: z.number().nullable() }),
  z.object({ kind: z.literal("no-card") }),
  /** It does not take plans that train all weights. */
  z.object({ kind: z.literal("all-weights") }),
  /** What onnxruntime or a driver says, in its own words. */
  z.object({ kind: z.literal("driver"), reason: z.string() }),
  /** What any job can end with: too little memory, a crash. */
  z.object({ kind: z.literal("failure"), failure: Failure }),
]);
export type DeviceProblem = z.infer<typeof DeviceProblem>;

/** What a training step of a small model on a device gave, against the processor's. */
export const DeviceTest = z.object({
  /** Of Coppice: what another version found is forgotten. */
  version: z.string(),
  testedAt: z.string(),
  /** Why it may not be used; null where it may. */
  problem: DeviceProblem.nullable(),
  /** How many times as fast as the processor it made the step; null with a problem. */
  timesCpu: z.number().nullable(),
  /** The graphics card as the system names it; null where it does not. */
  card: z.string().nullable(),
});
export type DeviceTest = z.infer<typeof DeviceTest>;

/** Why a device cannot be chosen here: its libraries are made for other systems, or were not added to this computer. */
export const DeviceAbsence = z.enum(["other-system", "not-added"]);
export type DeviceAbsence = z.infer<typeof DeviceAbsence>;

export const DeviceState = z.object({
  device: Device,
  absence: DeviceAbsence.nullable(),
  /** Of this version; null where there was none, and for the processor, which needs none. */
  test: DeviceTest.nullable(),
});
export type DeviceState = z.infer<typeof DeviceState>;
