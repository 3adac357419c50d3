/** Which packages may be given to people. */
import type { Electron } from "../electron/choose.ts";
import type { System } from "./system.ts";

/** What package.json says of who makes the packages. */
export interface Makers {
  readonly homepage?: string;
  readonly author?: string;
}

/** Why packages of `system` are not published whatever is inside, in one sentence; null if they may be. */
export function whyNotPublished(
  { platform }: Pick<System, "platform">,
  environment: NodeJS.ProcessEnv,
  { homepage = "", author = "" }: Makers,
): string | null {
  // A name that is reserved for examples (RFC 2606) holds the place of one that is still to be chosen.
  if (/\.example\b/.test(`${homepage} ${author}`))
    return "Not published: package.json has no true homepage and address of its makers yet.";
  const hasCertificate = Boolean(environment["WIN_CSC_LINK"] ?? environment["CSC_LINK"]);
  if (platform === "windows" && !hasCertificate)
    return "Not published: Windows's packages would be unsigned; set WIN_CSC_LINK and WIN_CSC_KEY_PASSWORD to a certificate.";
  if (environment["COPPICE_UPDATE_ADDRESS"] && !environment["COPPICE_UPDATE_PRIVATE_KEY"])
    return "Not published: their updates would be unsigned; set COPPICE_UPDATE_PRIVATE_KEY.";
  return null;
}

/** Why packages with `electron` inside are not published, in one sentence; null if they may be. */
export function whyNotWith({ isFallback, version }: Pick<Electron, "isFallback" | "version">): string | null {
  return isFallback
    ? `Not published: Electron ${version} stands in for the current one here, and packages with it are for tests alone.`
    : null;
}
