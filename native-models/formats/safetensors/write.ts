/** Writes safetensors: streamed weight by weight, never a whole model in memory, published only when complete. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "../../failure.ts";
import { STORAGE, storedBytes } from "../../weights.ts";
import type { Weight } from "../../weights.ts";
import { localDisk, Replacement, writeFileAtomic } from "../atomic.ts";
import type { Disk } from "../atomic.ts";
import { storedPieces } from "../stored-weight.ts";
import {
  DTYPE_OF_STORAGE,
  INDEX_FILE,
  LARGEST_HEADER_BYTES,
  SHARD_FILE,
  shardFile,
  SINGLE_FILE,
} from "./constants.ts";

/** Without this, transformers refuses a file. */
const METADATA = { format: "pt" };

export interface SafetensorsOptions {
  disk?: Disk;
}

/**
 * Writes weights in f32, f16 or bf16 as one file, atomically; convert others with `encoded` first. Throws `disk-full`,
 * `unwritable`, and the errors of reading the weights.
 */
export async function writeSafetensors(
  path: string,
  weights: Iterable<Weight>,
  { disk = localDisk }: SafetensorsOptions = {},
): Promise<void> {
  await writeFileAtomic(path, fileContent(path, [...weights]), disk);
}

/**
 * Writes weights to a folder in the Hugging Face layout: `model.safetensors` if they fit in `shardBytes`, otherwise shards with
 * an index. An existing model is replaced once the new one is complete on disk; if killed during the replacement, the folder has
 * no model, never a mixture. Returns the names of the files. Throws as `writeSafetensors`.
 */
export async function writeSafetensorsFolder(
  folder: string,
  weights: Iterable<Weight>,
  options: SafetensorsOptions & { shardBytes?: number } = {},
): Promise<string[]> {
  const { shardBytes = 5e9, disk = localDisk } = options;
  const shards = shardsOf([...weights], shardBytes);
  const names = shards.length === 1 ? [SINGLE_FILE] : shards.map((_, i) => shardFile(i + 1, shards.length));
  const written: Replacement[] = [];
  const write = async (name: string, content: Iterable<Uint8Array>) => {
    const replacement = await Replacement.begin(join(folder, name), disk);
    written.push(replacement);
    for (const piece of content) await replacement.write(piece);
    await replacement.finish();
  };
  try {
    for (const [i, shard] of shards.entries()) {
      await write(names[i]!, fileContent(join(folder, names[i]!), shard));
    }
    if (shards.length > 1) {
      await write(INDEX_FILE, [Buffer.from(indexOf(shards, names))]);
      names.push(INDEX_FILE);
      for (const name of [SINGLE_FILE, INDEX_FILE]) await disk.remove(join(folder, name));
    }
    for (const replacement of written) await replacement.publish();
  } catch (error) {
    for (const replacement of written) await replacement.discard();
    throw error;
  }
  await removeFormer(folder, names);
  return names;
}

/** Fills shards in the given order; a weight larger than a shard gets its own. */
function shardsOf(weights: Weight[], shardBytes: number): Weight[][] {
  const shards: Weight[][] = [[]];
  let filled = 0;
  for (const weight of weights) {
    const bytes = sizeOf(weight);
    if (filled > 0 && filled + bytes > shardBytes) {
      shards.push([]);
      filled = 0;
    }
    shards[shards.length - 1]!.push(weight);
    filled += bytes;
  }
  return shards;
}

function* fileContent(path: string, weights: Weight[]): Generator<Uint8Array> {
  // Wide elements first: every tensor is then aligned to its elements, as other readers prefer.
  const ordered = [...weights].sort((a, b) => STORAGE[b.storage].bytes - STORAGE[a.storage].bytes);
  yield header(path, ordered);
  for (const weight of ordered) yield* storedPieces(weight);
}

function header(path: string, weights: Weight[]): Uint8Array {
  // Assembled by hand, because an object would reorder names like "7" and lose "__proto__".
  const fields = [`"__metadata__":${JSON.stringify(METADATA)}`];
  const names = new Set(["__metadata__"]);
  let begin = 0;
  for (const weight of weights) {
    if (names.has(weight.name)) throw new Error(`two tensors are named ${weight.name}`);
    names.add(weight.name);
    const end = begin + sizeOf(weight);
    const entry = { dtype: dtypeOf(path, weight), shape: weight.shape, data_offsets: [begin, end] };
    fields.push(`${JSON.stringify(weight.name)}:${JSON.stringify(entry)}`);
    begin = end;
  }
  const json = Buffer.from(`{${fields.join(",")}}`, "utf8");
  const length = Math.ceil(json.length / 8) * 8;
  if (length > LARGEST_HEADER_BYTES)
    throw new Error(`${path}: a header of ${length} bytes is above the format's limit`);
  const bytes = Buffer.alloc(8 + length, " ");
  bytes.writeBigUInt64LE(BigInt(length), 0);
  json.copy(bytes, 8);
  return bytes;
}

function dtypeOf(path: string, { name, storage }: Weight): string {
  const supported = Object.keys(DTYPE_OF_STORAGE);
  return (
    DTYPE_OF_STORAGE[storage] ??
    fail({ code: "unsupported-tensor-type", path, tensor: name, type: storage, supported })
  );
}

function indexOf(shards: Weight[][], names: string[]): string {
  const places = shards.flatMap((shard, i) =>
    shard.map(({ name }) => `    ${JSON.stringify(name)}: ${JSON.stringify(names[i])}`),
  );
  const totalBytes = shards.flat().reduce((sum, weight) => sum + sizeOf(weight), 0);
  return `{\n  "metadata": { "total_size": ${totalBytes} },\n  "weight_map": {\n${places.join(",\n")}\n  }\n}\n`;
}

function sizeOf({ storage, rows, columns }: Weight): number {
  return storedBytes(storage, rows, columns);
}

/** Removes the files of the folder's previous model, which no reader uses any more. */
async function removeFormer(folder: string, current: string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    const ofModel = name === SINGLE_FILE || name === INDEX_FILE || SHARD_FILE.test(name);
    if (ofModel && !current.includes(name)) await rm(join(folder, name), { force: true });
  }
}
