/** Access to folders of other programs: they are only read, and links out of them are not followed. */
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import type { Dirent } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, sep } from "node:path";
import { partOfName } from "../../../../native-models/formats/gguf/read.ts";

/** The places where other programs store their data. */
export interface ProgramFolder {
  readonly environment: NodeJS.ProcessEnv;
  readonly userFolder: string;
  /** The root of everything installed for all users. */
  readonly systemFolder: string;
}

export const thisPlace = (): ProgramFolder => ({
  environment: process.env,
  userFolder: homedir(),
  systemFolder: sep,
});

/** Where programs keep caches. */
export const cacheFolder = ({ environment, userFolder }: ProgramFolder): string =>
  environment.XDG_CACHE_HOME || join(userFolder, ".cache");

/** Where programs keep settings and data, on Windows and on Linux. */
export function dataFolders({ environment, userFolder }: ProgramFolder): string[] {
  const { APPDATA, LOCALAPPDATA, XDG_CONFIG_HOME, XDG_DATA_HOME } = environment;
  return [
    ...[APPDATA, LOCALAPPDATA].flatMap((folder) => folder || []),
    XDG_DATA_HOME || join(userFolder, ".local", "share"),
    XDG_CONFIG_HOME || join(userFolder, ".config"),
  ];
}

/** The folder that a setting names, as a list of one; empty unless it is absolute and on this computer. */
export function folderOf(setting: unknown, { userFolder }: ProgramFolder): string[] {
  if (typeof setting !== "string") return [];
  const named = setting.trim();
  const folder = /^~[\\/]/.test(named) ? join(userFolder, named.slice(2)) : named;
  return isAbsolute(folder) && !/^[\\/]{2}/.test(folder) && !folder.includes("\0") ? [folder] : [];
}

/** The most entries of a folder that are read, more than any store of models has. */
const MOST_ENTRIES = 10_000;

/** The contents of a folder, by name; empty if it cannot be read. */
export function entriesIn(folder: string): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MOST_ENTRIES);
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

const MOST_TEXT_BYTES = 1_000_000;

/** The text of a small file; null for a link, a larger file, or one that cannot be read. */
export function smallText(path: string): string | null {
  if ((fileBytes(path) ?? Infinity) > MOST_TEXT_BYTES) return null;
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** A value of a small JSON file; undefined if there is none. */
export function settingIn(path: string, key: string): unknown {
  try {
    const settings: unknown = JSON.parse(smallText(path) ?? "null");
    return typeof settings === "object" && settings !== null && Object.hasOwn(settings, key)
      ? (settings as Record<string, unknown>)[key]
      : undefined;
  } catch {
    return undefined;
  }
}

/** A file and its size. */
export interface SizedFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/** A GGUF file of a language model, by its name: not an image projector. */
const isLanguageGguf = (name: string): boolean => /\.gguf$/i.test(name) && !/mmproj/i.test(name);

/** A GGUF file that is a whole language model, by its name: not a part of a split one. */
export const isWholeGguf = (name: string): boolean => isLanguageGguf(name) && partOfName(name) === null;

/**
 * The GGUF files that are language models, by their names: no image projectors. A split model counts as its first part with the size
 * of all parts, if all are among the files.
 */
export function ggufModels(files: readonly SizedFile[]): SizedFile[] {
  const sizes = new Map(files.map(({ path, sizeBytes }) => [path, sizeBytes]));
  return files.flatMap((file) => {
    const name = basename(file.path);
    if (!isLanguageGguf(name)) return [];
    const part = partOfName(name);
    if (part === null) return [file];
    const { number, count } = part;
    if (number !== 1 || count > files.length) return [];
    const all = Array.from({ length: count }, (_, i) => {
      const other = name.replace(/-\d{5}-of-/, `-${String(i + 1).padStart(5, "0")}-of-`);
      return sizes.get(join(dirname(file.path), other));
    });
    const sizeBytes = all.reduce<number>((sum, bytes) => sum + (bytes ?? NaN), 0);
    return Number.isNaN(sizeBytes) ? [] : [{ path: file.path, sizeBytes }];
  });
}

/** A GGUF file's name without its extension and part number. */
export const ggufName = (path: string): string =>
  partOfName(basename(path))?.stem ?? basename(path).replace(/\.gguf$/i, "");

/** All files in a folder and at most `depth` levels of subfolders, as paths relative to it. */
export function filesBelow(folder: string, depth: number, below = ""): string[] {
  return entriesIn(join(folder, below)).flatMap((entry) => {
    const path = below === "" ? entry.name : join(below, entry.name);
    if (entry.isDirectory()) return depth > 0 ? filesBelow(folder, depth - 1, path) : [];
    return entry.isFile() ? [path] : [];
  });
}

/** The GGUF models in a folder and at most `depth` levels of subfolders. */
export const ggufModelsBelow = (folder: string, depth: number): SizedFile[] =>
  ggufModels(
    filesBelow(folder, depth).flatMap((file) => {
      const path = join(folder, file);
      const sizeBytes = /\.gguf$/i.test(file) ? fileBytes(path) : null;
      return sizeBytes === null ? [] : [{ path, sizeBytes }];
    }),
  );
