/** Lists the files in a folder or an archive. */
import type { BadDataReason } from "../../../preload/contract/failures/bad-data.ts";
import { lstatSync, readdirSync } from "node:fs";
import { basename, extname, join, sep } from "node:path";
import { AppError, fail } from "../../../native-models/failure.ts";
import type { Failure } from "../../../native-models/failure.ts";
import type { SplitName } from "../../../preload/contract/data/data.ts";
import { isOfPrograms, splitOf, splitOfFolder } from "../../../preload/contract/data/data-files.ts";
import type { NotRead } from "../../../preload/contract/failures/left-out.ts";
import { contentsOf, isContainer, pathWithin } from "./container.ts";
import type { ContainerContents } from "./container.ts";
import { statusOf, throwFileFailure } from "./file-descriptor.ts";
import { foldersOfPages } from "./page-folders.ts";

/** A file in a folder or an archive: its path, its name there, including folders, and the split that the name determines. */
export interface Listed {
  readonly path: string;
  readonly name: string;
  readonly split: SplitName | undefined;
}

export interface Listing {
  readonly files: readonly Listed[];
  readonly notRead: readonly NotRead[];
}

const MOST_FILES = 10_000;
const MOST_FOLDERS = 16;
/** How deep archives may be nested, and how many bytes of archives within others are unpacked in total. */
const MOST_ARCHIVES = 3;
const MOST_UNPACKED_BYTES = 512 * 2 ** 20;

/**
 * The files of a folder or an archive in a stable order: a folder's own first, with the files of archives in it in place of
 * the archives. Throws `unreadable`, `bad-data` (a damaged archive, too many files).
 */
export function listingOf(path: string, excluded: ReadonlySet<string>): Listing {
  const lister = new Lister(path, excluded);
  if (isFolder(path)) lister.addFolder(path, "", 1);
  else lister.addContents(path, "", contentsOf(path), 1);
  return withoutPartsOfPages(lister);
}

class Lister implements Listing {
  readonly files: Listed[] = [];
  readonly notRead: NotRead[] = [];
  readonly #root: string;
  readonly #excluded: ReadonlySet<string>;
  #unpackedBytes = 0;

  constructor(root: string, excluded: ReadonlySet<string>) {
    this.#root = root;
    this.#excluded = excluded;
  }

  /** `prefix` precedes the names of the files; `depth` is 1 for the listed folder. */
  addFolder(folder: string, prefix: string, depth: number): void {
    const found = depth === 1 ? entriesOf(folder) : unlessUnreadable(() => entriesOf(folder));
    if (!found) return this.#leaveOut(folder, "unreadable");
    const entries = found.filter((name) => !name.startsWith("."));
    for (const name of entries.filter(isOfPrograms)) this.#leaveOut(join(folder, name), "other-file");
    const names = entries.filter((name) => !isOfPrograms(name)).sort(compareNames);
    const statuses = new Map(names.map((name) => [name, statusWithin(join(folder, name))]));
    const isFolderIn = (name: string) => statuses.get(name)?.isDirectory() ?? false;
    for (const name of names.filter((name) => !isFolderIn(name))) {
      const file = join(folder, name);
      if (this.#isExcluded(file)) continue;
      if (statuses.get(name) && isContainer(file)) this.addContents(file, prefix, contentsOf(file), 1);
      else this.#addFile(file, `${prefix}${name}`);
    }
    for (const name of names.filter(isFolderIn)) {
      const inner = join(folder, name);
      if (this.#isExcluded(inner)) continue;
      if (depth >= MOST_FOLDERS) this.#leaveOut(inner, "too-deep");
      else if (isLink(inner)) this.#leaveOut(inner, "link");
      else this.addFolder(inner, `${prefix}${name}/`, depth + 1);
    }
  }

  /** `depth`: how many archives the files are in. */
  addContents(archive: string, prefix: string, contents: ContainerContents, depth: number): void {
    for (const one of contents.notRead) this.notRead.push(one);
    for (const name of [...contents.names, ...contents.archives.keys()].sort(compareNames)) {
      const file = pathWithin(archive, name);
      const sizeBytes = contents.archives.get(name);
      if (this.#isExcludedIn(archive, name)) continue;
      if (sizeBytes === undefined) this.#addFile(file, `${prefix}${name}`);
      else this.#addArchive(file, `${prefix}${name}`, sizeBytes, depth + 1);
    }
  }

  /** Adds the files of an archive within another. */
  #addArchive(archive: string, name: string, sizeBytes: number, depth: number): void {
    if (depth > MOST_ARCHIVES) return this.#leaveOut(archive, "archive");
    if (this.#unpackedBytes + sizeBytes > MOST_UNPACKED_BYTES || this.notRead.length > MOST_FILES)
      return this.#leaveOut(archive, "too-large");
    this.#unpackedBytes += sizeBytes;
    if (!isContainer(archive)) return this.#leaveOut(archive, "other-file");
    const contents = unlessBad(() => contentsOf(archive));
    if (!contents) return this.#leaveOut(archive, "unreadable");
    this.addContents(archive, name.slice(0, name.lastIndexOf("/") + 1), contents, depth);
  }

  #addFile(path: string, name: string): void {
    if (this.files.length >= MOST_FILES) this.#refuse({ code: "too-many-files", most: MOST_FILES });
    this.files.push({ path, name, split: splitIn(name) });
  }

  #isExcluded(path: string): boolean {
    const isExcluded = this.#excluded.has(path);
    if (isExcluded) this.#leaveOut(path, "excluded");
    return isExcluded;
  }

  /** Whether a file of an archive, or a folder that contains it there, is excluded. */
  #isExcludedIn(archive: string, name: string): boolean {
    const paths = name.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/"));
    return paths.some((path) => this.#isExcluded(pathWithin(archive, path)));
  }

  #leaveOut(path: string, why: NotRead["why"]): void {
    this.notRead.push({ path, why });
  }

  #refuse(reason: BadDataReason): never {
    return fail({ code: "bad-data", path: this.#root, reason });
  }
}

const splitIn = (name: string): SplitName | undefined =>
  splitOf(basename(name)) ?? splitOfFolder(name.split("/")[0]!);

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

/** Whether a path that a person named is a folder. Throws `not-found`, `unreadable`. */
export function isFolder(path: string): boolean {
  const status = statusOf(path);
  return status ? status.isDirectory() : fail({ code: "not-found", path, what: "file or folder" });
}
