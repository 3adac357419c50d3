/** The use of each of a person's files. */
import { isDataFile, splitOf } from "../../../preload/contract/data-files.ts";
import { fileName } from "../../file-name.ts";
import type { Sources } from "../draft.svelte.ts";

/** The uses of a file; `data` is for training, and supplies the splits that have no file. */
export type Part = "data" | "valid" | "test" | "offDomain";
export const parts: readonly Part[] = ["data", "valid", "test", "offDomain"];

/** The source in the draft that a file came from: itself, or its folder. */
export function sourceOf(path: string, sources: Sources): string | undefined {
  const all = parts.flatMap((part) => sources[part]);
  return all.find(
    (source) =>
      path === source || (/^([/\\]| › )/.test(path.slice(source.length)) && path.startsWith(source)),
  );
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
 * Adds files and folders. If a file is named train.…, each file goes to the split that its name indicates, as in a folder; when
 * the first such file is added, this also applies to the existing files.
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
