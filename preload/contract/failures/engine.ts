/** What can go wrong between main and the engines. */
import { z } from "zod";
import { inWords, said } from "../../../native-models/codes.ts";
import type { CodesOf, Said } from "../../../native-models/codes.ts";

/** Why an engine's process ended: codes, declared by their English words. `error`: what it said last. */
const ENGINE_REASONS = {
  "not-started": "it ended before the job started",
  "no-start": "it did not start in a minute",
  "in-the-middle": ({ error }: { error: string | null }) =>
    `it ended in the middle of the job${inBrackets(error)}`,
  exited: ({ exitCode, error }: { exitCode: number; error: string | null }) =>
    `it ended with exit code ${exitCode}${inBrackets(error)}`,
  crashed: ({ signal }: { signal: string }) => `it crashed (${signal})`,
  aborted: "it crashed (SIGABRT), most likely for want of memory",
  killed: "it was killed (SIGKILL), by a person or by the system for want of memory",
  "no-memory": "it ran out of memory",
  "too-slow": ({ job, seconds }: { job: string; seconds: number }) => `${job} took longer than ${seconds} s`,
  "too-much-memory": ({ job, megabytes }: { job: string; megabytes: number }) =>
    `${job} took more than ${megabytes} MB of memory`,
  protocol: ({ detail }: { detail: string }) => `it broke the protocol (${detail})`,
  "other-kind": ({ kind }: { kind: string }) => `its script serves ${kind}`,
  stopped: "it was stopped",
  "already-stopped": "it was already stopped",
};
export type EngineReasons = CodesOf<typeof ENGINE_REASONS>;
export type EngineReason = Said<EngineReasons>;

const inBrackets = (error: string | null): string => (error === null ? "" : ` (${error})`);

export const engineReasonText = (reason: EngineReason): string =>
  inWords<EngineReasons>(ENGINE_REASONS, reason);

export const EngineFailure = z.discriminatedUnion("code", [
  /** `overran`: the limit of its job that it exceeded, for which it was ended. */
  z.object({
    code: z.literal("engine-stopped"),
    kind: z.string(),
    reason: said<EngineReasons>(),
    overran: z.enum(["time", "memory"]).optional(),
  }),
  /** A message between main and an engine that exceeds the limit: the data should have been passed by path. */
  z.object({
    code: z.literal("message-too-large"),
    what: z.string(),
    bytes: z.number(),
    limitBytes: z.number(),
  }),
]);
