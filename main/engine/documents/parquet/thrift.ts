/**
 * Thrift's compact protocol, the encoding of Parquet's footer and page headers
 * (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md). Only requested fields are kept, and
 * nothing is allocated from a count before the bytes are seen.
 */
import { readVarint } from "../../../../native-models/formats/varint.ts";
import { BadParquet, refuse } from "./bad-parquet.ts";

/** The fields of a struct that are read, by number; others are skipped. */
export interface Shape {
  readonly [field: number]: "value" | Shape | readonly ["value" | Shape];
}

export type Value = number | boolean | Buffer | Struct | Value[];
export type Struct = ReadonlyMap<number, Value>;

const TYPE = {
  stop: 0,
  true: 1,
  false: 2,
  byte: 3,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
};
const DEEPEST = 32;
/** More than files with a thousand columns have, and few enough to hold. */
const MOST_VALUES = 2 ** 20;

/** Reads structs in sequence. Throws `BadParquet`. */
export class ThriftReader {
  readonly #bytes: Buffer;
  #at: number;
  #values = 0;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Where the next byte is read. */
  get at(): number {
    return this.#at;
  }

  struct(shape: Shape, depth = 0): Struct {
    if (depth > DEEPEST) refuse("has a description that is nested too deep");
    const fields = new Map<number, Value>();
    let id = 0;
    for (;;) {
      const head = this.#byte();
      const type = head & 15;
      if (type === TYPE.stop) return fields;
      id = head >> 4 ? id + (head >> 4) : this.#integer();
      const wanted = shape[id];
      if (wanted === undefined) this.#skip(type, depth);
      else fields.set(id, this.#value(type, wanted, depth));
    }
  }

  #value(type: number, wanted: Shape[number], depth: number): Value {
    if (++this.#values > MOST_VALUES) refuse("has a description with too many fields");
    if (type === TYPE.true || type === TYPE.false) return type === TYPE.true;
    if (type === TYPE.binary) return this.#take(this.#length());
    if (type === TYPE.struct)
      return this.struct(typeof wanted === "object" ? (wanted as Shape) : {}, depth + 1);
    if (type === TYPE.list || type === TYPE.set) {
      const { count, element } = this.#listHead();
      const inner = Array.isArray(wanted) ? (wanted[0] as "value" | Shape) : "value";
      const values: Value[] = [];
      for (let i = 0; i < count; i++) {
        values.push(isBoolean(element) ? this.#byte() === 1 : this.#value(element, inner, depth + 1));
      }
      return values;
    }
    return this.#number(type);
  }

  #number(type: number): number {
    if (type === TYPE.byte) return (this.#byte() << 24) >> 24;
    if (type === TYPE.double) return this.#take(8).readDoubleLE();
    if (type > TYPE.byte && type < TYPE.double) return this.#integer();
    return refuse("has a damaged description");
  }

  #skip(type: number, depth: number): void {
    if (depth > DEEPEST) refuse("has a description that is nested too deep");
    if (isBoolean(type)) return;
    if (type === TYPE.binary) this.#take(this.#length());
    else if (type === TYPE.struct) this.#skipStruct(depth + 1);
    else if (type === TYPE.list || type === TYPE.set) {
      const { count, element } = this.#listHead();
      for (let i = 0; i < count; i++) this.#skipElement(element, depth);
    } else if (type === TYPE.map) {
      const count = this.#count();
      const types = count === 0 ? 0 : this.#byte();
      for (let i = 0; i < count; i++) {
        this.#skipElement(types >> 4, depth);
        this.#skipElement(types & 15, depth);
      }
    } else this.#number(type);
  }

  #skipElement(type: number, depth: number): void {
    if (isBoolean(type)) this.#byte();
    else this.#skip(type, depth + 1);
  }

  #skipStruct(depth: number): void {
    for (;;) {
      const head = this.#byte();
      if ((head & 15) === TYPE.stop) return;
      if (head >> 4 === 0) this.#integer();
      this.#skip(head & 15, depth);
    }
  }

  #listHead(): { count: number; element: number } {
    const head = this.#byte();
    return { count: head >> 4 === 15 ? this.#count() : head >> 4, element: head & 15 };
  }

  /** Every element takes at least one byte. */
  #count(): number {
    const count = this.#unsigned();
    return count <= BigInt(this.#bytes.length - this.#at)
      ? Number(count)
      : refuse("has a list longer than the file");
  }

  #length(): number {
    const length = this.#unsigned();
    return length <= BigInt(this.#bytes.length - this.#at)
      ? Number(length)
      : refuse("has a text longer than the file");
  }

  /** A zigzag integer of up to 64 bits. Counts and offsets above 2⁵³ are refused. */
  #integer(): number {
    const zigzag = this.#unsigned();
    const value = Number((zigzag >> 1n) ^ -(zigzag & 1n));
    return Number.isSafeInteger(value) ? value : refuse("has a number that is too large");
  }

  #unsigned(): bigint {
    return readVarint(() => this.#byte()) ?? refuse("has an unterminated number");
  }

  #byte(): number {
    if (this.#at >= this.#bytes.length) refuse("has a truncated description");
    return this.#bytes[this.#at++]!;
  }

  #take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) refuse("has a truncated description");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

function isBoolean(type: number): boolean {
  return type === TYPE.true || type === TYPE.false;
}

/** A required number field. Throws `BadParquet`. */
export function numberIn(struct: Struct, field: number, otherwise?: number): number {
  const value = struct.get(field) ?? otherwise;
  return typeof value === "number" ? value : damaged();
}

/** A required non-negative number field. Throws `BadParquet`. */
export function countIn(struct: Struct, field: number, otherwise?: number): number {
  const count = numberIn(struct, field, otherwise);
  return count >= 0 ? count : refuse("has a negative count");
}

/** A required text field. Throws `BadParquet`. */
export function textIn(struct: Struct, field: number): string {
  return textOf(struct.get(field));
}

/** A required text value. Throws `BadParquet`. */
export function textOf(value: Value | undefined): string {
  return Buffer.isBuffer(value) ? value.toString("utf8") : damaged();
}

/** A required list of structs. Throws `BadParquet`. */
export function structsIn(struct: Struct, field: number): Struct[] {
  return listIn(struct, field).map((value) => (value instanceof Map ? (value as Struct) : damaged()));
}

/** A required list field. Throws `BadParquet`. */
export function listIn(struct: Struct, field: number): Value[] {
  const value = struct.get(field);
  return Array.isArray(value) ? value : damaged();
}

/** An optional struct field. Throws `BadParquet`. */
export function structIn(struct: Struct, field: number): Struct | undefined {
  const value = struct.get(field);
  if (value === undefined || value instanceof Map) return value as Struct | undefined;
  return damaged();
}

function damaged(): never {
  throw new BadParquet("has a damaged description");
}
