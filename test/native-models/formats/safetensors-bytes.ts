/** A safetensors file with any header, true or not, and `dataBytes` zeros as data. */
export function safetensors(
  header: string | object | Buffer,
  dataBytes: number,
  headerBytes?: number | bigint,
): Buffer {
  const json = Buffer.isBuffer(header)
    ? header
    : Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(headerBytes ?? json.length));
  return Buffer.concat([length, json, Buffer.alloc(dataBytes)]);
}
