/** Folders that come with the application. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The place of a folder of the repository: two levels above the bundles, one above this source; the packaged application has it in its
 * resources as `packaged`.
 */
export function packagedFolder(folder: string, packaged: string): string {
  const resources = (process as { resourcesPath?: string }).resourcesPath ?? "";
  const places = [
    fileURLToPath(new URL(`../../${folder}/`, import.meta.url)),
    fileURLToPath(new URL(`../${folder}/`, import.meta.url)),
    join(resources, packaged),
  ];
  return places.find((place) => existsSync(place)) ?? places[1]!;
}
