/** The licence in a model's folder: it is copied with the model. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isFolder } from "../../../native-models/formats/bytes.ts";
import { isOwnFile } from "../../../native-models/formats/own-files.ts";

/** The names that it may have. */
export const LICENCE_NAMES = ["LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING"];
const MOST_BYTES = 100_000;

/** Its file and text; null if `path` is a file, or a folder without a licence of plausible length. */
export function licenceBeside(path: string): { readonly name: string; readonly text: string } | null {
  if (!isFolder(path)) return null;
  for (const name of LICENCE_NAMES) {
    const file = join(path, name);
    const status = statSync(file, { throwIfNoEntry: false });
    if (status?.isFile() && status.size <= MOST_BYTES && isOwnFile(path, name))
      return { name, text: readFileSync(file, "utf8") };
  }
  return null;
}
