/**
 * A parcel: a model that is handed on in one signed file. Layout: "coppice1" · u32 length and JSON of the passport · the signer's Ed25519
 * key (32 bytes) · its signature of everything before the key (64 bytes) · the passport's files one after the other, each in pieces of
 * 1 MiB: u32 length and bytes, deflated unless that would not be shorter. Weights have the bytes of their halves apart: the high ones,
 * with the exponents, take less space.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { FileBytes } from "../../../native-models/formats/bytes.ts";
import { parsedJson } from "../../../native-models/formats/parsed-json.ts";
import { fail } from "../../../native-models/failure.ts";
import type { ParcelProblem } from "../../../preload/contract/failures/home.ts";
import { Passport } from "../../../preload/contract/results/passport.ts";
import type { CheckedParcel } from "../../../preload/contract/results/passport.ts";
import {
  fingerprintOf,
  isSignedBy,
  KEY_BYTES,
  LENGTH_BYTES,
  lengthOf,
  MAGIC,
  PASSPORT_FILE,
  SIGNATURE_BYTES,
  signedBytes,
} from "../../home/parcel-seal.ts";
import type { Seal } from "../../home/parcel-seal.ts";
import { LICENCE_NAMES } from "./licence-files.ts";

const MOST_PASSPORT_BYTES = 2 ** 19;
const PIECE_BYTES = 2 ** 20;
/** No piece of a model is packed into less: a small file could otherwise fill the disk. */
const MOST_TIMES_PACKED = 100;

/** Passes the share done, and throws where the job was cancelled. */
type Tell = (fraction: number) => void | Promise<void>;

/** The file's bytes, from the files in `folder` that the passport names. Throws the errors of reading. */
export async function* parcelPieces(
  folder: string,
  { passport, key, signature }: Seal & { readonly passport: string },
  tell: Tell,
): AsyncGenerator<Uint8Array> {
  yield Buffer.concat([signedBytes(passport), Buffer.from(key, "base64"), Buffer.from(signature, "base64")]);
  const { files } = Passport.parse(JSON.parse(passport));
  const all = totalOf(files);
  let done = 0;
  for (const { name, sizeBytes } of files) {
    const file = FileBytes.open(join(folder, name));
    try {
      for (let at = 0; at < sizeBytes; at += PIECE_BYTES) {
        const bytes = file.read(at, Math.min(PIECE_BYTES, sizeBytes - at), "file");
        const packed = packedPiece(bytes, isWeights(name));
        yield lengthOf(packed);
        yield packed;
        await tell((done += bytes.length) / all);
      }
    } finally {
      file.close();
    }
  }
}

/**
 * Checks a parcel from its signature to its last byte; with a folder, also writes its files and its passport there. Throws `bad-parcel`,
 * `not-found`, `unreadable`, `disk-full`, `unwritable`.
 */
export async function readParcel(path: string, folder: string | null, tell: Tell): Promise<CheckedParcel> {
  const file = FileBytes.open(path);
  try {
    const next = bytesFrom(file);
    const { text, ...head } = readHead(path, next);
    const { files } = head.passport;
    const all = totalOf(files);
    let done = 0;
    for (const entry of files) {
      const pieces = piecesOf(path, next, entry, (bytes) => tell((done += bytes) / all));
      if (folder !== null) await writeFileAtomic(join(folder, entry.name), pieces);
      else await drained(pieces);
    }
    if (!next.isEnd()) refuse(path, "contents");
    if (folder !== null) await writeFileAtomic(join(folder, PASSPORT_FILE), text);
    return { ...head, sizeBytes: file.sizeBytes };
  } finally {
    file.close();
  }
}

function readHead(path: string, next: Next): Omit<CheckedParcel, "sizeBytes"> & { text: string } {
  if (next.isShort(MAGIC.length) || !next.bytes(MAGIC.length).equals(MAGIC)) refuse(path, "other-file");
  const length = next.length();
  if (length > MOST_PASSPORT_BYTES) refuse(path, "damaged");
  const passport = next.bytes(length);
  const [key, signature] = [next.bytes(KEY_BYTES), next.bytes(SIGNATURE_BYTES)];
  const text = passport.toString("utf8");
  const signed = signedBytes(text);
  if (!isSignedBy(key, signed, signature)) refuse(path, "signature");
  const parsed = Passport.safeParse(parsedJson(text));
  if (!parsed.success) return refuse(path, "newer");
  const names = parsed.data.files.map(({ name }) => name);
  const isComplete = NEEDED.every((needed) => names.some((name) => needed.test(name)));
  const isPlain = names.every((name) => ALLOWED.some((allowed) => allowed.test(name)));
  if (!isComplete || !isPlain || new Set(names).size < names.length) refuse(path, "contents");
  const id = createHash("sha256").update(signed).digest("hex");
  return { id, fingerprint: fingerprintOf(key), passport: parsed.data, text };
}

