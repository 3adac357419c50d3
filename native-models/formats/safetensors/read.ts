/**
 * Reads safetensors: 8 bytes of header length, a JSON header, the tensors' bytes without gaps. One file, or a folder with
 * `model.safetensors` or with shards and their index. (huggingface/safetensors, README "Format" and its validation rules.)
 */
import { join } from "node:path";
import { fail } from "../../failure.ts";
import type { Weight } from "../../weights.ts";
import { exists, FileBytes, isFolder } from "../bytes.ts";
import { JsonReader } from "../json-reader.ts";
import { fileWeight } from "../stored-weight.ts";
import { tensorSection, unsupportedWeight } from "../tensor-file.ts";
import type { MetadataValue, TensorFile } from "../tensor-file.ts";
import {
  BITS_OF_DTYPE,
  INDEX_FILE,
  LARGEST_HEADER_BYTES,
  SINGLE_FILE,
  STORAGE_OF_DTYPE,
} from "./constants.ts";

/**
 * A model's safetensors: a file, or the folder that contains it or its shards. Throws `not-found`, `unreadable`, `corrupt-file`.
 */
export function openSafetensors(path: string): TensorFile {
  if (!isFolder(path)) return openFile(path);
  const single = join(path, SINGLE_FILE);
  return exists(single) ? { ...openFile(single), path } : openShards(path);
}

/** Whether a folder has safetensors, in one file or as shards with their index. */
export const hasSafetensors = (folder: string): boolean =>
  [SINGLE_FILE, INDEX_FILE].some((name) => exists(join(folder, name)));

/** Start and end count from the end of the header. */
interface Entry {
  dtype: string;
  shape: number[];
  begin: number;
  end: number;
}

/** NumPy's limit; the specification names none. */
const MOST_DIMENSIONS = 64;

function openFile(path: string): TensorFile {
  const file = FileBytes.open(path);
  try {
    const { entries, metadata, dataStart } = readHeader(file);
    refuseHoles(file, entries, dataStart);
    const tensors = new Map<string, Weight>();
    const unsupported = new Map<string, string>();
    for (const [name, entry] of entries) {
      const storage = STORAGE_OF_DTYPE.get(entry.dtype);
      if (storage) {
        tensors.set(name, fileWeight(file, name, storage, entry.shape, dataStart + entry.begin));
      } else {
        tensors.set(
          name,
          unsupportedWeight(path, name, entry.shape, entry.dtype, [...STORAGE_OF_DTYPE.keys()]),
        );
        unsupported.set(name, entry.dtype);
      }
    }
    const close = () => file.close();
    const { sizeBytes } = file;
    return { path, format: "safetensors", tensors, unsupported, metadata, sizeBytes, close };
  } catch (error) {
    file.close();
    throw error;
  }
}

function readHeader(file: FileBytes) {
  const lengthBytes = file.read(0, 8, "header length");
  const length = Number(new DataView(lengthBytes.buffer).getBigUint64(0, true));
  if (length > LARGEST_HEADER_BYTES)
    file.corrupt("header length", `it claims ${length} bytes, above the limit`);
  const bytes = file.read(8, length, "header");
  if (bytes[0] !== 0x7b) file.corrupt("header", "it does not begin with {");

  const entries = new Map<string, Entry>();
  const metadata = new Map<string, string>();
  const json = new JsonReader(bytes, (reason) => file.corrupt("header", reason));
  json.object((name) => {
    if (name === "__metadata__") return json.object((key) => void metadata.set(key, json.string()));
    entries.set(name, readEntry(file, json, name));
  });
  json.end();
  return { entries, metadata, dataStart: 8 + length };
}

function readEntry(file: FileBytes, json: JsonReader, name: string): Entry {
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  const integers = () => {
    const values: number[] = [];
    json.array(() => {
      if (values.push(json.integer()) > MOST_DIMENSIONS)
        file.corrupt(tensorSection(name), "it has too many dimensions");
    });
    return values;
  };
  json.object((field) => {
    if (field === "dtype") dtype = json.string();
    else if (field === "shape") shape = integers();
    else if (field === "data_offsets") offsets = integers();
    else json.skip();
  });
  if (dtype === undefined || !shape || offsets?.length !== 2) {
    return file.corrupt(tensorSection(name), "it lacks its dtype, shape or data_offsets");
  }
  const [begin, end] = offsets as [number, number];
  refuseWrongExtent(file, name, { dtype, shape, begin, end });
  return { dtype, shape, begin, end };
}

