/** The Ed25519 key with which this home signs models that are handed on: made when it is first needed, readable by this account only. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fail } from "../../../native-models/failure.ts";
import { failedWrite, replaceFileNow } from "../../../native-models/formats/atomic.ts";
import type { Home } from "../../home/home.ts";
import { fingerprintOf, signedBytes } from "../../home/parcel-seal.ts";
import type { Seal } from "../../home/parcel-seal.ts";

type Place = Pick<Home, "signingKey">;

/** Signs a passport. Failures: corrupt-file, disk-full, unwritable. */
export function sealOf(home: Place, passport: string): Seal & { readonly fingerprint: string } {
  const privateKey = keyIn(home) ?? newKey(home);
  const key = publicBytes(privateKey);
  const signature = sign(null, signedBytes(passport), privateKey).toString("base64");
  return { key: key.toString("base64"), signature, fingerprint: fingerprintOf(key) };
}

/** The fingerprint of this home's key; null if it has none yet. Failure: corrupt-file. */
export function ownFingerprint(home: Place): string | null {
  const key = keyIn(home);
  return key && fingerprintOf(publicBytes(key));
}

function newKey({ signingKey: path }: Place): KeyObject {
  const { privateKey } = generateKeyPairSync("ed25519");
  try {
    replaceFileNow(path, privateKey.export({ format: "pem", type: "pkcs8" }) as string, 0o600);
  } catch (error) {
    return failedWrite(path, error);
  }
  return privateKey;
}

function keyIn({ signingKey: path }: Place): KeyObject | null {
  if (!existsSync(path)) return null;
  try {
    return createPrivateKey(readFileSync(path));
  } catch (error) {
    return fail({ code: "corrupt-file", path, section: "signing key", reason: (error as Error).message });
  }
}

/** The last 32 bytes of its SPKI form (RFC 8410). */
const publicBytes = (privateKey: KeyObject): Buffer =>
  createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(-32);
