/** Folders beside the datasets in which one is being written or deleted, so that what is under its own name is whole. */
import { mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { failedWrite } from "../../../native-models/formats/atomic.ts";

const BEGINNING = ".reading-";
const DELETED = ".deleted-";
/** Also as an earlier version named some. */
const UNFINISHED = /^\.(?:reading|making|deleted)-/;

/** A new one; who asks for it removes it. */
export function unfinishedFolder(datasets: string): string {
  return mkdtempSync(join(datasets, BEGINNING));
}

/** Takes a dataset's own name from its folder at once, before it is removed; gives where it is. Failure: unwritable. */
export function setAside(datasets: string, folder: string): string {
  const aside = mkdtempSync(join(datasets, DELETED));
  try {
    renameSync(folder, join(aside, "rows"));
    return aside;
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    return failedWrite(folder, error);
  }
}

/**
 * Removes those that a killed program left: they have text of a person's documents, and nothing lists them. Only by the home's single
 * writer.
 */
export function removeUnfinishedFolders(datasets: string): void {
  for (const name of readdirSync(datasets).filter((name) => UNFINISHED.test(name))) {
    try {
      rmSync(join(datasets, name), { recursive: true, force: true });
    } catch {
      // Another program has it open; the next start tries again.
    }
  }
}
