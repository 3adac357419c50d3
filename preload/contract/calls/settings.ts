/** The person's settings. */
import { z } from "zod";
import { call, notification } from "../call.ts";
import { Device, DeviceTest } from "../plans/device.ts";

/** The local server's port unless another is chosen. */
export const DEFAULT_PORT = 11535;

export const Settings = z.object({
  theme: z.enum(["system", "light", "dark"]).default("system"),
  language: z.enum(["system", "en", "de"]).default("system"),
  reducedMotion: z.boolean().default(false),
  /** A system notification when a run ends. */
  notifyWhenDone: z.boolean().default(true),
  /** For training and chat; null: one per core. */
  threads: z.number().int().min(1).nullable().default(null),
  /** Memory that engines may use; null: all free memory. */
  memoryLimitBytes: z.number().positive().nullable().default(null),
  /** On battery power: ask first, or run. */
  onBattery: z.enum(["ask", "run"]).default("ask"),
  keepAwake: z.boolean().default(true),
  /** For chat and new plans. */
  device: Device.default("cpu"),
  /** Results of device tests. */
  deviceTests: z.partialRecord(Device, DeviceTest).default({}),
  /** Who handed models on: the names that the person gave, "" without one, by the fingerprints of their keys. */
  senders: z.record(z.string(), z.string().max(100)).default({}),
  /** Whether updates are checked at each start and then once a day. */
  updates: z.enum(["off", "tell"]).default("off"),
  /** Whether the local server listens while Coppice is open, and its port. */
  server: z.boolean().default(false),
  serverPort: z.number().int().min(1024).max(65535).default(DEFAULT_PORT),
});
export type Settings = z.infer<typeof Settings>;

/** One socket of one of the application's processes. */
export const OpenSocket = z.object({
  processId: z.number(),
  protocol: z.string(),
  local: z.string(),
  remote: z.string(),
  /** Whether it connects to another computer. */
  leavesComputer: z.boolean(),
});
export type OpenSocket = z.infer<typeof OpenSocket>;

export const NetworkProof = z.object({
  checkedAt: z.string(),
  /** `reported`: whether the system lists this process's sockets. */
  processes: z.array(z.object({ processId: z.number(), name: z.string(), reported: z.boolean() })),
  /** The sockets of all processes with `reported`. */
  sockets: z.array(OpenSocket),
  /** Requests for anything except the application's own files, refused by the window's session since the start. */
  refusedRequests: z.number(),
});
export type NetworkProof = z.infer<typeof NetworkProof>;

/** A part of COPPICE_HOME and its size. */
export const KeptFolder = z.object({
  what: z.enum(["database", "runs", "models", "datasets", "cache", "logs", "backups"]),
  path: z.string(),
  bytes: z.number(),
});
export type KeptFolder = z.infer<typeof KeptFolder>;

export const settings = {
  get: call(z.void(), Settings),
  set: call(z.partialRecord(z.enum(Object.keys(Settings.shape) as [keyof Settings]), z.unknown()), Settings),
  changed: notification(Settings),
  /** The sizes of the parts of COPPICE_HOME. */
  folders: call(z.void(), z.array(KeptFolder)),
  proveOffline: call(z.void(), NetworkProof),
};
