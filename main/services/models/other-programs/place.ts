/** Folders of other programs: read only, never changed, and links out of them are not followed. */
import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import type { Dirent } from "node:fs";
import { homedir } from "node:os";
import { join, sep } from "node:path";

/** The places where other programs store their data. */
export interface Place {
  readonly environment: NodeJS.ProcessEnv;
  readonly userFolder: string;
}

export const thisPlace = (): Place => ({ environment: process.env, userFolder: homedir() });

/** The contents of a folder, by name; empty if it cannot be read. */
export function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** The folders in a folder; links are excluded. */
export const foldersIn = (folder: string): string[] =>
  entriesIn(folder).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** Bytes of a file; null for anything else, such as a link. */
export function fileBytes(path: string): number | null {
  try {
    const status = lstatSync(path);
    return status.isFile() ? status.size : null;
  } catch {
    return null;
  }
}

/** Bytes of a file, or of a link's target if it is within `folder`; null otherwise. */
export function fileBytesWithin(folder: string, path: string): number | null {
  try {
    const real = realpathSync(path);
    if (!real.startsWith(realpathSync(folder) + sep)) return null;
    const status = statSync(real);
    return status.isFile() ? status.size : null;
  } catch {
    return null;
  }
}

/** A GGUF file that is a whole language model, by its name: not a later part of a split one, not an image projector. */
export function isWholeGguf(name: string): boolean {
  return /\.gguf$/i.test(name) && !/-\d{5}-of-\d{5}\.gguf$/i.test(name) && !/^mmproj/i.test(name);
}

/** All files of a folder and below, at most `depth` folders down, as paths below it. */
export function filesBelow(folder: string, depth: number, below = ""): string[] {
  return entriesIn(join(folder, below)).flatMap((entry) => {
    const path = below === "" ? entry.name : join(below, entry.name);
    if (entry.isDirectory()) return depth > 0 ? filesBelow(folder, depth - 1, path) : [];
    return entry.isFile() ? [path] : [];
  });
}
