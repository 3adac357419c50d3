/** The beginning of a handed-on model's file, which is signed, and its signature (trimming/export/parcel.ts has the whole layout). */
import { createHash, createPublicKey, verify } from "node:crypto";

export const MAGIC = Buffer.from("coppice1");
export const [KEY_BYTES, SIGNATURE_BYTES, LENGTH_BYTES] = [32, 64, 4] as const;

/** The passport in the folder of a model that was handed on. */
export const PASSPORT_FILE = "passport.json";

/** A key and its signature, in base64. */
export interface Seal {
  readonly key: string;
  readonly signature: string;
}

/** What is signed: the file up to the end of the passport. */
export function signedBytes(passport: string): Buffer {
  const bytes = Buffer.from(passport);
  return Buffer.concat([MAGIC, lengthOf(bytes), bytes]);
}

/** How many bytes follow, as a u32. */
export function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(bytes.length);
  return length;
}

/** An Ed25519 key as SPKI is these bytes, then the key (RFC 8410). */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

/** Whether a key signed these bytes; false also if it is no key. */
export function isSignedBy(key: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean {
  try {
    const publicKey = createPublicKey({ key: Buffer.concat([SPKI, key]), format: "der", type: "spki" });
    return verify(null, signed, publicKey, signature);
  } catch {
    return false;
  }
}

/** The fingerprint of a key, for people to compare: 100 bits of its SHA-256 in groups ("7KQ2-M9XA-…"). */
export function fingerprintOf(key: Uint8Array): string {
  const bits = BigInt(`0x${createHash("sha256").update(key).digest("hex")}`) >> 156n;
  const letters = Array.from(
    { length: 20 },
    (_, place) => ALPHABET[Number((bits >> BigInt(95 - 5 * place)) & 31n)],
  );
  return letters.join("").match(/.{4}/g)!.join("-");
}

/** Without letters that look like digits (Crockford's base 32). */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
