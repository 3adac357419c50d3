/** The signature of an update feed: Ed25519, by node:crypto (docs/decisions/0015-updates-are-signed.md). */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";

/** Keys as in environment variables and packages: DER in base64, the public key as SPKI, the private key as PKCS #8. */
export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** A new pair. */
export function newKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    publicKey: publicKey.export({ format: "der", type: "spki" }).toString("base64"),
    privateKey: privateKey.export({ format: "der", type: "pkcs8" }).toString("base64"),
  };
}

/** The signature of the feed file `name` with these bytes, in base64. Throws for an invalid private key. */
export function signFeed(name: string, content: Uint8Array, privateKey: string): string {
  const key = createPrivateKey({ key: Buffer.from(privateKey, "base64"), format: "der", type: "pkcs8" });
  return sign(null, signedBytes(name, content), key).toString("base64");
}

/** Whether `signature` is a valid signature of this file for the public key. Throws for an invalid public key. */
export function isSigned(name: string, content: Uint8Array, signature: string, publicKey: string): boolean {
  const key = publicKeyOf(publicKey);
  const bytes = Buffer.from(signature.trim(), "base64");
  return bytes.length === SIGNATURE_BYTES && verify(null, signedBytes(name, content), key, bytes);
}

/** The key of `KeyPair.publicKey`. Throws for an invalid one. */
export function publicKeyOf(publicKey: string) {
  const key = createPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" });
  if (key.asymmetricKeyType !== "ed25519") throw new TypeError("an update key must be Ed25519");
  return key;
}

const SIGNATURE_BYTES = 64;

/** The name is signed too, so that the feed of one system cannot pass for that of another. */
const signedBytes = (name: string, content: Uint8Array) =>
  Buffer.concat([Buffer.from(`Coppice update feed ${name}\n`), content]);
