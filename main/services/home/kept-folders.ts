/** The parts of Coppice's data and their sizes. */
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { KeptFolder } from "../../../preload/contract/calls/settings.ts";
import type { Home } from "../../home/home.ts";

/** The parts of a home with their sizes in bytes; files that vanish during counting are ignored. */
export async function keptFolders(home: Home): Promise<KeptFolder[]> {
  const database = ["", "-wal", "-shm"].map((suffix) => `${home.database}${suffix}`);
  const parts = ["runs", "models", "datasets", "cache", "logs", "backups"] as const;
  const folders = await Promise.all(
    parts.map(async (what) => {
      const path = join(home.folder, what);
      return { what, path, bytes: await bytesOf([path]) };
    }),
  );
  return [
    { what: "database", path: home.database, bytes: await bytesOf(database) },
    ...folders.filter(({ what, bytes }) => bytes > 0 || what !== "backups"),
  ];
}

/** Bytes of files, and of all files in folders. */
export async function bytesOf(paths: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const path of paths) {
    try {
      const entry = await lstat(path);
      if (entry.isFile()) bytes += entry.size;
      else if (entry.isDirectory())
        bytes += await bytesOf((await readdir(path)).map((name) => join(path, name)));
    } catch {
      // Removed since it was listed.
    }
  }
  return bytes;
}
