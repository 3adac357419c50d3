import * as path from "node:path";

/**
 * The path from `folder` to what is in it, empty for the folder itself; null if `place` is elsewhere. Both are absolute. On Windows, no
 * relative path leads to another drive.
 */
export function pathInside(
  folder: string,
  place: string,
  { relative, isAbsolute, sep }: Pick<typeof path, "relative" | "isAbsolute" | "sep"> = path,
): string | null {
  const way = relative(folder, place);
  return isAbsolute(way) || way.split(sep, 1)[0] === ".." ? null : way;
}
