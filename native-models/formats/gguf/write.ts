/** Writes GGUF: version 3, each weight in its own storage, streamed, published only when complete. */
import { storedBytes } from "../../weights.ts";
import type { Weight } from "../../weights.ts";
import { writeFileAtomic } from "../atomic.ts";
import { storedPieces } from "../stored-weight.ts";
import type { NumberArray } from "../tensor-file.ts";
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

/** A value to write. Readers require the exact type of a key, so a number has an explicit type. */
export type GgufEntry =
  | string
  | boolean
  | readonly string[]
  | readonly boolean[]
  | NumberArray
  | { readonly type: keyof typeof NUMBERS; readonly value: number | bigint };

/** Writes a GGUF file atomically. Throws `disk-full`, `unwritable`, and the errors of reading the weights. */
export async function writeGguf(
  path: string,
  metadata: ReadonlyMap<string, GgufEntry>,
  weights: Iterable<Weight>,
): Promise<void> {
  await writeFileAtomic(path, fileContent(metadata, [...weights]));
}

function* fileContent(metadata: ReadonlyMap<string, GgufEntry>, weights: Weight[]): Generator<Uint8Array> {
  if (metadata.has(ALIGNMENT_KEY)) throw new Error(`${ALIGNMENT_KEY} is the writer's to choose`);
  const header = Buffer.concat([...headerOf(metadata, weights)]);
  yield header;
  yield padding(header.length);
  for (const weight of weights) {
    yield* storedPieces(weight);
    yield padding(sizeOf(weight));
  }
}

function* headerOf(metadata: ReadonlyMap<string, GgufEntry>, weights: Weight[]): Generator<Uint8Array> {
  yield Buffer.from(MAGIC, "latin1");
  yield number("u32", WRITTEN_VERSION);
  yield number("u64", weights.length);
  yield number("u64", metadata.size);
  for (const [key, entry] of metadata) {
    yield string(key);
    yield* typedValue(entry);
  }
  let offset = 0;
  for (const weight of weights) {
    yield string(weight.name);
    yield number("u32", weight.shape.length);
    for (const axis of [...weight.shape].reverse()) yield number("u64", axis);
    yield number("u32", numberOfType(weight));
    yield number("u64", offset);
    offset += sizeOf(weight) + padding(sizeOf(weight)).length;
  }
}

function* typedValue(entry: GgufEntry): Generator<Uint8Array> {
  if (typeof entry === "string") {
    yield valueType("string");
    yield string(entry);
  } else if (typeof entry === "boolean") {
    yield valueType("bool");
    yield Buffer.of(Number(entry));
  } else if ("type" in entry) {
    yield valueType(entry.type);
    yield number(entry.type, entry.value);
  } else {
    yield valueType("array");
    yield valueType(typeOfElements(entry));
    yield number("u64", entry.length);
    if (ArrayBuffer.isView(entry)) yield Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength);
    else
      for (const element of entry)
        yield typeof element === "string" ? string(element) : Buffer.of(Number(element));
  }
}

function typeOfElements(array: NumberArray | readonly string[] | readonly boolean[]): ValueType {
  if (!ArrayBuffer.isView(array)) return typeof array[0] === "boolean" ? "bool" : "string";
  const [type] = Object.entries(NUMBERS).find(([, Numbers]) => array instanceof Numbers)!;
  return type as ValueType;
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
