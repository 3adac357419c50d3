/** Lists of files in the reader's answers: a folder may have more than one message has room for, and than a person reads. */
import { isPicture } from "../../../preload/contract/data-files.ts";
import type { SplitReport } from "../../../preload/contract/data.ts";
import type { NotRead } from "../../../preload/contract/inspection.ts";

/** How many of a list are named. */
export const MOST_TOLD = 100;
/** Of the paths of a list, of which one may have thousands. */
const MOST_CHARACTERS = 50_000;

/** The first files of a split, and how many there are besides. */
export function toldFiles(files: readonly string[]): Pick<SplitReport, "files" | "moreFiles"> {
  const told = fitting(files, (path) => path);
  const more = files.length - told.length;
  return { files: told, ...(more > 0 && { moreFiles: more }) };
}

/** What is not read, and how much more there is: where not all of it is named, one of each reason is, and a picture if there is one. */
export function toldNotRead(all: readonly NotRead[]): { notRead: NotRead[]; moreNotRead: number } {
  const notRead = fitting(all.length > MOST_TOLD ? firstOfEachKind(all) : all, ({ path }) => path);
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
    i < MOST_TOLD && (characters += pathOf(one).length) <= MOST_CHARACTERS;
  return list.filter(isTold);
}
