/** What a person sets for good. */
import { z } from "zod";
import { call, notification } from "../call.ts";
import { Device, DeviceTest } from "../device.ts";

export const Settings = z.object({
  theme: z.enum(["system", "light", "dark"]).default("system"),
  language: z.enum(["system", "en", "de"]).default("system"),
  reducedMotion: z.boolean().default(false),
  /** A notice of the system when a run ends. */
  notifyWhenDone: z.boolean().default(true),
  /** Of training and chat; null: as many as there are cores. */
  threads: z.number().int().min(1).nullable().default(null),
  /** What engines may take; null: what is free. */
  memoryLimitBytes: z.number().positive().nullable().default(null),
  /** What a run does on battery: ask first, or run. */
  onBattery: z.enum(["ask", "run"]).default("ask"),
  keepAwake: z.boolean().default(true),
  /** Of chat, and of new plans. */
  device: Device.default("cpu"),
  /** What testing devices gave. */
  deviceTests: z.partialRecord(Device, DeviceTest).default({}),
  /** Whether the update address is asked once a day. */
  updates: z.enum(["off", "tell"]).default("off"),
});
export type Settings = z.infer<typeof Settings>;

/** One socket of one process of the application. */
export const OpenSocket = z.object({
  processId: z.number(),
  protocol: z.string(),
  local: z.string(),
  remote: z.string(),
  /** Whether it leads off this computer. */
  leavesComputer: z.boolean(),
});
export type OpenSocket = z.infer<typeof OpenSocket>;

export const NetworkProof = z.object({
  checkedAt: z.string(),
  /** `told`: whether this system lets its sockets be seen. */
  processes: z.array(z.object({ processId: z.number(), name: z.string(), told: z.boolean() })),
  /** Of the processes that are told. */
  sockets: z.array(OpenSocket),
  /** Requests to anything but the application's own files that the window's session refused since the start. */
  refusedRequests: z.number(),
});
export type NetworkProof = z.infer<typeof NetworkProof>;

/** A part of COPPICE_HOME and what it takes. */
export const KeptFolder = z.object({
  what: z.enum(["database", "runs", "models", "datasets", "cache", "logs"]),
  path: z.string(),
  bytes: z.number(),
});
export type KeptFolder = z.infer<typeof KeptFolder>;

export const settings = {
  get: call(z.void(), Settings),
  set: call(z.partialRecord(z.enum(Object.keys(Settings.shape) as [keyof Settings]), z.unknown()), Settings),
  changed: notification(Settings),
  /** What lies where in COPPICE_HOME. */
  folders: call(z.void(), z.array(KeptFolder)),
  proveOffline: call(z.void(), NetworkProof),
};
