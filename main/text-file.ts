/** A text that a person wrote in a program of theirs, which may begin it with a byte order mark. */
import { readFileSync } from "node:fs";

/** The text of a file in UTF-8, without the mark. Throws what reading the file throws. */
export function readTextFile(path: string): string {
  return new TextDecoder().decode(readFileSync(path));
}
