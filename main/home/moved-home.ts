/** A note, in the system's standard place for Coppice's data, that says where the home was moved to (docs/decisions/0011). */
import { existsSync, readFileSync } from "node:fs";
import type { BigIntStats } from "node:fs";
import { isAbsolute, join } from "node:path";
import { z } from "zod";
import { AppError } from "../../native-models/failure.ts";
import { failedWrite, makeFolder, replaceFileNow } from "../../native-models/formats/atomic.ts";

const FILE = "moved.json";

/**
 * A file's size, the time of its last change in nanoseconds, and its inode number, which reveals a file that was replaced while the home
 * is copied. The note stores the inode number too, but it is not compared later: after a restart a disk may renumber its files.
 */
const Stamp = z.object({ bytes: z.number(), changed: z.string(), node: z.string() });
export type Stamp = z.infer<typeof Stamp>;

export const stampOf = ({ size, mtimeNs, ino }: BigIntStats): Stamp => ({
  bytes: Number(size),
  changed: String(mtimeNs),
  node: String(ino),
});

/** `from`: the old folder, to be removed once the new one has opened; `copied`: its files as they were copied. */
const Moved = z.object({
  folder: z.string().refine(isAbsolute),
  from: z.string().refine(isAbsolute).optional(),
  copied: z.array(z.tuple([z.string(), Stamp])).optional(),
});
export type Moved = z.infer<typeof Moved>;

/** The content of the note in `place`; null without one. Failure: corrupt-file. */
export function readMoved(place: string): Moved | null {
  const path = join(place, FILE);
  if (!existsSync(path)) return null;
  try {
    return Moved.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const reason = `it cannot be read: ${(error as Error).message.slice(0, 200)}`;
    throw new AppError({ code: "corrupt-file", path, section: "the home's place", reason });
  }
}

/** Replaces the note. Synchronous: nothing may be written to the old home between this and the restart. Failures: disk-full, unwritable. */
export function writeMoved(place: string, moved: Moved): void {
  const path = join(place, FILE);
  try {
    makeFolder(place, 0o700);
    replaceFileNow(path, `${JSON.stringify(moved)}\n`, 0o600);
  } catch (error) {
    failedWrite(path, error);
  }
}
