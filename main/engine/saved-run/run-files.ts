/** The large files in a run's folder apart from its journal, and when they are removed. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { remove, removeUnfinished } from "../../../native-models/formats/atomic.ts";
import { Journal } from "./checkpoint.ts";

/** A streamed base. */
export const BASE_FILE = "base.bin";
/** The original's chat model, that of a depth while it is measured, and what a scan for mixed bits works with. */
export const ORIGINAL_FOLDER = "original";
export const MEASURED_FOLDER = "measured";
export const MIXED_FOLDER = "mixed";
/** What the teacher recorded. */
export const TEACHER_FILES = {
  hidden: "teacher.bin",
  tokens: "teacher-tokens.bin",
} as const;
/** The rewritten answers, and the chat model that writes them. */
export const REWRITTEN_FOLDER = "rewritten";
export const WRITER_FOLDER = "chat";
/** A recovery prompt that is being trained. */
export const RECOVERY_FOLDER = "recovery";

/** A trainer creates these when it needs them, and removes them unless it is killed. */
const working = [
  BASE_FILE,
  ORIGINAL_FOLDER,
  MEASURED_FOLDER,
  MIXED_FOLDER,
  join(REWRITTEN_FOLDER, WRITER_FOLDER),
];
/**
 * What a run has made of its data, such as rewritten answers. Like the journal's saves, it is needed only to resume the run, which makes what is
 * missing again.
 */
export const resumableIn = (folder: string): string[] =>
  [...Object.values(TEACHER_FILES), REWRITTEN_FOLDER, RECOVERY_FOLDER].map((name) => join(folder, name));

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
