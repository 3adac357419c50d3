/** The last part of a path of any operating system. */
export const fileName = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;
