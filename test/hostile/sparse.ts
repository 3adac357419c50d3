import { truncateSync, writeFileSync } from "node:fs";

/** Writes a sparse file of `sizeBytes` that begins with `beginning`: much to read, and quickly made. */
export function writeSparse(path: string, beginning: string | Buffer, sizeBytes: number): void {
  writeFileSync(path, beginning);
  truncateSync(path, sizeBytes);
}
