/** Where a package's updates come from: stored in its package.json when it is built (build/package/updates.ts). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { publicKeyOf } from "./signature.ts";

/** An HTTPS address; HTTP only on this computer, which released packages never use. */
export function isUpdateAddress(address: string): boolean {
  try {
    const { protocol, hostname, search, hash, username } = new URL(address);
    const isPlain = address.endsWith("/") && search + hash + username === "";
    return isPlain && (protocol === "https:" || (protocol === "http:" && hostname === "127.0.0.1"));
  } catch {
    return false;
  }
}

/** `address` is a folder's, ending in "/"; `publicKey` as in `KeyPair`. */
export const UpdatePlace = z.object({
  address: z.string().refine(isUpdateAddress),
  publicKey: z.string().refine((key) => {
    try {
      return publicKeyOf(key) !== undefined;
    } catch {
      return false;
    }
  }),
});
export type UpdatePlace = z.infer<typeof UpdatePlace>;

/** The update place of the application in `folder`; null if it has none, or an invalid one. */
export function updatePlaceOf(folder: string): UpdatePlace | null {
  const { updates } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { updates?: unknown };
  return UpdatePlace.safeParse(updates).data ?? null;
}
