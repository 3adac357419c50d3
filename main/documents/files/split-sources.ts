/** Determines the files of each split. */
import type { BadDataReason } from "../../../preload/contract/failures/bad-data.ts";
import { basename } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import type { SplitName } from "../../../preload/contract/data/data.ts";
import {
  bySplit,
  isDataFile,
  isPicture,
  SPLITS,
  usualExtensions,
} from "../../../preload/contract/data/data-files.ts";
import { refusedFormatOf } from "../../../preload/contract/data/refused-formats.ts";
import type { NotRead } from "../../../preload/contract/failures/left-out.ts";
import { isContainer } from "./container.ts";
import { isFolder, listingOf } from "./listing.ts";
import type { Listed } from "./listing.ts";

/** Files of each split in reading order, and the files in folders and archives that belong to none. */
export type SplitSources = Record<SplitName, string[]> & { leftOut: NotRead[] };

/** Files and folders that a person named; a named split is not looked for in `data`. */
export interface NamedSources {
  readonly data: readonly string[];
  readonly valid?: readonly string[] | undefined;
  readonly test?: readonly string[] | undefined;
  readonly offDomain?: readonly string[] | undefined;
  /** Whether pictures in folders are documents too: their text is recognised. */
  readonly withPictures?: boolean | undefined;
  /** Files and folders in the folders and archives that a person leaves out. */
  readonly excluded?: readonly string[] | undefined;
}

/** Files that accompany data but are not data. */
const ABOUT_THE_FOLDER = /^(readme|licen[cs]e|notice)(?![a-z])/i;

/**
 * Finds the files of each split. A file in `data` is train. The files of a folder or an archive, including its subfolders, are assigned by
 * how their names begin, or by the name of the folder within it that they are in; if none is train by its name, every remaining document
 * is. Throws `not-found`, `unreadable`, `unsupported-format` (a split's file in an unsupported format), `bad-data` (a folder without
 * documents, a damaged archive).
 */
export function findSources({
  data,
  valid,
  test,
  offDomain,
  withPictures = false,
  excluded: paths = [],
}: NamedSources): SplitSources {
  const excluded = new Set(paths);
  const sources: SplitSources = { train: [], valid: [], test: [], offDomain: [], leftOut: [] };
  for (const path of data) {
    if (isSeveral(path)) addSeveral(sources, path, { withPictures, excluded });
    else sources.train.push(path);
  }
  if (valid) sources.valid = valid.flatMap((path) => filesOf(path, ["valid"], excluded));
  if (test) sources.test = test.flatMap((path) => filesOf(path, ["test"], excluded));
  if (offDomain)
    sources.offDomain = offDomain.flatMap((path) => filesOf(path, ["offDomain", "test"], excluded));
  // A person may have chosen a folder and a file in it.
  return { ...bySplit((name) => [...new Set(sources[name])]), leftOut: onlyOnce(sources.leftOut) };
}

function onlyOnce(left: readonly NotRead[]): NotRead[] {
  const byText = new Map(left.map((one) => [JSON.stringify(one), one]));
  return [...byText.values()];
}

/** Whether a file is left out if it cannot be read: a picture that no person named may contain no text. */
export function mayLackText(path: string, { data, valid, test, offDomain }: NamedSources): boolean {
  const isNamed = [data, valid, test, offDomain].some((named) => named?.includes(path));
  return !isNamed && isPicture(path);
}

/** Whether a path that a person named is a folder or an archive. Throws `not-found`. */
function isSeveral(path: string): boolean {
  return isFolder(path) || isContainer(path);
}

function addSeveral(
  sources: SplitSources,
  path: string,
  { withPictures, excluded }: { readonly withPictures: boolean; readonly excluded: ReadonlySet<string> },
): void {
  const { files, notRead } = listingOf(path, excluded);
  const isDocument = ({ name }: Listed) => isDataFile(name) || (withPictures && isPicture(name));
  const isOther = ({ name, split }: Listed) => split === undefined || (isPicture(name) && !withPictures);
  const others = files.filter(isOther);
  const named = files.filter((file) => !isOther(file));
  for (const name of SPLITS)
    sources[name].push(...named.filter(({ split }) => split === name).map(({ path }) => readable(path)));
  const hasTrain = named.some(({ split }) => split === "train");
  const isTrain = (file: Listed) =>
    !hasTrain && !ABOUT_THE_FOLDER.test(basename(file.name)) && isDocument(file);
  sources.train.push(...others.filter(isTrain).map(({ path }) => path));
  const left = others
    .filter((file) => !isTrain(file))
    .map(({ path }): NotRead => ({ path, why: "other-file" }));
  sources.leftOut.push(...left, ...notRead);
  if (files.length === left.length) {
    fail({ code: "bad-data", path, reason: whyNoDocuments([...left, ...notRead]) });
  }
}

function whyNoDocuments(notRead: readonly NotRead[]): BadDataReason {
  if (notRead.some(({ why }) => why === "encrypted")) return "encrypted-documents";
  for (const { path } of notRead) {
    const format = refusedFormatOf(path);
    if (format) return { code: "no-documents-but", file: basename(path), format };
  }
  return { code: "no-documents", formats: usualExtensions };
}

/** The file itself, or the files of the first split that a folder has; an archive without any of them is used whole. */
function filesOf(path: string, splits: readonly SplitName[], excluded: ReadonlySet<string>): string[] {
  if (!isSeveral(path)) return [path];
  const { files } = listingOf(path, excluded);
  for (const name of splits) {
    const found = files.filter(({ split }) => split === name);
    if (found.length > 0) return found.map(({ path }) => readable(path));
  }
  if (!isFolder(path) && files.length > 0) return files.map(({ path }) => path);
  fail({ code: "bad-data", path, reason: { code: "no-split", splits } });
}

function readable(path: string): string {
  return isDataFile(path) || isPicture(path)
    ? path
    : fail({ code: "unsupported-format", path, supported: [...usualExtensions] });
}
