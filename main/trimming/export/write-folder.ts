/** Folders that appear complete or not at all. */
import { mkdirSync } from "node:fs";
import { lstat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError, failureOf } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import {
  makeFolder,
  moveIntoPlace,
  remove,
  removeEmpty,
  unfinishedPath,
} from "../../../native-models/formats/atomic.ts";
import { exists, isFolder } from "../../../native-models/formats/bytes.ts";
import { sha256OfFile } from "../../../native-models/formats/sha256.ts";
import { entriesIn } from "./folder-entries.ts";

/**
 * Writes a folder atomically: `write` fills a new folder next to `output`, which is then moved there. An empty folder is replaced, and one
 * that has the same files, as after a kill at the end, stays; anything else may be a person's. A link is replaced, not followed. If
 * `output` cannot be replaced, or `write` fails, it stays as it was. Returns the result of `write`. Throws `bad-choice`, `disk-full`,
 * `unwritable`, and what `write` throws, as failures.
 */
export async function writeFolderAtomic<T>(
  output: string,
  write: (partial: string) => Promise<T>,
  partial = unfinishedPath(output),
): Promise<T> {
  try {
    makeFolder(dirname(output));
    mkdirSync(partial); // fails if anything has this name: it would not be ours to remove
  } catch (error) {
    throw new AppError(failureOf(error));
  }
  try {
    const result = await write(partial);
    makeFolder(dirname(output));
    if (await isFree(output)) {
      if (exists(output)) await removeEmpty(output);
      await moveIntoPlace(partial, output);
    } else {
      if (!(await isCopy(output, partial))) refuseChoice({ code: "folder-not-empty", folder: output });
      await remove(partial); // not `output`: another program may have it open, and Windows would remove only some of its files
    }
    return result;
  } catch (error) {
    await remove(partial).catch(() => {}); // the first error is the one to report
    throw error instanceof AppError ? error : new AppError(failureOf(error));
  }
}

/** Whether nothing is at a path, or only an empty folder or a link. */
async function isFree(path: string): Promise<boolean> {
  if (!exists(path) || (await lstat(path)).isSymbolicLink()) return true;
  return isFolder(path) && (await entriesIn(path)).length === 0;
}

/** Whether a path is a folder with the same files as `original`. */
async function isCopy(path: string, original: string): Promise<boolean> {
  if (!isFolder(path)) return false;
  const [there, written] = [await entriesIn(path), await entriesIn(original)];
  if (JSON.stringify(there) !== JSON.stringify(written)) return false;
  for (const { name, bytes } of there)
    if (
      bytes !== null &&
      (await sha256OfFile(join(path, name))) !== (await sha256OfFile(join(original, name)))
    )
      return false;
  return true;
}
