/** Folders beside the datasets in which one is being written, so that what is under its own name is whole. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const BEGINNING = ".reading-";
/** Also as an earlier version named some. */
const UNFINISHED = /^\.(?:reading|making)-/;

/** A new one; who asks for it removes it. */
export function unfinishedFolder(datasets: string): string {
  return mkdtempSync(join(datasets, BEGINNING));
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
