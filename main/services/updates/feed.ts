/** The feed: latest.yml as electron-builder writes it next to packages, with its signature in a second file. */
import { parseUpdateInfo } from "electron-updater/out/providers/Provider.js";
import { z } from "zod";
import { fail } from "../../../native-models/failure.ts";
import type { UpdatePlace } from "./place.ts";
import { isSigned } from "./signature.ts";

/** The most bytes that are accepted; a real feed is far smaller. */
export const FEED_LIMIT_BYTES = 64 * 1024;

/** The feed's file for a system, in electron-builder's naming. */
export const feedName = (platform: NodeJS.Platform) =>
  platform === "win32" ? "latest.yml" : "latest-linux.yml";

/** The file with the signature of the feed file `name`. */
export const signatureName = (name: string) => `${name}.sig`;

/** A package that the feed offers. `url` is the name of a file next to the feed, `sha512` is base64. */
export const OfferedFile = z.object({
  url: z.string().regex(/^[\w+-][\w .+()-]*$/),
  sha512: z.string().regex(/^[\w+/]{86}==$/),
  size: z.number().int().positive(),
});
export type OfferedFile = z.infer<typeof OfferedFile>;

const Feed = z.object({
  version: z.string().regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/),
  files: z.array(OfferedFile).min(1),
});
export type Feed = z.infer<typeof Feed>;

/** The content of a feed with a valid signature; nothing in it is read before that is verified. Failure: update-refused. */
export function readFeed(
  place: UpdatePlace,
  name: string,
  content: Uint8Array,
  signature: string | undefined,
): Feed {
  const refuse = (reason: "unsigned" | "wrong-signature" | "malformed") =>
    fail({ code: "update-refused", address: place.address, reason });
  if (signature === undefined) return refuse("unsigned");
  if (!isSigned(name, content, signature, place.publicKey)) return refuse("wrong-signature");
  let written: unknown;
  try {
    written = parseUpdateInfo(Buffer.from(content).toString("utf8"), name, new URL(name, place.address));
  } catch {
    return refuse("malformed");
  }
  const feed = Feed.safeParse(written);
  return feed.success ? feed.data : refuse("malformed");
}
