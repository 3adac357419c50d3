/**
 * Everything that a log can contain, as one closed union. There is no free text: every string is one of a fixed set, or has a form
 * too narrow for a sentence, a name or a path, so nothing from documents, prompts, answers or file names can get into a log.
 */
import { z } from "zod";
import { Failure } from "../../preload/contract/failures/failure.ts";
import { Trouble } from "../../preload/contract/trouble.ts";
import { Phase, RunState } from "../../preload/contract/runs/run.ts";
import { channelOf } from "../../preload/contract/call.ts";
import { contract } from "../../preload/contract/contract.ts";
import { Settings } from "../../preload/contract/calls/settings.ts";
import { ENGINES } from "../engines/jobs.ts";

const count = z.number().int().nonnegative();
const Engine = z.enum(ENGINES.map(({ name }) => name) as [string, ...string[]]);
const Job = z.enum(ENGINES.flatMap(({ jobs }) => Object.keys(jobs)) as [string, ...string[]]);
const Channel = z.enum(
  Object.entries(contract).flatMap(([area, entries]) =>
    Object.keys(entries).map((name) => channelOf(area, name)),
  ) as [string, ...string[]],
);
const Setting = z.enum(Object.keys(Settings.shape) as [keyof Settings]);

/** A version, such as "41.7.1" or "0.1.0-test.2"; a system's, such as "6.1.0-18-amd64". */
export const Version = z.string().regex(/^\d[\w.+-]{0,39}$/);

/** The last characters of a run's id: they identify the run and reveal nothing of its name. */
export const RunKey = z.string().regex(/^[2-9b-df-hj-km-np-tv-xz]{5}$/);
export const runKey = (id: string) => id.slice(-5);

/** A failure without its paths, names and reasons: its code and figures. */
const FailureFigures = z.object({
  code: z.enum(Failure.options.map(({ shape }) => shape.code.value) as [Failure["code"]]),
  neededBytes: z.number().optional(),
  freeBytes: z.number().optional(),
  bytes: z.number().optional(),
  limitBytes: z.number().optional(),
  line: z.number().optional(),
  rows: z.number().optional(),
  needed: z.number().optional(),
  step: z.number().optional(),
  tokens: z.number().optional(),
  limit: z.number().optional(),
  found: z.number().optional(),
  supported: z.number().optional(),
});
type FailureFigures = z.infer<typeof FailureFigures>;

/** The part of a failure that may be logged. */
export function figuresOfFailure(failure: Failure): FailureFigures {
  const numbers = Object.entries(failure).filter(([, value]) => typeof value === "number");
  return FailureFigures.parse({ code: failure.code, ...Object.fromEntries(numbers) });
}

/** How one of Chromium's processes ended (Electron's words), and which one. */
const GoneReason = z.enum([
  "clean-exit",
  "abnormal-exit",
  "killed",
  "crashed",
  "oom",
  "launch-failed",
  "integrity-failure",
  "memory-eviction",
]);
const ChildType = z.enum([
  "Utility",
  "Zygote",
  "Sandbox helper",
  "GPU",
  "Pepper Plugin",
  "Pepper Plugin Broker",
  "Unknown",
]);

