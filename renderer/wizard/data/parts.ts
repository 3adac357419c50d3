/** What each of a person's files is for. */
import { isDataFile, splitOf } from "../../../preload/contract/data-files.ts";
import { fileName } from "../../file-name.ts";
import type { Sources } from "../draft.svelte.ts";

/** The parts that a file can be for; `data` is learnt from, and gives what the others lack. */
export type Part = "data" | "valid" | "test" | "offDomain";
export const parts: readonly Part[] = ["data", "valid", "test", "offDomain"];

/** Which source of the draft a file came with: itself, or its folder. */
export function sourceOf(path: string, sources: Sources): string | undefined {
  const all = parts.flatMap((part) => sources[part]);
  return all.find(
    (source) => path === source || (/^[/\\]/.test(path.slice(source.length)) && path.startsWith(source)),
  );
}

export const partOf = (source: string, sources: Sources): Part =>
  parts.find((part) => sources[part].includes(source)) ?? "data";

const splitNamed = (path: string) => (isDataFile(path) ? splitOf(fileName(path)) : undefined);

/** Sources with files or folders in a part. */
export function withPart(sources: Sources, paths: readonly string[], part: Part): Sources {
  const rest = without(sources, paths);
  return { ...rest, [part]: [...rest[part], ...paths] };
}

/**
 * Sources with more files and folders. Beside a file that is named train.…, each file is for what it is named after, as in a folder;
 * when the first such one comes, so are those that were there before.
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

/** Sources without those of these paths; its lists are new. */
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
