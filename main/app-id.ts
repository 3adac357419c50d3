import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The id of the package in `folder`, which is stored in its package.json when it is built; null in the repository. */
export function appIdOf(folder: string): string | null {
  const { appId } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { appId?: string };
  return appId ?? null;
}