export const LogEvent = z.discriminatedUnion("event", [
  /** A program started. */
  z.object({
    event: z.literal("started"),
    version: Version,
    electron: Version.nullable(),
    node: Version,
    platform: z.enum(["linux", "win32", "darwin", "other"]),
    architecture: z.enum(["x64", "arm64", "other"]),
    system: Version.nullable(),
    cores: count,
    memoryBytes: count,
    freeMemoryBytes: count,
  }),
  z.object({ event: z.literal("ended"), seconds: z.number() }),
  /** The previous program did not record its end: it crashed, was killed, or the computer lost power. */
  z.object({
    event: z.literal("ended-without-word"),
    startedAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
  }),
  /** The home could not be opened, or the window not created. */
  z.object({ event: z.literal("start-failed"), failure: FailureFigures }),
  /** What happened to the files of the old home. `kept`: changed since they were copied. `failed`: a later start tries again. */
  z.object({ event: z.literal("old-home"), removed: count, kept: count, failed: count }),

  z.object({ event: z.literal("engine-started"), engine: Engine, processId: count.nullable() }),
  z.object({
    event: z.literal("engine-ended"),
    engine: Engine,
    processId: count.nullable(),
    exitCode: z.number().nullable(),
    signal: z
      .string()
      .regex(/^SIG[A-Z0-9]{2,8}$/)
      .nullable(),
    /** `asked`: it was asked to stop. `host`: it was killed, at a limit or because it did not answer. */
    by: z.enum(["asked", "host", "itself"]),
    seconds: z.number(),
    peakMemoryBytes: count.nullable(),
  }),
  z.object({
    event: z.literal("engine-job"),
    engine: Engine,
    job: Job,
    milliseconds: count,
    failure: FailureFigures.nullable(),
  }),
  /** An engine's standard error, by the kind of line. */
  z.object({
    event: z.literal("engine-runtime"),
    engine: Engine,
    severity: z.enum(["verbose", "info", "warning", "error", "fatal"]),
    source: z.string().regex(/^[\w.]{1,60}$/),
    line: count,
  }),
  z.object({ event: z.literal("engine-error"), engine: Engine, trouble: Trouble }),
  z.object({ event: z.literal("engine-out-of-memory"), engine: Engine }),
  z.object({ event: z.literal("engine-other-output"), engine: Engine, lines: count, bytes: count }),

  z.object({
    event: z.literal("run-state"),
    run: RunKey,
    state: RunState,
    phase: Phase.nullable(),
    fraction: z.number(),
    activeSeconds: z.number(),
    peakMemoryBytes: z.number().nullable(),
    failure: FailureFigures.nullable(),
  }),
  z.object({ event: z.literal("run-phase"), run: RunKey, phase: Phase, round: count.nullable() }),

  /** A call from the window that ended in a failure. */
  z.object({ event: z.literal("call-failed"), channel: Channel, failure: FailureFigures }),
  z.object({ event: z.literal("settings-changed"), names: z.array(Setting) }),

  /** An uncaught error. */
  z.object({ event: z.literal("error"), where: z.enum(["main", "window"]), trouble: Trouble }),
  z.object({ event: z.literal("window-gone"), reason: GoneReason, exitCode: z.number() }),
  z.object({ event: z.literal("window-reloaded") }),
  z.object({ event: z.literal("window-unresponsive") }),
  z.object({ event: z.literal("window-responsive") }),
  z.object({ event: z.literal("child-gone"), type: ChildType, reason: GoneReason, exitCode: z.number() }),
  z.object({ event: z.literal("report-saved"), sections: count, bytes: count }),
  /** Events of one kind that were too frequent to be logged. */
  z.object({ event: z.literal("left-out"), kind: z.string().regex(/^[a-z-]{1,30}$/), events: count }),
]);
export type LogEvent = z.infer<typeof LogEvent>;

const warnings: ReadonlySet<LogEvent["event"]> = new Set([
  "ended-without-word",
  "engine-runtime",
  "engine-other-output",
  "call-failed",
  "window-unresponsive",
  "left-out",
]);
const errors: ReadonlySet<LogEvent["event"]> = new Set([
  "start-failed",
  "engine-error",
  "engine-out-of-memory",
  "error",
  "window-gone",
  "child-gone",
]);

/** The severity of an event. */
export function levelOf(event: LogEvent): "info" | "warning" | "error" {
  if (event.event === "engine-ended" && event.by === "itself" && event.exitCode !== 0) return "error";
  if (event.event === "engine-runtime" && /error|fatal/.test(event.severity)) return "error";
  if (errors.has(event.event)) return "error";
  return warnings.has(event.event) ? "warning" : "info";
}
