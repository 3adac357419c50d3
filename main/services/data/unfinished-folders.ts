/** Folders next to the datasets in which a dataset is being written or deleted, so that those under their own names are complete. */
import { mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { failedWrite, moveNow } from "../../../native-models/formats/atomic.ts";

const BEGINNING = ".reading-";
const DELETED = ".deleted-";

/** Creates a folder to write a dataset into, which the caller must remove. */
export function unfinishedFolder(datasets: string): string {
  return mkdtempSync(join(datasets, BEGINNING));
}

/** Renames datasets' folders before they are removed: all of them or none. Returns their new places. Failure: unwritable. */
export function setAside(datasets: string, folders: readonly string[]): string[] {
  const aside: string[] = [];
  for (const folder of folders) {
    const place = mkdtempSync(join(datasets, DELETED));
    aside.push(place);
    try {
      moveNow(folder, join(place, "rows"));
    } catch (error) {
      for (const [i, from] of aside.slice(0, -1).entries()) renameSync(join(from, "rows"), folders[i]!);
      for (const from of aside) rmSync(from, { recursive: true, force: true });
      return failedWrite(folder, error);
    }
  }
  return aside;
}

/**
 * Removes the folders that a killed program left: they contain text of a person's documents, and nothing lists them. Only for the home's
 * single writer.
 */
export function removeUnfinishedFolders(datasets: string): void {
  for (const name of readdirSync(datasets).filter(
    (name) => name.startsWith(BEGINNING) || name.startsWith(DELETED),
  )) {
    try {
      rmSync(join(datasets, name), { recursive: true, force: true });
    } catch {
      // Another program has it open; the next start tries again.
    }
  }
}
