/** The key-value part of a GGUF header. */
import type { MetadataArray, MetadataValue } from "../tensor-file.ts";
import { LONGEST_KEY_BYTES, NUMBERS, VALUE_TYPE_BY_NUMBER } from "./constants.ts";
import type { ValueType } from "./constants.ts";
import type { GgufCursor } from "./cursor.ts";

/** The format allows arrays of arrays, but no model uses them; these limits bound hostile files. */
const DEEPEST_ARRAYS = 4;
const MOST_ARRAYS = 2 ** 16;

/** Several times the largest vocabulary or list of merges. */
const LONGEST_ARRAY = 2 ** 22;

/** From here on, strings are decoded when they are asked for. */
const MANY_STRINGS = 1024;

/** A length and a type, or two lengths and a type: the minimum size of an entry or an inner array. */
const SMALLEST_STRING_BYTES = 8;
const SMALLEST_ARRAY_BYTES = 12;

/** Reads `count` entries. Throws `corrupt-file`, naming the entry. */
export function readMetadata(cursor: GgufCursor, count: number): Map<string, MetadataValue> {
  const metadata = new Map<string, MetadataValue>();
  const values = new ValueReader(cursor);
  for (let i = 0; i < count; i++) {
    cursor.section = `metadata entry ${i + 1}`;
    const key = cursor.name(LONGEST_KEY_BYTES);
    if (metadata.has(key)) cursor.corrupt(`its name ${JSON.stringify(key.slice(0, 100))} appears twice`);
    cursor.section = `metadata ${JSON.stringify(key.slice(0, 100))}`;
    metadata.set(key, values.read(values.type()));
  }
  return metadata;
}

class ValueReader {
  readonly #cursor: GgufCursor;
  #arrays = 0;

  constructor(cursor: GgufCursor) {
    this.#cursor = cursor;
  }

  type(): ValueType {
    const number = this.#cursor.u32();
    return (
      VALUE_TYPE_BY_NUMBER.get(number) ?? this.#cursor.corrupt(`it has the unknown value type ${number}`)
    );
  }

  read(type: ValueType): MetadataValue {
    switch (type) {
      case "string":
        return this.#cursor.string();
      case "bool":
        return this.#bool(this.#cursor.u8());
      case "array":
        return this.#array(1);
      case "u64":
      case "i64":
        return safe(this.#cursor[type]());
      default:
        return this.#cursor[type]();
    }
  }

  #array(depth: number): MetadataArray {
    const cursor = this.#cursor;
    if (depth > DEEPEST_ARRAYS) cursor.corrupt(`its arrays are nested more than ${DEEPEST_ARRAYS} deep`);
    if (++this.#arrays > MOST_ARRAYS) cursor.corrupt(`the file has more than ${MOST_ARRAYS} arrays`);
    const type = this.type();
    switch (type) {
      case "string":
        return this.#strings(cursor.count("strings", SMALLEST_STRING_BYTES, LONGEST_ARRAY));
      case "bool": {
        const bytes = cursor.bytes(cursor.count("booleans", 1, LONGEST_ARRAY));
        return Array.from(bytes, (byte) => this.#bool(byte));
      }
      case "array":
        return repeat(cursor.count("arrays", SMALLEST_ARRAY_BYTES, MOST_ARRAYS), () =>
          this.#array(depth + 1),
        );
      default: {
        const Numbers = NUMBERS[type];
        const count = cursor.count("numbers", Numbers.BYTES_PER_ELEMENT, LONGEST_ARRAY);
        return new Numbers(cursor.bytes(count * Numbers.BYTES_PER_ELEMENT).buffer as ArrayBuffer);
      }
    }
  }

  #strings(count: number): MetadataArray {
    return count < MANY_STRINGS ? repeat(count, () => this.#cursor.string()) : this.#cursor.strings(count);
  }

  #bool(byte: number): boolean {
    if (byte > 1) this.#cursor.corrupt(`it has the boolean value ${byte}`);
    return byte === 1;
  }
}

function repeat<T>(count: number, read: () => T): T[] {
  const values: T[] = [];
  for (let i = 0; i < count; i++) values.push(read());
  return values;
}

/** A 64-bit number as a double if that is exact. */
function safe(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