function refuseWrongExtent(file: FileBytes, name: string, { dtype, shape, begin, end }: Entry): void {
  const section = tensorSection(name);
  if (end < begin) file.corrupt(section, `it ends at ${end}, before it begins at ${begin}`);
  const bits = BITS_OF_DTYPE.get(dtype);
  if (bits === undefined) return; // a dtype newer than this code: listed, and refused when it is read
  const elements = shape.reduce((product, axis) => product * axis, 1);
  if (elements * bits !== (end - begin) * 8) {
    const sizes = shape.join(", ");
    const wanted = (elements * bits) / 8;
    file.corrupt(
      section,
      Number.isSafeInteger(wanted * 8)
        ? `[${sizes}] of ${dtype} takes ${wanted} bytes, but has ${end - begin}`
        : `[${sizes}] of ${dtype} is larger than any file`,
    );
  }
}

/** Every byte of the data belongs to exactly one tensor. */
function refuseHoles(file: FileBytes, entries: ReadonlyMap<string, Entry>, dataStart: number): void {
  let expected = 0;
  for (const [name, { begin, end }] of [...entries].sort(
    ([, a], [, b]) => a.begin - b.begin || a.end - b.end,
  )) {
    if (begin !== expected)
      file.corrupt(tensorSection(name), `it begins at ${begin}, but what is before it ends at ${expected}`);
    expected = end;
    if (dataStart + end > file.sizeBytes) {
      file.corrupt(
        tensorSection(name),
        `it ends at byte ${dataStart + end}, but the file ends at ${file.sizeBytes}`,
      );
    }
  }
  if (dataStart + expected !== file.sizeBytes) {
    file.corrupt("data", `${file.sizeBytes - dataStart - expected} bytes follow the last tensor`);
  }
}

function openShards(folder: string): TensorFile {
  const indexPath = join(folder, INDEX_FILE);
  const { shardOf, sizeBytes: indexBytes } = readIndex(indexPath);
  const shards = new Map<string, TensorFile>();
  const close = () => shards.forEach((shard) => shard.close());
  try {
    for (const name of new Set(shardOf.values())) shards.set(name, openFile(join(folder, name)));
    const tensors = new Map<string, Weight>();
    const unsupported = new Map<string, string>();
    for (const [name, shardName] of shardOf) {
      const shard = shards.get(shardName)!;
      const weight = shard.tensors.get(name);
      if (!weight) {
        const reason = `${tensorSection(name)} is not in ${shardName}`;
        return fail({ code: "corrupt-file", path: indexPath, section: "weight_map", reason });
      }
      tensors.set(name, weight);
      if (shard.unsupported.has(name)) unsupported.set(name, shard.unsupported.get(name)!);
    }
    const metadata = new Map<string, MetadataValue>(
      [...shards.values()].flatMap((shard) => [...shard.metadata]),
    );
    const sizeBytes = [...shards.values()].reduce((sum, shard) => sum + shard.sizeBytes, indexBytes);
    return {
      path: folder,
      format: "safetensors",
      tensors,
      unsupported,
      metadata,
      sizeBytes,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** The shard of each tensor. A shard is a file of the same folder: its name must not lead elsewhere. */
function readIndex(path: string): { shardOf: Map<string, string>; sizeBytes: number } {
  const file = FileBytes.open(path);
  try {
    if (file.sizeBytes > LARGEST_HEADER_BYTES)
      file.corrupt("index", `it has ${file.sizeBytes} bytes, above the limit`);
    const bytes = file.read(0, file.sizeBytes, "index");
    const json = new JsonReader(bytes, (reason) => file.corrupt("index", reason));
    const shardOf = new Map<string, string>();
    json.object((field) => {
      if (field !== "weight_map") return json.skip();
      json.object((name) => {
        const shard = json.string();
        if (!SHARD_NAME.test(shard)) {
          file.corrupt(
            "weight_map",
            `${tensorSection(name)} is said to be in ${JSON.stringify(shard.slice(0, 100))}`,
          );
        }
        shardOf.set(name, shard);
      });
    });
    json.end();
    if (shardOf.size === 0) file.corrupt("weight_map", "it names no tensor");
    return { shardOf, sizeBytes: file.sizeBytes };
  } finally {
    file.close();
  }
}

/** No separator of either operating system, no drive or stream (":"), no NUL, and not hidden. */
const SHARD_NAME = /^[^/\\:\0.][^/\\:\0]*\.safetensors$/;
