import { existsSync } from "node:fs";
import { join } from "node:path";

/** An unused path in `folder`: `name`, otherwise `name-2`, `name-3` … */
export function unusedPath(folder: string, name: string): string {
  let path = join(folder, name);
  for (let copy = 2; existsSync(path); copy++) path = join(folder, `${name}-${copy}`);
  return path;
}
