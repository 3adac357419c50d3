/** Determines the files of each split. */
import { lstatSync, readdirSync } from "node:fs";
import { basename, extname, join, sep } from "node:path";
import { AppError, fail } from "../../../native-models/failure.ts";
import type { Failure } from "../../../native-models/failure.ts";
import type { SplitName } from "../../../preload/contract/data.ts";
import {
  bySplit,
  isDataFile,
  isOfPrograms,
  isPicture,
  splitOf,
  splitOfFolder,
  SPLITS,
  supportedExtensions,
} from "../../../preload/contract/data-files.ts";
import type { NotRead } from "../../../preload/contract/inspection.ts";
import { contentsOf, isContainer, isInMailbox, isUnnamedMailbox, pathWithin, WITHIN } from "./container.ts";
import { foldersOfPages } from "./page-folders.ts";
import { statusOf, throwFileFailure } from "./file-descriptor.ts";
import { MOST_MESSAGES } from "./mailbox.ts";

/** Files of each split in reading order, and the files in folders, archives and mailboxes that belong to none. */
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
 * how their names begin (messages by their mailbox's), or by the name of the folder within it that they are in; if none is train by its name, every remaining document
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

/** Whether a file is left out if it cannot be read: a picture that no person named and a message of a mailbox may contain no text. */
export function mayLackText(path: string, { data, valid, test, offDomain }: NamedSources): boolean {
  const isNamed = [data, valid, test, offDomain].some((named) => named?.includes(path));
  return !isNamed && (isPicture(path) || isInMailbox(path));
}

/** Whether a path that a person named is a folder, an archive or a mailbox. Throws `not-found`. */
function isSeveral(path: string): boolean {
  return isFolder(path) || isContainer(path) || isUnnamedMailbox(path);
}

function addSeveral(
  sources: SplitSources,
  path: string,
  { withPictures, excluded }: { readonly withPictures: boolean; readonly excluded: ReadonlySet<string> },
): void {
  const { files, notRead } = listingOf(path, excluded);
  const isDocument = (name: string) => isDataFile(name) || (withPictures && isPicture(name));
  const isOther = ({ name, split }: Listed) => split === undefined || (isPicture(name) && !withPictures);
  const others = files.filter(isOther);
  const named = files.filter((file) => !isOther(file));
  for (const name of SPLITS)
    sources[name].push(...named.filter(({ split }) => split === name).map(({ path }) => readable(path)));
  const hasTrain = named.some(({ split }) => split === "train");
  const isTrain = ({ name }: Listed) =>
    !hasTrain && isDocument(name) && !ABOUT_THE_FOLDER.test(basename(name));
  sources.train.push(...others.filter(isTrain).map(({ path }) => path));
  const left = others
    .filter((file) => !isTrain(file))
    .map(({ path }): NotRead => ({ path, why: "other-file" }));
  sources.leftOut.push(...left, ...notRead);
  if (files.length === left.length) {
    const reason = notRead.some(({ why }) => why === "encrypted")
      ? "its documents are protected by a password; pack them without one"
      : `there are no documents in it that can be read (${supportedExtensions.join(", ")})`;
    fail({ code: "bad-data", path, reason });
  }
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
  const beginnings = splits.map((split) => (split === "offDomain" ? "off-domain" : split)).join(" or ");
  fail({ code: "bad-data", path, reason: `this folder has no file whose name begins with ${beginnings}` });
}

function readable(path: string): string {
  return isDataFile(path) || isPicture(path)
    ? path
    : fail({ code: "unsupported-format", path, supported: [...supportedExtensions] });
}

/** A file in a folder or an archive: its path, its name there, including folders, and the split that the name determines. */
interface Listed {
  readonly path: string;
  readonly name: string;
  readonly split: SplitName | undefined;
}

interface Listing {
  readonly files: readonly Listed[];
  readonly notRead: readonly NotRead[];
}

const MOST_FILES = 10_000;
const MOST_FOLDERS = 16;
/** How deep archives may be nested, and how many bytes of archives within others are unpacked in total. */
const MOST_ARCHIVES = 3;
const MOST_UNPACKED_BYTES = 512 * 2 ** 20;

/**
 * The files of a folder or an archive in a stable order: a folder's own first, with the files of archives in it in place of the archives.
 */
function listingOf(path: string, excluded: ReadonlySet<string>): Listing {
  const notRead: NotRead[] = [];
  const files: Listed[] = [];
  const isExcluded = (file: string) => {
    const isSo = excluded.has(file);
    if (isSo) notRead.push({ path: file, why: "excluded" });
    return isSo;
  };
  const isExcludedIn = (archive: string, name: string) => {
    const folders = name.split("/").map((_, i, parts) => parts.slice(0, i + 1).join("/"));
    return folders.some((folder) => isExcluded(pathWithin(archive, folder)));
  };
  let messages = 0;
  const splitIn = (name: string) => splitOf(basename(name)) ?? splitOfFolder(name.split("/")[0]!);
  const add = (file: string, name: string) => {
    if (files.length - messages >= MOST_FILES)
      fail({ code: "bad-data", path, reason: `there are more than ${MOST_FILES} files in it` });
    files.push({ path: file, name, split: splitIn(name) });
  };
  /** Messages are of the split that their mailbox's name says, since their subjects say none. */
  const addMessages = (mailbox: string, prefix: string, names: readonly string[]) => {
    const own = mailbox === path ? "" : basename(mailbox.split(WITHIN).at(-1)!);
    const split = splitIn(`${prefix}${own}`);
    for (const name of names) {
      const file = pathWithin(mailbox, name);
      if (isExcluded(file)) continue;
      if (++messages > MOST_MESSAGES)
        fail({ code: "bad-data", path, reason: `there are more than ${MOST_MESSAGES} messages in it` });
      files.push({ path: file, name: `${prefix}${name}`, split });
    }
  };
  let unpackedBytes = 0;
  const addContents = (archive: string, prefix: string, contents = contentsOf(archive), depth = 1) => {
    for (const one of contents.notRead) notRead.push(one);
    if (contents.isMailbox) return addMessages(archive, prefix, contents.names);
    for (const name of [...contents.names, ...contents.archives.keys()].sort(compareNames)) {
      const file = pathWithin(archive, name);
      const sizeBytes = contents.archives.get(name);
      if (isExcludedIn(archive, name)) continue;
      if (sizeBytes === undefined) add(file, `${prefix}${name}`);
      else addWithin(file, `${prefix}${name}`, sizeBytes, depth + 1);
    }
  };
  const addWithin = (archive: string, name: string, sizeBytes: number, depth: number) => {
    const leaveOut = (why: NotRead["why"]) => void notRead.push({ path: archive, why });
    if (depth > MOST_ARCHIVES) return leaveOut("archive");
    if (unpackedBytes + sizeBytes > MOST_UNPACKED_BYTES || notRead.length > MOST_FILES)
      return leaveOut("too-large");
    unpackedBytes += sizeBytes;
    if (!isContainer(archive)) return leaveOut("other-file");
    const contents = unlessBad(() => contentsOf(archive));
    if (!contents) return leaveOut("unreadable");
    addContents(archive, name.slice(0, name.lastIndexOf("/") + 1), contents, depth);
  };
  const addFolder = (folder: string, prefix: string, depth: number) => {
    const found = depth === 1 ? entriesOf(folder) : unlessUnreadable(() => entriesOf(folder));
    if (!found) return void notRead.push({ path: folder, why: "unreadable" });
    const entries = found.filter((name) => !name.startsWith("."));
    for (const name of entries.filter(isOfPrograms))
      notRead.push({ path: join(folder, name), why: "other-file" });
    const names = entries.filter((name) => !isOfPrograms(name));
    const statuses = new Map(names.map((name) => [name, statusWithin(join(folder, name))]));
    const folders = names.filter((name) => statuses.get(name)?.isDirectory());
    for (const name of names.filter((name) => !folders.includes(name)).sort(compareNames)) {
      const file = join(folder, name);
      if (isExcluded(file)) continue;
      if (statuses.get(name) && isContainer(file)) addContents(file, prefix);
      else add(file, `${prefix}${name}`);
    }
    for (const name of folders.sort(compareNames)) {
      const inner = join(folder, name);
      if (isExcluded(inner)) continue;
      if (depth >= MOST_FOLDERS) notRead.push({ path: inner, why: "too-deep" });
      else if (isLink(inner)) notRead.push({ path: inner, why: "link" });
      else addFolder(inner, `${prefix}${name}/`, depth + 1);
    }
  };
  if (isFolder(path)) addFolder(path, "", 1);
  else addContents(path, "");
  return withoutPartsOfPages({ files, notRead });
}

/** Leaves out the folders of saved pages, each of which is named once. */
function withoutPartsOfPages({ files, notRead }: Listing): Listing {
  const folderOf = foldersOfPages(files.map(({ name }) => name));
  const folders = new Set<string>();
  const isPart = ({ path, name }: Listed) => {
    const folder = folderOf(name);
    if (folder === undefined) return false;
    const within = name.slice(folder.length).split("/").join(sep);
    folders.add(path.endsWith(within) ? path.slice(0, -within.length) : path);
    return true;
  };
  const read = files.filter((file) => !isPart(file));
  const isWithin = ({ path }: NotRead) => [...folders].some((folder) => path.startsWith(folder + sep));
  const parts = [...folders].map((path): NotRead => ({ path, why: "saved-page" }));
  return { files: read, notRead: [...parts, ...notRead.filter((one) => !isWithin(one))] };
}

/** Undefined if the data is bad. */
const unlessBad = <T>(read: () => T): T | undefined => unless("bad-data", read);

/** Undefined if the system refuses it. */
const unlessUnreadable = <T>(read: () => T): T | undefined => unless("unreadable", read);

function unless<T>(code: Failure["code"], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError && error.failure.code === code) return undefined;
    throw error;
  }
}

/** The status of what a folder has; undefined for a link that leads nowhere, which is a file that cannot be read. */
const statusWithin = (path: string) => unlessUnreadable(() => statusOf(path));

/** By code units, a "_mc" file before its plain counterpart. */
function compareNames(a: string, b: string): number {
  const order = (name: string) => {
    const stem = name.slice(0, name.length - extname(name).length);
    return /_mc$/i.test(stem) ? `${stem.slice(0, -3)}\u0000` : `${stem}\u0001`;
  };
  return compare(order(a), order(b)) || compare(a, b);
}

/** Linked folders are not followed: one may contain the folder that it is in. */
function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch (error) {
    throwFileFailure(path, error);
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throwFileFailure(folder, error);
  }
}

/** By code unit: the same order on every computer. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isFolder(path: string): boolean {
  const status = statusOf(path);
  return status ? status.isDirectory() : fail({ code: "not-found", path, what: "file or folder" });
}
