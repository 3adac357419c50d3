/** What can compute on a computer: the processor, or a graphics card in one of several ways. */
import { z } from "zod";
import { TrimPlan } from "./plan.ts";

export const Device = TrimPlan.shape.device.unwrap();
export type Device = z.infer<typeof Device>;

/** What a training step of a small model on a device gave, against the processor's. */
export const DeviceTest = z.object({
  /** Of Coppice: what another version found is forgotten. */
  version: z.string(),
  testedAt: z.string(),
  /** Why it may not be used; null where it may. */
  problem: z.string().nullable(),
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
