/** The update settings of a package, and where they are stored. */
import { UpdatePlace } from "../../main/services/updates/place.ts";
import type { Edition } from "./edition.ts";

/**
 * From COPPICE_UPDATE_ADDRESS and COPPICE_UPDATE_PUBLIC_KEY; null if neither is set: the package then cannot update itself.
 * Throws an error for an invalid value.
 */
export function updatePlaceFrom(environment: NodeJS.ProcessEnv, edition: Edition): UpdatePlace | null {
  const { COPPICE_UPDATE_ADDRESS: address, COPPICE_UPDATE_PUBLIC_KEY: publicKey } = environment;
  if (!address && !publicKey) return null;
  const place = UpdatePlace.safeParse({ address, publicKey });
  const isLocal = address?.startsWith("http:") && edition.name === "coppice";
  if (!place.success || isLocal)
    throw new Error(
      "Updates need both: COPPICE_UPDATE_ADDRESS (https, ending in /) and COPPICE_UPDATE_PUBLIC_KEY (build/package/sign-update.ts --new-keys)",
    );
  return place.data;
}
