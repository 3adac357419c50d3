import { existsSync } from "node:fs";
import { join } from "node:path";

/** An unused path in `folder`: `name`, otherwise `name-2`, `name-3` …, each with the extension. */
export function unusedPath(folder: string, name: string, extension = ""): string {
  let path = join(folder, name + extension);
  for (let copy = 2; existsSync(path); copy++) path = join(folder, `${name}-${copy}${extension}`);
  return path;
}
