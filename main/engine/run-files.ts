/** The large files of a run's folder beside its journal, and when they are removed. */
import { existsSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { removeUnfinished } from "../../native-models/formats/atomic.ts";
import { Journal } from "./checkpoint.ts";

/** A streamed base. */
export const BASE_FILE = "base.bin";
/** The original's chat model, that of a depth while it is measured, and what a scan for mixed bits works with. */
export const ORIGINAL_FOLDER = "original";
export const MEASURED_FOLDER = "measured";
export const MIXED_FOLDER = "mixed";
/** What a teacher says. */
export const TEACHER_FILES = {
  hidden: "teacher.bin",
  tokens: "teacher-tokens.bin",
  streams: "teacher-streams.bin",
} as const;
/** The answers that were written anew, with the chat model that writes them. */
export const REWRITTEN_FOLDER = "rewritten";
export const WRITER_FOLDER = "chat";
/** A recovery prompt that is being trained. */
export const RECOVERY_FOLDER = "recovery";

/** A trainer makes these whenever it needs them, and removes them unless it is killed. */
const working = [
  BASE_FILE,
  ORIGINAL_FOLDER,
  MEASURED_FOLDER,
  MIXED_FOLDER,
  join(REWRITTEN_FOLDER, WRITER_FOLDER),
];
/** Only a run that is resumed needs these, as it needs the journal's saves. */
const resumable = [...Object.values(TEACHER_FILES), REWRITTEN_FOLDER, RECOVERY_FOLDER];

/** Removes what a killed trainer left of its work. Only while no trainer works on the run. Throws what `rm` throws. */
export async function removeWorkingFiles(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const name of working) await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  await removeUnfinished(folder);
}

/**
 * Removes what a run needs only to be resumed, once it is stored as finished. After a kill in between, its depths are as they were.
 * Throws what `rm` throws, and the errors of reading and saving the journal.
 */
export async function removeResumableFiles(folder: string): Promise<void> {
  for (const name of resumable) await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  await (await Journal.openExisting(folder))?.forgetSaves();
}

/** The same for a run that an earlier version finished, but for the journal's saves. Throws what `rmSync` throws. */
export function removeLeftResumableFiles(folder: string): void {
  for (const name of resumable) rmSync(join(folder, name), { recursive: true, force: true });
}
