/** The names of parts that other parts of an archive refer to. */
import { posix } from "node:path";

/** The name of the part that `from` refers to by an address, relative or from the root. Query and fragment are ignored. */
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
