/** Tensors to and from Python, as safetensors files. This has its own reader and writer, because the product's are under test. */
import { closeSync, openSync, readSync, writeFileSync } from "node:fs";

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** Writes F32 and I32 tensors with string metadata. */
export function writeTensors(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): void {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, { shape, data }] of tensors) {
    const end = offset + data.byteLength;
    header[name] = { dtype: data instanceof Int32Array ? "I32" : "F32", shape, data_offsets: [offset, end] };
    offset = end;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const bodies = [...tensors.values()].map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  writeFileSync(path, Buffer.concat([length, text, ...bodies]));
}

/** An open safetensors file whose F32 tensors are read one at a time. */
export interface TensorFile {
  readonly names: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  read(name: string): Float32Array;
  close(): void;
}

export function openTensors(path: string): TensorFile {
  const file = openSync(path, "r");
  const length = Number(readAt(file, 0, 8).readBigUInt64LE());
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(
    readAt(file, 8, length).toString("utf8"),
  ) as Record<string, { dtype: string; data_offsets: [number, number] }> & {
    __metadata__?: Record<string, string>;
  };
  return {
    names: Object.keys(entries),
    metadata,
    read(name) {
      const { dtype, data_offsets } = entries[name]!;
      if (dtype !== "F32") throw new Error(`${name} is ${dtype}, not F32.`);
      const bytes = readAt(file, 8 + length + data_offsets[0], data_offsets[1] - data_offsets[0]);
      return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    },
    close: () => closeSync(file),
  };
}

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.from(new ArrayBuffer(length)); // its own buffer, so that floats are aligned
  if (readSync(file, bytes, 0, length, position) !== length) throw new Error("The tensor file ends early.");
  return bytes;
}
