/** Folders next to complete ones, in which one is being written or deleted. */
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { failedWrite, isUnfinished, moveNow } from "../../../native-models/formats/atomic.ts";

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
 * Removes the folders that a killed program left in `place`, if there is such a folder: nothing lists them. Only for the home's single
 * writer.
 */
export function removeUnfinishedFolders(place: string): void {
  const names = existsSync(place) ? readdirSync(place) : [];
  for (const name of names.filter(isLeft)) {
    try {
      rmSync(join(place, name), { recursive: true, force: true });
    } catch {
      // Another program has it open; the next start tries again.
    }
  }
}

const isLeft = (name: string): boolean =>
  name.startsWith(BEGINNING) || name.startsWith(DELETED) || isUnfinished(name);
