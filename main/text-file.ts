/** Text files from a person's other programs, which may begin with a byte order mark. */
import { readFileSync } from "node:fs";

/** The text of a file in UTF-8, without the mark. Throws what reading the file throws. */
export function readTextFile(path: string): string {
  return new TextDecoder().decode(readFileSync(path));
}
