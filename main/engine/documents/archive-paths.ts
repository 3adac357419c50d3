/** The names of parts that other parts of an archive refer to. */
import { posix } from "node:path";

/** The name of a part that `from` refers to by a relative address, or one from the root; without its fragment. */
export function partAt(from: string, address: string): string {
  const path = decoded(address.replace(/[?#].*$/, ""));
  return posix.join("/", path.startsWith("/") ? "" : posix.dirname(from), path).slice(1);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
