/** What a folder holds, at any depth. `recursive` of `readdir` came with Node 18; the fallback Electron has an earlier one and ignores it. */
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

export interface FolderEntry {
  /** Its path within the folder. */
  readonly name: string;
  /** The size of a file; null for anything else. */
  readonly bytes: number | null;
}

/** Everything in a folder, by name, a folder before what is in it. Links are not followed. Throws the system's errors. */
export async function entriesIn(folder: string, within = ""): Promise<FolderEntry[]> {
  const entries: FolderEntry[] = [];
  for (const own of (await readdir(join(folder, within))).sort()) {
    const name = join(within, own);
    const found = await lstat(join(folder, name));
    entries.push({ name, bytes: found.isFile() ? found.size : null });
    if (found.isDirectory()) entries.push(...(await entriesIn(folder, name)));
  }
  return entries;
}
