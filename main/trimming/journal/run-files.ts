/** The large files in a run's folder apart from its journal, and when they are removed. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { remove, removeUnfinished } from "../../../native-models/formats/atomic.ts";
import { Journal } from "./checkpoint.ts";

/** A streamed base. */
export const BASE_FILE = "base.bin";
/** The original's chat model, that of a depth while it is measured, and what a method works with. */
export const ORIGINAL_FOLDER = "original";
export const MEASURED_FOLDER = "measured";
export const WORK_FOLDER = "work";
/** What the teacher recorded. */
export const TEACHER_FILES = {
  hidden: "teacher.bin",
  tokens: "teacher-tokens.bin",
} as const;
/** What methods keep so that a stopped run goes on. */
const METHODS_FOLDER = "methods";
export const methodFolder = (runFolder: string, id: string): string => join(runFolder, METHODS_FOLDER, id);

/** A trainer creates these when it needs them, and removes them unless it is killed. */
const working = [BASE_FILE, ORIGINAL_FOLDER, MEASURED_FOLDER, WORK_FOLDER];
/**
 * What a run has made of its data. Like the journal's saves, it is needed only to resume the run, which makes what is
 * missing again.
 */
export const resumableIn = (folder: string): string[] =>
  [...Object.values(TEACHER_FILES), METHODS_FOLDER].map((name) => join(folder, name));

/** Removes the working files that a killed trainer left behind. Call it only while no trainer works on the run. Throws `unwritable`. */
export async function removeWorkingFiles(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const name of working) await remove(join(folder, name));
  await removeUnfinished(folder);
}

/**
 * Removes what a run needs only to be resumed, once it is stored as finished. If this is killed halfway, the run's depths are intact.
 * Throws `unwritable`, and the errors of reading and saving the journal.
 */
export async function removeResumableFiles(folder: string): Promise<void> {
  for (const path of resumableIn(folder)) await remove(path);
  await (await Journal.openExisting(folder))?.forgetSaves();
}

/** The same once more for a run whose program was killed just then, except that the journal's saves stay. Throws what `rmSync` throws. */
export function removeLeftResumableFiles(folder: string): void {
  for (const path of resumableIn(folder)) rmSync(path, { recursive: true, force: true });
}
