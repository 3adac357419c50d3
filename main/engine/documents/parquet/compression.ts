/** Decompression of pages, with a limit on the output. */
import zlib from "node:zlib";
import { refuse } from "./bad-parquet.ts";

/** By the number of a CompressionCodec; null if unsupported. */
const CODECS: readonly { readonly name: string; readonly unpack: Unpack | null }[] = [
  { name: "none", unpack: (packed) => packed },
  { name: "Snappy", unpack: snappy },
  { name: "gzip", unpack: (packed, maxOutputLength) => zlib.gunzipSync(packed, { maxOutputLength }) },
  { name: "LZO", unpack: null },
  {
    name: "Brotli",
    unpack: (packed, maxOutputLength) => zlib.brotliDecompressSync(packed, { maxOutputLength }),
  },
  { name: "the old LZ4", unpack: null },
  { name: "Zstandard", unpack: zstandard() },
  { name: "LZ4", unpack: lz4 },
];

type Unpack = (packed: Buffer, bytes: number) => Buffer;

/** Unpacks a page to exactly `bytes`. Throws `BadParquet`. */
export function unpacked(codec: number, packed: Buffer, bytes: number): Buffer {
  const { name, unpack } = CODECS[codec] ?? refuse("is compressed with an unknown method");
  if (!unpack)
    return refuse(`is compressed with ${name}, which is not supported; write it with Snappy or gzip`);
  if (bytes === 0) return Buffer.alloc(0);
  let page: Buffer | undefined;
  try {
    page = unpack(packed, bytes);
  } catch {
    page = undefined;
  }
  return page?.length === bytes ? page : refuse("has a page that does not decompress to its stated size");
}

/** In Node since 22.15; the Electron that Coppice ships with has it, the old one used in tests does not. */
function zstandard(): Unpack | null {
  // eslint-disable-next-line n/no-unsupported-features/node-builtins -- used only if it exists
  const { zstdDecompressSync } = zlib as Partial<typeof zlib>;
  return zstdDecompressSync
    ? (packed, maxOutputLength) => zstdDecompressSync(packed, { maxOutputLength })
    : null;
}

/** https://github.com/google/snappy/blob/main/format_description.txt */
function snappy(packed: Buffer, bytes: number): Buffer {
  const output = new Output(bytes);
  let at = 0;
  while (packed[at]! >= 128) at++;
  at++;
  while (at < packed.length) {
    const tag = packed[at++]!;
    const upper = tag >> 2;
    if ((tag & 3) === 0) {
      const extra = upper < 60 ? 0 : upper - 59;
      const length = 1 + (extra === 0 ? upper : packed.readUIntLE(at, extra));
      at += extra;
      output.literal(packed, at, length);
      at += length;
    } else if ((tag & 3) === 1) {
      output.copy(((tag >> 5) << 8) | packed.readUInt8(at++), 4 + (upper & 7));
    } else {
      const width = (tag & 3) === 2 ? 2 : 4;
      output.copy(packed.readUIntLE(at, width), 1 + upper);
      at += width;
    }
  }
  return output.done();
}

/** https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md */
function lz4(packed: Buffer, bytes: number): Buffer {
  const output = new Output(bytes);
  let at = 0;
  const long = (length: number): number => {
    for (let byte = 255; length >= 15 && byte === 255; length += byte) byte = packed.readUInt8(at++);
    return length;
  };
  while (at < packed.length) {
    const token = packed[at++]!;
    const literals = long(token >> 4);
    output.literal(packed, at, literals);
    at += literals;
    if (at >= packed.length) break;
    const distance = packed.readUInt16LE(at);
    at += 2;
    output.copy(distance, 4 + long(token & 15));
  }
  return output.done();
}

/** Output built from literals and copies of earlier bytes. Throws `RangeError`. */
class Output {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: number) {
    this.#bytes = Buffer.allocUnsafe(bytes);
  }

  literal(from: Buffer, at: number, length: number): void {
    if (length > this.#bytes.length - this.#at || length > from.length - at) throw new RangeError();
    from.copy(this.#bytes, this.#at, at, at + length);
    this.#at += length;
  }

  copy(distance: number, length: number): void {
    if (distance < 1 || distance > this.#at || length > this.#bytes.length - this.#at) throw new RangeError();
    if (distance >= length)
      this.#bytes.copyWithin(this.#at, this.#at - distance, this.#at - distance + length);
    else for (let i = 0; i < length; i++) this.#bytes[this.#at + i] = this.#bytes[this.#at + i - distance]!;
    this.#at += length;
  }

  done(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }
}
