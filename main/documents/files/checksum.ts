import { gzipSync } from "node:zlib";

/** CRC-32, as gzip writes it in its last eight bytes (RFC 1952, 2.3.1): Node 16 has no function for it. */
export function crc32(content: Uint8Array): number {
  const packed = gzipSync(content, { level: 0 });
  return packed.readUInt32LE(packed.length - 8);
}
