/** GGUF files assembled byte by byte, so that each field can be wrong. */

export const u8 = (value: number) => Buffer.of(value);
export const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
export const u64 = (value: number | bigint) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
export const text = (value: string | Buffer) =>
  Buffer.concat([u64(Buffer.from(value as string).length), Buffer.from(value as string)]);

/** Numbers of the value types that the tests write. */
export const TYPE = { u8: 0, u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9, u64: 10 };

/** A metadata entry: its key, the number of its type, its value's bytes. */
export const entry = (key: string | Buffer, type: number, ...value: Buffer[]) =>
  Buffer.concat([text(key), u32(type), ...value]);

export const strings = (key: string, values: string[]) =>
  entry(key, TYPE.array, u32(TYPE.string), u64(values.length), ...values.map(text));

export interface TensorFields {
  name?: string | Buffer;
  /** As the file has them: the fastest axis first. */
  axes?: (number | bigint)[];
  /** ggml_type: 0 F32, 1 F16, 2 Q4_0, 10 to 14 Q2_K to Q6_K, 16 IQ2_XXS. */
  type?: number;
  offset?: number | bigint;
}

export const tensor = ({ name = "w", axes = [32, 2], type = 0, offset = 0 }: TensorFields = {}) =>
  Buffer.concat([text(name), u32(axes.length), ...axes.map(u64), u32(type), u64(offset)]);

export interface GgufFields {
  magic?: string;
  version?: number | Buffer;
  tensorCount?: number | bigint;
  entryCount?: number | bigint;
  entries?: Buffer[];
  tensors?: Buffer[];
  alignment?: number;
  /** Zeros after the padding; by default what the default tensor needs. */
  dataBytes?: number;
}

/** A file of these fields; with none, a valid one that has one tensor. */
export function gguf({
  magic = "GGUF",
  version = 3,
  entries = [entry("general.architecture", TYPE.string, text("llama"))],
  tensors = [tensor()],
  tensorCount = tensors.length,
  entryCount = entries.length,
  alignment = 32,
  dataBytes = 256,
}: GgufFields = {}): Buffer {
  const header = Buffer.concat([
    Buffer.from(magic),
    typeof version === "number" ? u32(version) : version,
    u64(tensorCount),
    u64(entryCount),
    ...entries,
    ...tensors,
  ]);
  const padding = (alignment - (header.length % alignment)) % alignment;
  return Buffer.concat([header, Buffer.alloc(padding + dataBytes)]);
}
