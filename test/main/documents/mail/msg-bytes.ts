/** Hand-made Outlook messages: compound files with the streams of properties. */
import { compoundBytes } from "../compound-bytes.ts";
import type { Streams } from "../compound-bytes.ts";

/** A properties stream with these numbers by their properties. */
export function properties(values: Readonly<Record<number, number>> = {}): Buffer {
  const entries = Object.entries(values).map(([property, value]) => {
    const entry = Buffer.alloc(16);
    entry.writeUInt16LE(3, 0);
    entry.writeUInt16LE(Number(property), 2);
    entry.writeUInt32LE(value, 8);
    return entry;
  });
  return Buffer.concat([Buffer.alloc(32), ...entries]);
}

/** A message with these streams, such as "__substg1.0_1000001F". */
export function msgBytes(streams: Streams): Buffer {
  return compoundBytes({ "__properties_version1.0": properties(), ...streams });
}
