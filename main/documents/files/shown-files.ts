/** Lists of files in the reader's answers: a folder may have more than fit into one message, or than a person reads. */
import { isPicture } from "../../../preload/contract/data/data-files.ts";
import type { SplitReport } from "../../../preload/contract/data/data.ts";
import type { NotRead } from "../../../preload/contract/failures/left-out.ts";

/** How many files of a list are named. */
export const MAX_SHOWN = 100;
/** The most characters of the named paths together; a single path may have thousands. */
const MOST_CHARACTERS = 50_000;

/** The first files of a split, and how many more there are. */
export function toldFiles(files: readonly string[]): Pick<SplitReport, "files" | "moreFiles"> {
  const shown = fitting(files, (path) => path);
  const more = files.length - shown.length;
  return { files: shown, ...(more > 0 && { moreFiles: more }) };
}

/**
 * Files that are not read, and how many more there are. If not all are named, the list begins with one for each reason, separately for
 * pictures and other files.
 */
export function shownNotRead(all: readonly NotRead[]): { notRead: NotRead[]; moreNotRead: number } {
  const notRead = fitting(all.length > MAX_SHOWN ? firstOfEachKind(all) : all, ({ path }) => path);
  return { notRead, moreNotRead: all.length - notRead.length };
}

function firstOfEachKind(all: readonly NotRead[]): NotRead[] {
  const kinds = new Map<string, NotRead>();
  for (const one of all) {
    const kind = `${one.why} ${isPicture(one.path)}`;
    if (!kinds.has(kind)) kinds.set(kind, one);
  }
  const first = new Set(kinds.values());
  return [...first, ...all.filter((one) => !first.has(one))];
}

function fitting<One>(list: readonly One[], pathOf: (one: One) => string): One[] {
  let characters = 0;
  const isTold = (one: One, i: number) =>
    i < MAX_SHOWN && (characters += pathOf(one).length) <= MOST_CHARACTERS;
  return list.filter(isTold);
}
