/** Encodings of the values of a page (https://parquet.apache.org/docs/file-format/data-pages/encodings/). */
import { readVarint } from "../../../../native-models/formats/varint.ts";
import { refuse } from "./bad-parquet.ts";

/** Encodings by their number. */
export const ENCODING = {
  plain: 0,
  plainDictionary: 2,
  runs: 3,
  delta: 5,
  deltaLength: 6,
  deltaBytes: 7,
  dictionary: 8,
  byteStreams: 9,
};

/** Reads small numbers and bytes in sequence. Throws `BadParquet` at the end. */
export class PageReader {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  uint32(): number {
    return this.take(4).readUInt32LE();
  }

  take(length: number): Buffer {
    if (length < 0 || length > this.bytes.length - this.at) refuse("has a page that ends early");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** An unsigned integer of up to 64 bits. */
  varint(): bigint {
    return readVarint(() => this.byte()) ?? refuse("has a page with an unterminated number");
  }

  zigzag(): bigint {
    const value = this.varint();
    return (value >> 1n) ^ -(value & 1n);
  }

  count(): number {
    const value = this.varint();
    return value < 2 ** 31 ? Number(value) : refuse("has a page with a count that is too large");
  }
}

/** Run-length encoding and bit-packing: fills `output`. */
export function readRuns(reader: PageReader, width: number, output: Uint8Array | Uint32Array): void {
  if (width > 32) refuse("has a page with impossibly large indices");
  if (width === 0) return; // `output` has zeros already
  let done = 0;
  while (done < output.length) {
    const head = reader.count();
    const length = head >>> 1;
    if ((head & 1) === 0) {
      const value = reader.take((width + 7) >> 3);
      output.fill(value.readUIntLE(0, value.length), done, done + length);
      done += length;
    } else {
      const bytes = reader.take(length * width);
      const count = Math.min(length * 8, output.length - done);
      for (let i = 0; i < count; i++) output[done + i] = bitsAt(bytes, i * width, width);
      done += count;
    }
  }
}

/** `width` bits starting at a bit, the lowest first; at most 32. */
function bitsAt(bytes: Buffer, bit: number, width: number): number {
  let value = 0;
  for (let got = 0; got < width;) {
    const from = (bit + got) & 7;
    const taken = Math.min(8 - from, width - got);
    value += ((bytes[(bit + got) >>> 3]! >>> from) & ((1 << taken) - 1)) * 2 ** got;
    got += taken;
  }
  return value;
}

/** DELTA_BINARY_PACKED: `count` integers of a given width, with wrap-around. */
export function readDeltas(reader: PageReader, count: number, bits: 32 | 64): BigInt64Array {
  const [blockValues, miniblocks, total] = [reader.count(), reader.count(), reader.count()];
  const miniblockValues = blockValues / miniblocks;
  const isPossible =
    miniblocks >= 1 && miniblocks <= 512 && miniblockValues >= 8 && miniblockValues <= 2 ** 16;
  if (!isPossible || miniblockValues % 8 !== 0 || total !== count) refuse("has a page with damaged deltas");
  const values = new BigInt64Array(count);
  let value = reader.zigzag();
  if (count > 0) values[0] = value;
  for (let done = 1; done < count;) {
    const least = reader.zigzag();
    const widths = reader.take(miniblocks);
    for (const width of widths) {
      if (done >= count) break;
      if (width > bits) refuse("has a page with damaged deltas");
      const packed = reader.take((miniblockValues / 8) * width);
      const end = Math.min(miniblockValues, count - done);
      for (let i = 0; i < end; i++) {
        value = BigInt.asIntN(bits, value + least + wideBitsAt(packed, i * width, width));
        values[done++] = value;
      }
    }
  }
  return values;
}

function wideBitsAt(bytes: Buffer, bit: number, width: number): bigint {
  if (width <= 32) return BigInt(bitsAt(bytes, bit, width));
  return BigInt(bitsAt(bytes, bit, 32)) | (BigInt(bitsAt(bytes, bit + 32, width - 32)) << 32n);
}

/** DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes. */
export function readByLengths(reader: PageReader, count: number): Buffer[] {
  const lengths = readDeltas(reader, count, 32);
  return Array.from(lengths, (length) => reader.take(Number(length)));
}

/** DELTA_BYTE_ARRAY: each value shares a prefix with the previous one. `take` is called before bytes are written. */
export function readByPrefixes(reader: PageReader, count: number, take: (bytes: number) => void): Buffer[] {
  const prefixes = readDeltas(reader, count, 32);
  const suffixes = readByLengths(reader, count);
  let before = Buffer.alloc(0);
  return suffixes.map((suffix, index) => {
    const prefix = Number(prefixes[index]);
    if (prefix < 0 || prefix > before.length) refuse("has a page with damaged deltas");
    if (prefix === 0) return (before = suffix as Buffer<ArrayBuffer>);
    take(prefix + suffix.length);
    return (before = Buffer.concat([before.subarray(0, prefix), suffix]));
  });
}

/** BYTE_STREAM_SPLIT: the first bytes of all values, then the second ones, …; the result is in PLAIN encoding. */
export function withoutByteStreams(reader: PageReader, count: number, width: number): Buffer {
  const streams = reader.take(count * width);
  const plain = Buffer.allocUnsafe(count * width);
  for (let byte = 0; byte < width; byte++) {
    for (let i = 0; i < count; i++) plain[i * width + byte] = streams[byte * count + i]!;
  }
  return plain;
}
