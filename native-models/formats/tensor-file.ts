/** The interface of all model file formats: named weights and metadata; nothing is read before it is requested. */
import { fail } from "../failure.ts";
import type { StorageType, Weight } from "../weights.ts";
import type { StringList } from "./string-list.ts";

/** An open model file, or the open files of a sharded one. Whoever opens it closes it. */
export interface TensorFile {
  /** The path it was opened by: a file, or the folder of its files. */
  readonly path: string;
  readonly format: "gguf" | "safetensors";
  /**
   * Every tensor by its name in the file. A tensor of a type that Coppice cannot decode is listed too, with its name and shape;
   * requesting its storage or values throws `unsupported-tensor-type`.
   */
  readonly tensors: ReadonlyMap<string, Weight>;
  /** The format's type name of each tensor that cannot be decoded. */
  readonly unsupported: ReadonlyMap<string, string>;
  readonly metadata: ReadonlyMap<string, MetadataValue>;
  /** All its files together. */
  readonly sizeBytes: number;
  close(): void;
}

/** A metadata value. Safetensors has only strings. */
export type MetadataValue = string | number | bigint | boolean | MetadataArray;

/** An array of numbers is a typed array of the same width as in the file; one of many strings is a list of them. */
export type MetadataArray =
  readonly string[] | StringList | readonly boolean[] | NumberArray | readonly MetadataArray[];

export type NumberArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array;

/** A tensor of a type that cannot be decoded: its name and shape are known, all else throws `unsupported-tensor-type`. */
export function unsupportedWeight(
  path: string,
  name: string,
  shape: readonly number[],
  type: string,
  supported: readonly string[],
): Weight {
  const refuse = (): never =>
    fail({ code: "unsupported-tensor-type", path, tensor: name, type, supported: [...supported] });
  const { rows, columns } = rowsAndColumns(shape);
  return {
    name,
    shape,
    rows,
    columns,
    get storage(): StorageType {
      return refuse();
    },
    read: refuse,
    readFloat32: refuse,
  };
}

/** A shape as rows of the last axis; a vector is one row, a scalar one row of one element. */
export function rowsAndColumns(shape: readonly number[]): { rows: number; columns: number } {
  const columns = shape.length === 0 ? 1 : shape[shape.length - 1]!;
  return { rows: shape.slice(0, -1).reduce((rows, size) => rows * size, 1), columns };
}

/** A tensor's name in a failure; a hostile name is truncated. */
export function tensorSection(name: string): string {
  return `tensor ${JSON.stringify(name.length <= 100 ? name : `${name.slice(0, 100)}…`)}`;
}
