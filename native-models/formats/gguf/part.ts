/**
 * Reads a GGUF file: metadata, a list of tensors, and their aligned data (ggml-org/ggml, docs/gguf.md). Versions 2 and 3, little-endian.
 * Every count, length and extent is checked against the file's size before anything is allocated for it.
 */
import { fail } from "../../failure.ts";
import type { Weight } from "../../weights.ts";
import { FileBytes } from "../bytes.ts";
import { fileWeight } from "../stored-weight.ts";
import { tensorSection, unsupportedWeight } from "../tensor-file.ts";
import type { MetadataValue } from "../tensor-file.ts";
import {
  ALIGNMENT_KEY,
  DEFAULT_ALIGNMENT,
  LONGEST_TENSOR_NAME_BYTES,
  MAGIC,
  MOST_DIMENSIONS,
  READABLE_VERSIONS,
  storageOf,
  SUPPORTED_TYPES,
  TENSOR_TYPES,
} from "./constants.ts";
import type { TensorType } from "./constants.ts";
import { GgufCursor } from "./cursor.ts";
import { readMetadata } from "./metadata.ts";

/** The minimum size of an entry of the metadata (key length, one byte, type, value) or of the tensor list. */
const SMALLEST_ENTRY_BYTES = 14;
const SMALLEST_TENSOR_BYTES = 25;
const MOST_ENTRIES = 2 ** 18;

/** An open GGUF file: a model, or a part of one. Whoever opens it closes its file. */
export interface GgufPart {
  readonly file: FileBytes;
  readonly metadata: ReadonlyMap<string, MetadataValue>;
  /** With shapes in NumPy's order: [out, in], the fastest axis last. */
  readonly tensors: ReadonlyMap<string, Weight>;
  readonly unsupported: ReadonlyMap<string, string>;
}

/** Opens one file. Throws `not-found`, `unreadable`, `corrupt-file`, `unsupported-format`. */
export function openPart(path: string): GgufPart {
  const file = FileBytes.open(path);
  try {
    const cursor = new GgufCursor(file);
    readPreamble(file, cursor);
    cursor.section = "tensor count";
    const tensorCount = cursor.count("tensors", SMALLEST_TENSOR_BYTES, MOST_ENTRIES);
    cursor.section = "metadata count";
    const metadataCount = cursor.count("entries", SMALLEST_ENTRY_BYTES, MOST_ENTRIES);
    const metadata = readMetadata(cursor, metadataCount);
    const alignment = alignmentOf(file, metadata);
    const entries = readTensorList(cursor, tensorCount);
    const dataStart = Math.ceil(cursor.position / alignment) * alignment;
    refuseWrongExtents(file, entries, dataStart, alignment);

    const tensors = new Map<string, Weight>();
    const unsupported = new Map<string, string>();
    for (const { name, shape, type, offset } of entries.values()) {
      const storage = storageOf(type);
      if (storage) {
        tensors.set(name, fileWeight(file, name, storage, shape, dataStart + offset));
      } else {
        tensors.set(name, unsupportedWeight(path, name, shape, type.name, SUPPORTED_TYPES));
        unsupported.set(name, type.name);
      }
    }
    return { file, metadata, tensors, unsupported };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** `offset` counts from the start of the data. */
interface Entry {
  name: string;
  shape: number[];
  type: TensorType;
  offset: number;
  bytes: number;
}

function readPreamble(file: FileBytes, cursor: GgufCursor): void {
  cursor.section = "magic";
  if (Buffer.from(cursor.bytes(4)).toString("latin1") !== MAGIC)
    cursor.corrupt(`it does not begin with ${MAGIC}`);
  cursor.section = "version";
  const version = cursor.u32();
  if (READABLE_VERSIONS.includes(version)) return;
  const supported = READABLE_VERSIONS.map((readable) => `GGUF version ${readable}, little-endian`);
  fail({ code: "unsupported-format", path: file.path, supported });
}

function readTensorList(cursor: GgufCursor, count: number): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (let i = 0; i < count; i++) {
    cursor.section = `tensor list entry ${i + 1}`;
    const name = cursor.name(LONGEST_TENSOR_NAME_BYTES);
    cursor.section = tensorSection(name);
    if (entries.has(name)) cursor.corrupt("its name appears twice");
    entries.set(name, { name, ...readTensorEntry(cursor) });
  }
  return entries;
}

function readTensorEntry(cursor: GgufCursor): Omit<Entry, "name"> {
  const dimensions = cursor.u32();
  if (dimensions > MOST_DIMENSIONS)
    cursor.corrupt(`it has ${dimensions} dimensions, more than ${MOST_DIMENSIONS}`);
  const sizes: bigint[] = [];
  for (let i = 0; i < dimensions; i++) sizes.push(cursor.u64());
  const number = cursor.u32();
  const offset = cursor.u64();

  const type = TENSOR_TYPES.get(number) ?? cursor.corrupt(`it has the unknown type ${number}`);
  if (sizes.includes(0n)) cursor.corrupt("one of its dimensions is 0");
  if ((sizes[0] ?? 1n) % BigInt(type.block) !== 0n) {
    cursor.corrupt(
      `its rows of ${sizes[0] ?? 1} are not whole blocks of ${type.block}, as ${type.name} needs`,
    );
  }
  const bytes =
    (sizes.reduce((product, size) => product * size, 1n) / BigInt(type.block)) * BigInt(type.bytes);
  if (offset + bytes > BigInt(Number.MAX_SAFE_INTEGER)) {
    cursor.corrupt(`[${sizes.join(", ")}] of ${type.name} at ${offset} is larger than any file`);
  }
  return { shape: sizes.map(Number).reverse(), type, offset: Number(offset), bytes: Number(bytes) };
}

/** Each tensor is aligned, inside the file, and shares no byte with another. */
function refuseWrongExtents(
  file: FileBytes,
  entries: ReadonlyMap<string, Entry>,
  dataStart: number,
  alignment: number,
): void {
  let before = { name: "", end: 0 };
  for (const { name, offset, bytes } of [...entries.values()].sort((a, b) => a.offset - b.offset)) {
    const section = tensorSection(name);
    const end = offset + bytes;
    if (offset % alignment !== 0)
      file.corrupt(section, `its offset ${offset} is not a multiple of ${alignment}`);
    if (offset < before.end) file.corrupt(section, `it overlaps ${tensorSection(before.name)}`);
    if (dataStart + end > file.sizeBytes) {
      file.corrupt(section, `it ends at byte ${dataStart + end}, but the file ends at ${file.sizeBytes}`);
    }
    before = { name, end };
  }
}

function alignmentOf(file: FileBytes, metadata: ReadonlyMap<string, MetadataValue>): number {
  const alignment = metadata.get(ALIGNMENT_KEY) ?? DEFAULT_ALIGNMENT;
  const isPowerOfTwo =
    typeof alignment === "number" && alignment >= 1 && Number.isInteger(Math.log2(alignment));
  if (!isPowerOfTwo) file.corrupt(`metadata "${ALIGNMENT_KEY}"`, "it is not a power of two");
  return alignment;
}
