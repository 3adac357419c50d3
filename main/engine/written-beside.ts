/** Folders that appear complete or not at all. */
import { lstat, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError, fail, failureOf } from "../../native-models/failure.ts";
import { makeFolder, moveIntoPlace } from "../../native-models/formats/atomic.ts";
import { exists, isFolder } from "../../native-models/formats/bytes.ts";
import { sha256OfFile } from "../../native-models/formats/sha256.ts";
import { entriesIn } from "./folder-entries.ts";

/**
 * Returns the result of `write`, which fills a folder next to `output`; that is then moved to `output`. An existing folder is replaced if it
 * is empty or has the same files, as after a kill at the end; anything else may be a person's. A link is replaced, not followed. If `output`
 * cannot be replaced, or `write` fails, it stays as it was. Throws `bad-choice`, `disk-full`, `unwritable`, and what `write` throws, as
 * failures.
 */
export async function writtenBeside<T>(output: string, write: (partial: string) => Promise<T>): Promise<T> {
  const partial = `${output}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    makeFolder(partial);
    const result = await write(partial);
    makeFolder(dirname(output));
    if (!(await mayReplace(output, partial)))
      fail({ code: "bad-choice", option: `The folder ${output}`, reason: "it is not empty" });
    await rm(output, { recursive: true, force: true });
    await moveIntoPlace(partial, output);
    return result;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error instanceof AppError ? error : new AppError(failureOf(error));
  }
}

/** Whether nothing is lost when the folder `from` replaces what is at `to`. */
async function mayReplace(to: string, from: string): Promise<boolean> {
  if (!exists(to)) return true;
  if ((await lstat(to)).isSymbolicLink()) return true;
  if (!isFolder(to)) return false;
  const [there, written] = [await entriesIn(to), await entriesIn(from)];
  if (there.length === 0) return true;
  if (JSON.stringify(there) !== JSON.stringify(written)) return false;
  for (const { name, bytes } of there)
    if (bytes !== null && (await sha256OfFile(join(to, name))) !== (await sha256OfFile(join(from, name))))
      return false;
  return true;
}
