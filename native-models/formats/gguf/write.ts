/** GGUF, written: version 3, each weight in the storage it has, streamed, published only when complete. */
import { storedBytes } from "../../weights.ts";
import type { Weight } from "../../weights.ts";
import { localDisk, writeFileAtomic } from "../atomic.ts";
import { rowsPerPiece } from "../stored-weight.ts";
import {
  ALIGNMENT_KEY,
  DEFAULT_ALIGNMENT,
  MAGIC,
  NUMBERS,
  TENSOR_TYPES,
  VALUE_TYPE,
  WRITTEN_VERSION,
} from "./constants.ts";
import type { ValueType } from "./constants.ts";

/** A value to write. Readers insist on the type of a key, so that a number comes with its own. */
export type GgufEntry =
  | string
  | boolean
  | readonly string[]
  | readonly boolean[]
  | InstanceType<(typeof NUMBERS)[keyof typeof NUMBERS]>
  | { readonly type: keyof typeof NUMBERS; readonly value: number | bigint };

/** Writes a GGUF file atomically. Throws `disk-full`, `unwritable`, and what reading the weights throws. */
export async function writeGguf(
  path: string,
  metadata: ReadonlyMap<string, GgufEntry>,
  weights: Iterable<Weight>,
  disk = localDisk,
): Promise<void> {
  await writeFileAtomic(path, fileContent(metadata, [...weights]), disk);
}

const PIECE_BYTES = 2 ** 24;

function* fileContent(metadata: ReadonlyMap<string, GgufEntry>, weights: Weight[]): Generator<Uint8Array> {
  if (metadata.has(ALIGNMENT_KEY)) throw new Error(`${ALIGNMENT_KEY} is the writer's to choose`);
  const header = headerOf(metadata, weights);
  yield header;
  yield padding(header.length);
  for (const weight of weights) {
    const step = rowsPerPiece(weight, PIECE_BYTES);
    for (let row = 0; row < weight.rows; row += step)
      yield weight.read(row, Math.min(step, weight.rows - row));
    yield padding(sizeOf(weight));
  }
}

function headerOf(metadata: ReadonlyMap<string, GgufEntry>, weights: Weight[]): Uint8Array {
  const parts: Uint8Array[] = [
    Buffer.from(MAGIC, "latin1"),
    number("u32", WRITTEN_VERSION),
    number("u64", weights.length),
    number("u64", metadata.size),
  ];
  for (const [key, entry] of metadata) parts.push(string(key), ...typedValue(entry));
  let offset = 0;
  for (const weight of weights) {
    const axes = [...weight.shape].reverse();
    parts.push(string(weight.name), number("u32", axes.length), ...axes.map((axis) => number("u64", axis)));
    parts.push(number("u32", numberOfType(weight)), number("u64", offset));
    offset += sizeOf(weight) + padding(sizeOf(weight)).length;
  }
  return Buffer.concat(parts);
}

function typedValue(entry: GgufEntry): Uint8Array[] {
  if (typeof entry === "string") return [valueType("string"), string(entry)];
  if (typeof entry === "boolean") return [valueType("bool"), Buffer.of(Number(entry))];
  if ("type" in entry) return [valueType(entry.type), number(entry.type, entry.value)];
  const array = (type: ValueType) => [valueType("array"), valueType(type), number("u64", entry.length)];
  if (ArrayBuffer.isView(entry)) {
    return [...array(typeOfNumbers(entry)), Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength)];
  }
  if (typeof entry[0] === "boolean") return [...array("bool"), Uint8Array.from(entry as boolean[], Number)];
  return [...array("string"), ...(entry as readonly string[]).map(string)];
}

function typeOfNumbers(numbers: ArrayBufferView): keyof typeof NUMBERS {
  const found = Object.entries(NUMBERS).find(([, Numbers]) => numbers instanceof Numbers);
  return found![0] as keyof typeof NUMBERS;
}

function string(text: string): Uint8Array {
  const bytes = Buffer.from(text, "utf8");
  return Buffer.concat([number("u64", bytes.length), bytes]);
}

function valueType(type: ValueType): Uint8Array {
  return number("u32", VALUE_TYPE[type]);
}

function number(type: keyof typeof NUMBERS, value: number | bigint): Uint8Array {
  const numbers =
    type === "u64" || type === "i64" ? NUMBERS[type].of(BigInt(value)) : NUMBERS[type].of(Number(value));
  return new Uint8Array(numbers.buffer);
}

function numberOfType({ storage }: Weight): number {
  for (const [number, type] of TENSOR_TYPES) if (type.name === storage.toUpperCase()) return number;
  throw new Error(`GGUF has no type ${storage}`);
}

function sizeOf({ storage, rows, columns }: Weight): number {
  return storedBytes(storage, rows, columns);
}

function padding(length: number): Uint8Array {
  return new Uint8Array((DEFAULT_ALIGNMENT - (length % DEFAULT_ALIGNMENT)) % DEFAULT_ALIGNMENT);
}
