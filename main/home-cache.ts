/** What lies in a home's cache for as long as it is needed: folders to work in, chat weights of models that have none. */
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { isUnfinishedFile } from "../native-models/formats/atomic.ts";
import type { Home } from "./home.ts";

/** The process that works there; earlier versions named the work instead. */
const WORKING = /^(?:working-(?<processId>\d+)|measuring|probe)-/;
/** "int8-0123456789abcdef": of a state of a model's files. */
const CHAT_WEIGHTS = /^[a-z0-9]+-[0-9a-f]{16}$/;

const DAY_MS = 24 * 60 * 60 * 1000;
/** Chat weights are written again in minutes, and nothing else says that their model has changed or is gone. */
const UNUSED_MS = 90 * DAY_MS;
/** A file that another program is still writing is newer. */
const ABANDONED_MS = DAY_MS;

/** A new folder to work in; who asks for it removes it. */
export function newWorkFolder({ cache }: Pick<Home, "cache">): string {
  return mkdtempSync(join(cache, `working-${process.pid}-`));
}

/** Marks chat weights as used now, if there are some. */
export function markUsed(folder: string): void {
  try {
    const now = new Date();
    utimesSync(folder, now, now);
  } catch {
    // There are none yet, or on a read-only disk.
  }
}

/**
 * Removes what programs left that were killed, which may be large and have text of a person's documents, chat weights that were not
 * used for long, and exports that are not whole. Only by the home's single writer.
 */
export function tidyCache({ cache, models }: Pick<Home, "cache" | "models">): void {
  for (const name of namesIn(cache)) {
    const path = join(cache, name);
    const work = WORKING.exec(name);
    if (work && !isRunning(work.groups!["processId"])) remove(path);
    else if (CHAT_WEIGHTS.test(name)) tidyChatWeights(path);
  }
  for (const name of namesIn(models)) if (name.endsWith(".partial")) remove(join(models, name));
}

function tidyChatWeights(folder: string): void {
  if (isOlder(folder, UNUSED_MS)) return remove(folder);
  for (const precision of namesIn(folder)) {
    const files = namesIn(join(folder, precision)).filter(isUnfinishedFile);
    for (const path of files.map((name) => join(folder, precision, name)))
      if (isOlder(path, ABANDONED_MS)) remove(path);
  }
}

function isRunning(processId: string | undefined): boolean {
  if (processId === undefined) return false;
  try {
    return process.kill(Number(processId), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function isOlder(path: string, ms: number): boolean {
  const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return mtimeMs !== undefined && Date.now() - mtimeMs > ms;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // a file, or removed just now
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Another program has it open; the next start tries again.
  }
}
