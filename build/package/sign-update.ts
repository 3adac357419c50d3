/**
 * Signs update feeds with the key in COPPICE_UPDATE_PRIVATE_KEY: writes FEED.sig next to each.
 *   node build/run.js build/package/sign-update.ts dist/latest-linux.yml dist/latest.yml
 *   node build/run.js build/package/sign-update.ts --new-keys
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { newKeyPair, signFeed } from "../../main/services/updates/signature.ts";
import { signatureName } from "../../main/services/updates/feed.ts";

/** Signs the feed at `path`; returns the signature's path. */
export function signUpdate(path: string, privateKey: string): string {
  writeFileSync(signatureName(path), `${signFeed(basename(path), readFileSync(path), privateKey)}\n`);
  return signatureName(path);
}

if (import.meta.main) {
  const paths = process.argv.slice(2);
  const privateKey = process.env["COPPICE_UPDATE_PRIVATE_KEY"];
  if (paths[0] === "--new-keys") {
    const keys = newKeyPair();
    console.log(`COPPICE_UPDATE_PUBLIC_KEY=${keys.publicKey}\nCOPPICE_UPDATE_PRIVATE_KEY=${keys.privateKey}`);
  } else if (paths.length === 0 || !privateKey) {
    console.error(
      "usage: COPPICE_UPDATE_PRIVATE_KEY=… sign-update.ts FEED.yml …, or sign-update.ts --new-keys",
    );
    process.exitCode = 2;
  } else for (const path of paths) console.log(`Signed ${signUpdate(path, privateKey)}`);
}
