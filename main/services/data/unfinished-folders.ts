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

/**
 * Takes their own names from datasets' folders at once, before they are removed: from all of them or none. Gives where they are.
 * Failure: unwritable.
 */
export function setAside(datasets: string, folders: readonly string[]): string[] {
  const aside: string[] = [];
  for (const folder of folders) {
    const place = mkdtempSync(join(datasets, DELETED));
    aside.push(place);
    try {
      renameSync(folder, join(place, "rows"));
    } catch (error) {
      for (const [i, from] of aside.slice(0, -1).entries()) renameSync(join(from, "rows"), folders[i]!);
      for (const from of aside) rmSync(from, { recursive: true, force: true });
      return failedWrite(folder, error);
    }
  }
  return aside;
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
