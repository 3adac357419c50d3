/** Folders that appear complete or not at all. */
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError, failureOf } from "../../native-models/failure.ts";
import { makeFolder, moveIntoPlace } from "../../native-models/formats/atomic.ts";

/**
 * Returns the result of `write`, which fills a folder next to `output`; that is then moved to `output`, replacing an existing one.
 * If `write` fails, `output` stays as it was. Throws `disk-full`, `unwritable`, and what `write` throws, as failures.
 */
export async function writtenBeside<T>(output: string, write: (partial: string) => Promise<T>): Promise<T> {
  const partial = `${output}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    makeFolder(partial);
    const result = await write(partial);
    makeFolder(dirname(output));
    await rm(output, { recursive: true, force: true });
    await moveIntoPlace(partial, output);
    return result;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error instanceof AppError ? error : new AppError(failureOf(error));
  }
}
