/** What can go wrong with downloads, updates and the local server. */
import { z } from "zod";
import { inWords, said } from "../../../native-models/codes.ts";
import type { CodesOf, Said } from "../../../native-models/codes.ts";

/** Why a server gave no answer, or only a part of it: codes, declared by their English words. */
const NETWORK_REASONS = {
  status: ({ status }: { status: number }) => `it answered with status ${status}`,
  busy: ({ status }: { status: number }) => `it is busy (status ${status})`,
  silent: ({ seconds }: { seconds: number }) => `it sent nothing for ${seconds} seconds`,
  late: ({ seconds }: { seconds: number }) => `it took more than ${seconds} seconds`,
  "cut-off": "the connection ended before the file did",
  lacks: ({ file }: { file: string }) => `it has no ${file}`,
  /** What the system says, in its words. */
  system: ({ detail }: { detail: string }) => detail,
};
export type NetworkReasons = CodesOf<typeof NETWORK_REASONS>;
export type NetworkReason = Said<NetworkReasons>;

export const networkReasonText = (reason: NetworkReason): string =>
  inWords<NetworkReasons>(NETWORK_REASONS, reason);

export const NetworkFailure = z.discriminatedUnion("code", [
  /** The local server cannot listen there: another program does, the address is not this computer's, or the account may not. */
  z.object({
    code: z.literal("not-listening"),
    address: z.string(),
    port: z.number(),
    reason: z.enum(["taken", "not-here", "not-allowed"]),
  }),
  /** An update that differs from what its maker signed. */
  z.object({
    code: z.literal("update-refused"),
    address: z.string(),
    reason: z.enum(["unsigned", "wrong-signature", "malformed", "wrong-file"]),
  }),
  z.object({ code: z.literal("update-unreachable"), address: z.string(), reason: said<NetworkReasons>() }),
  z.object({ code: z.literal("hub-unreachable"), host: z.string(), reason: said<NetworkReasons>() }),
  /** A repository that the hub does not give access to, or that has no model to use here. */
  z.object({
    code: z.literal("repository-refused"),
    host: z.string(),
    repository: z.string(),
    reason: z.enum(["not-found", "gated", "wrong-token", "forbidden", "adapter", "pickle", "no-model"]),
  }),
  /** A response of the hub that was rejected; `file` is the one it was about, null for the repository's listing. */
  z.object({
    code: z.literal("download-refused"),
    host: z.string(),
    repository: z.string(),
    file: z.string().nullable(),
    reason: z.enum(["malformed", "too-large", "unsafe-name", "redirect", "wrong-size", "wrong-checksum"]),
  }),
]);
