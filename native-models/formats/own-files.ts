/**
 * Decides which files of a model's folder are its own: a link could include any file of this computer in it and in its exports.
 */
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../failure.ts";
import { exists } from "./bytes.ts";
import { pathInside } from "./path-inside.ts";

/**
 * Whether a file is in `folder` itself or, as in a Hugging Face cache, links to a blob of the same model:
 * NAME/snapshots/REVISION/FILE → NAME/blobs/HASH. False if it does not exist.
 */
export function isOwnFile(folder: string, name: string): boolean {
  try {
    const file = realpathSync(join(folder, name));
    const own = realpathSync(folder);
    return [own, join(own, "..", "..", "blobs")].some((folder) => pathInside(folder, file) !== null);
  } catch {
    return false;
  }
}

/** Throws `corrupt-file` if one of these exists and is not the folder's own. */
export function requireOwnFiles(folder: string, names: readonly string[]): void {
  for (const name of names) {
    const path = join(folder, name);
    if (!exists(path) || isOwnFile(folder, name)) continue;
    const reason = "it is a link to a file outside the model's folder";
    fail({ code: "corrupt-file", path, section: "files", reason });
  }
}
