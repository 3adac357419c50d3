/** What each of a person's files is for. */
import { splitOf } from "../../../preload/contract/split-names.ts";
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

/** The part that a file is named after, where another one is named train.…: what lies in a folder is told apart in the same way. */
export function partNamed(path: string, known: readonly string[]): Part {
  const isFile = /\.\w+$/.test(path);
  const split =
    isFile && known.some((other) => splitOf(fileName(other)) === "train") && splitOf(fileName(path));
  return split && split !== "train" ? split : "data";
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
