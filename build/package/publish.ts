/** Decides which packages may be released. */
import type { Electron } from "../electron/choose.ts";
import type { System } from "./system.ts";

/** The makers of the packages, from package.json. */
export interface Makers {
  readonly homepage?: string;
  readonly author?: string;
}

/** Why packages of `system` are not published, whatever they contain, in one sentence; null if they may be. */
export function whyNotPublished(
  { platform }: Pick<System, "platform">,
  environment: NodeJS.ProcessEnv,
  { homepage = "", author = "" }: Makers,
): string | null {
  // A name reserved for examples (RFC 2606) is a placeholder.
  if (/\.example\b/.test(`${homepage} ${author}`))
    return "Not published: package.json still has an example homepage or author address.";
  const hasCertificate = Boolean(environment["WIN_CSC_LINK"] ?? environment["CSC_LINK"]);
  if (platform === "windows" && !hasCertificate)
    return "Not published: packages for Windows would be unsigned; set WIN_CSC_LINK and WIN_CSC_KEY_PASSWORD to a certificate.";
  if (environment["COPPICE_UPDATE_ADDRESS"] && !environment["COPPICE_UPDATE_PRIVATE_KEY"])
    return "Not published: their updates would be unsigned; set COPPICE_UPDATE_PRIVATE_KEY.";
  return null;
}

/** Why packages with `electron` inside are not published, in one sentence; null if they may be. */
export function whyNotWith({ isFallback, version }: Pick<Electron, "isFallback" | "version">): string | null {
  return isFallback
    ? `Not published: Electron ${version} replaces the current one on this machine, and packages with it are for tests only.`
    : null;
}
