/** A note in the system's standard place for Coppice's data that says where its home was moved to (docs/decisions/0011). */
import { existsSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { z } from "zod";
import { makeFolder } from "../native-models/formats/atomic.ts";
import { AppError } from "../native-models/failure.ts";

const FILE = "moved.json";

/** `from`: the folder still to be removed, once the new one has opened. */
const Moved = z.object({
  folder: z.string().refine(isAbsolute),
  from: z.string().refine(isAbsolute).optional(),
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

/** Writes the note. Synchronous: nothing may be written to the old home between this and the restart. */
export function writeMoved(place: string, moved: Moved): void {
  makeFolder(place, 0o700);
  writeFileSync(join(place, FILE), `${JSON.stringify(moved)}\n`, { mode: 0o600 });
}

/**
 * Removes the folder that a home was moved from: the files that Coppice created there, and the folder itself if nothing else is
 * in it. Called once the new home has opened.
 */
export function removeOldHome(place: string, opened: string): void {
  const moved = readMoved(place);
  if (moved?.from === undefined || moved.folder !== opened) return;
  for (const name of ours) rmSync(join(moved.from, name), { recursive: true, force: true });
  writeMoved(place, { folder: moved.folder });
  try {
    rmdirSync(moved.from);
  } catch {
    // It contains other files of the person's, or the note.
  }
}

/** The parts of a home. */
const ours = [
  ...["coppice.db", "coppice.db-wal", "coppice.db-shm"],
  ...["runs", "datasets", "models", "cache", "logs", "backups"],
  ...["writer.lock", "writer.json"],
];
