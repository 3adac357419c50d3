/** Compute devices: the processor, or a graphics card through one of several APIs. */
import { z } from "zod";
import { Failure } from "../failures/failure.ts";
import { TrimPlan } from "./plan.ts";

export const Device = TrimPlan.shape.device.unwrap();
export type Device = z.infer<typeof Device>;

/** Why a device is unusable. */
export const DeviceProblem = z.discriminatedUnion("kind", [
  /**
   * Its results differ from the processor's. `by`: the largest difference relative to the processor's largest value; null: NaN.
   */
  z.object({ kind: z.literal("differs"), by: z.number().nullable() }),
  z.object({ kind: z.literal("no-card") }),
  /** It cannot run plans that train all weights. */
  z.object({ kind: z.literal("all-weights") }),
  /** The original message of onnxruntime or a driver. */
  z.object({ kind: z.literal("driver"), reason: z.string() }),
  /** Any failure of a job: too little memory, a crash. */
  z.object({ kind: z.literal("failure"), failure: Failure }),
]);
export type DeviceProblem = z.infer<typeof DeviceProblem>;

/** The result of a small training step on a device, compared with the processor's. */
export const DeviceTest = z.object({
  /** The version of Coppice; results of other versions are discarded. */
  version: z.string(),
  testedAt: z.string(),
  /** Why the device is unusable; null if it is usable. */
  problem: DeviceProblem.nullable(),
  /** Its speed relative to the processor; null if there is a problem. */
  timesCpu: z.number().nullable(),
  /** The system's name of the graphics card; null if unknown. */
  card: z.string().nullable(),
});
export type DeviceTest = z.infer<typeof DeviceTest>;

/** Why a device cannot be chosen: its libraries are for other systems, were not added to this computer, or can be changed by others. */
export const DeviceAbsence = z.enum(["other-system", "not-added", "unsafe"]);
export type DeviceAbsence = z.infer<typeof DeviceAbsence>;

export const DeviceState = z.object({
  device: Device,
  absence: DeviceAbsence.nullable(),
  /** The test by this version; null if there was none, and for the processor, which needs none. */
  test: DeviceTest.nullable(),
});
export type DeviceState = z.infer<typeof DeviceState>;
