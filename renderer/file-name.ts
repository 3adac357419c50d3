/** The last part of a path of any operating system: "a.txt", or "E:" for a drive. */
export const fileName = (path: string): string => path.split(/[/\\]/).findLast(Boolean) ?? path;
