/** Folders that come with the application. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The place of a folder of the repository, two levels above this source and the bundles; packaged, it is in the resources as `packaged`. */
export function packagedFolder(folder: string, packaged: string): string {
  const place = fileURLToPath(new URL(`../../${folder}/`, import.meta.url));
  const resources = (process as { resourcesPath?: string }).resourcesPath ?? "";
  return existsSync(place) ? place : join(resources, packaged);
}
