/** Ensures that only one process at a time writes a home (docs/decisions/0002). */
import { AppError } from "../../native-models/failure.ts";
import { holderOf, lockFolder } from "./folder-lock.ts";
import type { FolderLock } from "./folder-lock.ts";

/**
 * Makes this process the writer of the home `folder`, waiting up to `patienceMs` for another writer to close. Failures:
 * home-in-use with the writer's process id, unwritable, disk-full.
 */
export function takeWriterLock(folder: string, patienceMs: number): FolderLock {
  const lock = lockFolder(folder, "writer", patienceMs);
  if (lock) return lock;
  const processId = writerOf(folder);
  throw new AppError({ code: "home-in-use", path: folder, ...(processId !== null && { processId }) });
}

/** The published process id of the home's writer; null if there is none, or it no longer exists. */
export function writerOf(folder: string): number | null {
  return holderOf(folder, "writer");
}
