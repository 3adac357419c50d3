/** The use of each of a person's files. */
import { isDataFile, splitOf } from "../../../preload/contract/data/data-files.ts";
import type { InspectedFile } from "../../../preload/contract/data/inspection.ts";
import { fileName } from "../../file-name.ts";
import type { Sources } from "../draft.svelte.ts";

/** The uses of a file; `data` is for training, and supplies the splits that have no file. */
export type Part = "data" | "valid" | "test" | "offDomain";
export const parts: readonly Part[] = ["data", "valid", "test", "offDomain"];

/** The source in the draft that a file came from: itself, or its folder, its drive ("E:\\") or its archive. */
function sourceOf(path: string, sources: Sources): string | undefined {
  const all = parts.flatMap((part) => sources[part]);
  const isIn = (source: string) => /[/\\]$/.test(source) || /^([/\\]| › )/.test(path.slice(source.length));
  return all.find((source) => path === source || (path.startsWith(source) && isIn(source)));
}

export const partOf = (source: string, sources: Sources): Part =>
  parts.find((part) => sources[part].includes(source)) ?? "data";

const splitNamed = (path: string) => (isDataFile(path) ? splitOf(fileName(path)) : undefined);

/** Adds files or folders to a split. */
export function withPart(sources: Sources, paths: readonly string[], part: Part): Sources {
  const rest = without(sources, paths);
  return { ...rest, [part]: [...rest[part], ...paths] };
}

/**
 * Adds files and folders. If any file is named train.…, each file goes to the split that its name indicates, as in a folder; when
 * the first such file is added, this also applies to files added earlier.
 */
export function withNamed(sources: Sources, paths: readonly string[]): Sources {
  const isTrain = (path: string) => splitNamed(path) === "train";
  const hadTrain = sources.data.some(isTrain);
  const hasTrain = hadTrain || paths.some(isTrain);
  const before = hasTrain && !hadTrain ? sources.data.filter((path) => !paths.includes(path)) : [];
  const placed = [...before, ...paths];
  const rest = without(sources, placed);
  for (const path of placed) {
    const split = hasTrain ? splitNamed(path) : undefined;
    rest[split === undefined || split === "train" ? "data" : split].push(path);
  }
  return rest;
}

/** A file of a source that is a folder or an archive, or one that was left out of it. */
export interface FolderFile {
  readonly path: string;
  /** As it was inspected; undefined once it is left out. */
  readonly file: InspectedFile | undefined;
  readonly isExcluded: boolean;
}

/** In a longer list, a file may be out of view. */
export const FILES_IN_VIEW = 5;

/** A source, as it was inspected if it is a file, and the files in it if it is a folder or an archive. */
export interface SourceFiles {
  readonly source: string;
  readonly own: InspectedFile | undefined;
  readonly within: readonly FolderFile[];
}

/** All sources with their files, in the order of their uses. */
export function filesOfSources(sources: Sources, files: readonly InspectedFile[]): readonly SourceFiles[] {
  return parts
    .flatMap((part) => sources[part])
    .map((source) => ({
      source,
      own: files.find(({ path }) => path === source),
      within: filesWithin(source, sources, files),
    }));
}

/** The files of a source, sorted by path, so that leaving one out does not move the others. */
function filesWithin(
  source: string,
  sources: Sources,
  files: readonly InspectedFile[],
): readonly FolderFile[] {
  const isWithin = (path: string) => path !== source && sourceOf(path, sources) === source;
  const left = new Set(sources.excluded.filter(isWithin));
  const read = files
    .filter(({ path }) => isWithin(path) && !left.has(path))
    .map((file) => ({ path: file.path, file, isExcluded: false }));
  const excluded = [...left].map((path) => ({ path, file: undefined, isExcluded: true }));
  return [...read, ...excluded].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Whether a file belongs to a folder or an archive that was added, so that it can be left out. */
export function isWithinSource(path: string, sources: Sources): boolean {
  const source = sourceOf(path, sources);
  return source !== undefined && source !== path && !sources.excluded.includes(path);
}

/** Leaves files out of their folders and archives. */
export function withExcluded(sources: Sources, paths: readonly string[]): Sources {
  return { ...sources, excluded: [...new Set([...sources.excluded, ...paths])] };
}

/** Forgets files that were left out of a folder that was removed, so that the folder is read as a whole if it is added again. */
export function withOwnExcluded(sources: Sources): Sources {
  const excluded = sources.excluded.filter((path) => sourceOf(path, sources) !== undefined);
  return { ...sources, excluded };
}

/** Removes these paths from the sources; returns new lists. */
export function without(sources: Sources, paths: readonly string[]): Sources {
  const rest = (list: string[]) => list.filter((path) => !paths.includes(path));
  return {
    ...sources,
    data: rest(sources.data),
    valid: rest(sources.valid),
    test: rest(sources.test),
    offDomain: rest(sources.offDomain),
  };
}