const WEIGHTS = /^model(-\d{5}-of-\d{5})?\.safetensors$/;
const NEEDED = [WEIGHTS, /^config\.json$/, /^tokenizer\.json$/, /^README\.md$/];
/** Weights, settings and texts in the folder itself: nothing that is a program, and no path. */
const ALLOWED = [
  ...NEEDED,
  /^(generation_config|tokenizer_config|model\.safetensors\.index)\.json$/,
  /^prompt\.safetensors$/,
  new RegExp(`^(${LICENCE_NAMES.join("|").replaceAll(".", "\\.")})$`),
];

/** The rest of a file, from front to back. */
interface Next {
  bytes(length: number): Buffer;
  length(): number;
  isShort(length: number): boolean;
  isEnd(): boolean;
}

function bytesFrom(file: FileBytes): Next {
  let at = 0;
  const isShort = (length: number) => at + length > file.sizeBytes;
  const bytes = (length: number) => {
    if (isShort(length)) refuse(file.path, "truncated");
    const read = file.read(at, length, "parcel");
    at += length;
    return Buffer.from(read.buffer, read.byteOffset, length);
  };
  return {
    bytes,
    isShort,
    length: () => bytes(LENGTH_BYTES).readUInt32LE(),
    isEnd: () => at === file.sizeBytes,
  };
}

/** A file's content; `onBytes` is given the size of each piece. */
async function* piecesOf(
  path: string,
  next: Next,
  { name, sizeBytes, sha256 }: Passport["files"][number],
  onBytes: (bytes: number) => void | Promise<void>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for (let left = sizeBytes; left > 0;) {
    const size = Math.min(left, PIECE_BYTES);
    const packed = next.length();
    const isPlausible = packed <= size && packed * MOST_TIMES_PACKED >= size;
    const piece = isPlausible ? unpackedPiece(next.bytes(packed), size, isWeights(name)) : null;
    if (piece === null) return refuse(path, "damaged");
    hash.update(piece);
    yield piece;
    left -= size;
    await onBytes(size);
  }
  if (hash.digest("hex") !== sha256) refuse(path, "damaged");
}

async function drained(pieces: AsyncIterator<unknown>): Promise<void> {
  while (!(await pieces.next()).done);
}

const isWeights = (name: string) => name.endsWith(".safetensors");

/** The numbers of weights are as good as random, of which only frequencies can be used: looking for repetitions takes longer and finds none. */
function packedPiece(bytes: Uint8Array, weights: boolean): Uint8Array {
  const content = weights ? halvesApart(bytes) : bytes;
  const packed = deflateRawSync(content, weights ? { strategy: constants.Z_HUFFMAN_ONLY } : {});
  return packed.length < content.length ? packed : content;
}

/** Null if they are not `size` bytes. */
function unpackedPiece(packed: Buffer, size: number, weights: boolean): Uint8Array | null {
  try {
    const content = packed.length === size ? packed : inflateRawSync(packed, { maxOutputLength: size });
    if (content.length !== size) return null;
    return weights ? halvesTogether(content) : content;
  } catch {
    return null;
  }
}

/** All even bytes, then all odd ones. */
function halvesApart(bytes: Uint8Array): Uint8Array {
  const apart = new Uint8Array(bytes.length);
  const evens = Math.ceil(bytes.length / 2);
  for (let i = 0; i < bytes.length; i++) apart[(i & 1) * evens + (i >> 1)] = bytes[i]!;
  return apart;
}

function halvesTogether(apart: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(apart.length);
  const evens = Math.ceil(apart.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = apart[(i & 1) * evens + (i >> 1)]!;
  return bytes;
}

const totalOf = (files: Passport["files"]) => files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

const refuse = (path: string, problem: ParcelProblem): never => fail({ code: "bad-parcel", path, problem });
