/** A home's cache: temporary work folders, chat weights for models that have none, and the text of scanned documents. */
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { isUnfinished } from "../../native-models/formats/atomic.ts";
import type { Home } from "./home.ts";

/** A work folder names its process. */
const WORKING = /^working-(\d+)-/;
/** "int8-0123456789abcdef": the precision, and a fingerprint of the model's files. */
const CHAT_WEIGHTS = /^[a-z0-9]+-[0-9a-f]{16}$/;

const DAY_MS = 24 * 60 * 60 * 1000;
/** Both can be rebuilt in minutes, and only their age tells that the model or the document has changed or is gone. */
const UNUSED_MS = 90 * DAY_MS;
/** An unfinished file is abandoned after this time: one that is still being written is newer. */
const ABANDONED_MS = DAY_MS;

/** Creates a work folder, which the caller must remove, and removes those of killed programs, which may contain text of a person's documents. */
export function newWorkFolder({ cache }: Pick<Home, "cache">): string {
  removeAbandoned(cache);
  return mkdtempSync(join(cache, `working-${process.pid}-`));
}

/** Marks a folder, such as that of chat weights or of a document's text, as used now, if it exists. */
export function markUsed(folder: string): void {
  try {
    const now = new Date();
    utimesSync(folder, now, now);
  } catch {
    // They do not exist yet, or are on a read-only disk.
  }
}

/**
 * Removes the leftovers of killed programs, which may be large, chat weights and recognised text that have not been used for a long time,
 * and incomplete exports. Only for the home's single writer.
 */
export function tidyCache({
  cache,
  recognised,
  models,
}: Pick<Home, "cache" | "recognised" | "models">): void {
  removeAbandoned(cache);
  for (const name of namesIn(cache)) if (CHAT_WEIGHTS.test(name)) tidyChatWeights(join(cache, name));
  for (const path of namesIn(recognised).map((name) => join(recognised, name)))
    if (isOlder(path, UNUSED_MS)) remove(path);
  // No owner of a downloaded model has such a name (`RepositoryName`).
  for (const name of namesIn(models).filter(isUnfinished)) remove(join(models, name));
}

function removeAbandoned(cache: string): void {
  for (const name of namesIn(cache)) {
    const work = WORKING.exec(name);
    if (work && !isRunning(Number(work[1]))) remove(join(cache, name));
  }
}

function tidyChatWeights(folder: string): void {
  if (isOlder(folder, UNUSED_MS)) return remove(folder);
  for (const precision of namesIn(folder)) {
    const files = namesIn(join(folder, precision)).filter(isUnfinished);
    for (const path of files.map((name) => join(folder, precision, name)))
      if (isOlder(path, ABANDONED_MS)) remove(path);
  }
}

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function isOlder(path: string, ms: number): boolean {
  const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return mtimeMs !== undefined && Date.now() - mtimeMs > ms;
}

/** The names in a folder; none if it is a file, or removed just now. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Removes a file or folder of the cache, if no other program has it open. */
export function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Another program has it open; the next start tries again.
  }
}
