/** What can go wrong with downloads and updates. */
import { z } from "zod";

export const NetworkFailure = z.discriminatedUnion("code", [
  /** An update that differs from what its maker signed. */
  z.object({
    code: z.literal("update-refused"),
    address: z.string(),
    reason: z.enum(["unsigned", "wrong-signature", "malformed", "wrong-file"]),
  }),
  z.object({ code: z.literal("update-unreachable"), address: z.string(), reason: z.string() }),
  z.object({ code: z.literal("hub-unreachable"), host: z.string(), reason: z.string() }),
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
