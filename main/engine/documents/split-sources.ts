/** Determines the files of each split. */
import { readdirSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import type { SplitName } from "../../../preload/contract/data.ts";
import {
  isDataFile,
  isPicture,
  splitOf,
  SPLITS,
  supportedExtensions,
} from "../../../preload/contract/data-files.ts";
import { statusOf, throwFileFailure } from "./file-descriptor.ts";

/** Files of each split in reading order, and the files in the folders that belong to none. */
export type SplitSources = Record<SplitName, string[]> & { leftOut: string[] };

/** Files and folders that a person named; a named split is not looked for in `data`. */
export interface NamedSources {
  readonly data: readonly string[];
  readonly valid?: readonly string[] | undefined;
  readonly test?: readonly string[] | undefined;
  readonly offDomain?: readonly string[] | undefined;
  /** Whether pictures in folders are documents too: their text is recognised. */
  readonly withPictures?: boolean | undefined;
}

/** Files that accompany data but are not data. */
const ABOUT_THE_FOLDER = /^(readme|licen[cs]e|notice)(?![a-z])/i;

/**
 * Finds the files of each split. A file in `data` is train. A folder's files are assigned by their name prefixes; if no name
 * starts with train, every other document in it is train. Throws `not-found`, `unreadable`, `unsupported-format` (a split's file
 * in an unsupported format), `bad-data` (a folder without documents).
 */
export function findSources({
  data,
  valid,
  test,
  offDomain,
  withPictures = false,
}: NamedSources): SplitSources {
  const sources: SplitSources = { train: [], valid: [], test: [], offDomain: [], leftOut: [] };
  for (const path of data) {
    if (!isFolder(path)) sources.train.push(path);
    else addFolder(sources, path, withPictures);
  }
  if (valid) sources.valid = valid.flatMap((path) => filesOf(path, ["valid"]));
  if (test) sources.test = test.flatMap((path) => filesOf(path, ["test"]));
  if (offDomain) sources.offDomain = offDomain.flatMap((path) => filesOf(path, ["offDomain", "test"]));
  return sources;
}

function addFolder(sources: SplitSources, folder: string, withPictures: boolean): void {
  const names = namesIn(folder);
  const others = names.filter((name) => splitOf(name) === undefined);
  for (const split of SPLITS) {
    sources[split].push(
      ...names.filter((name) => splitOf(name) === split).map((name) => readable(join(folder, name))),
    );
  }
  const isDocument = (name: string) => isDataFile(name) || (withPictures && isPicture(name));
  const isTrain = (name: string) => isDocument(name) && !ABOUT_THE_FOLDER.test(name);
  const train = names.some((name) => splitOf(name) === "train") ? [] : others.filter(isTrain);
  sources.train.push(...train.map((name) => join(folder, name)));
  sources.leftOut.push(...others.filter((name) => !train.includes(name)).map((name) => join(folder, name)));
  if (names.length === sources.leftOut.length && sources.train.length === 0) {
    const reason = `this folder has no documents that can be read (${supportedExtensions.join(", ")})`;
    fail({ code: "bad-data", path: folder, reason });
  }
}

/** The file itself, or a folder's files of the first split that it has. */
function filesOf(path: string, splits: readonly SplitName[]): string[] {
  if (!isFolder(path)) return [path];
  const names = namesIn(path);
  for (const split of splits) {
    const files = names.filter((name) => splitOf(name) === split);
    if (files.length > 0) return files.map((name) => readable(join(path, name)));
  }
  const beginnings = splits.map((split) => (split === "offDomain" ? "off-domain" : split)).join(" or ");
  fail({ code: "bad-data", path, reason: `this folder has no file whose name begins with ${beginnings}` });
}

function readable(path: string): string {
  return isDataFile(path) || isPicture(path)
    ? path
    : fail({ code: "unsupported-format", path, supported: [...supportedExtensions] });
}

/** The files of a folder by name, a "_mc" file before its plain counterpart; no hidden ones. */
function namesIn(folder: string): string[] {
  const order = (name: string) => {
    const stem = basename(name, extname(name));
    return /_mc$/i.test(stem) ? `${stem.slice(0, -3)}\u0000` : `${stem}\u0001`;
  };
  const files = entriesOf(folder).filter((name) => !name.startsWith(".") && !isFolder(join(folder, name)));
  return files.sort((a, b) => compare(order(a), order(b)) || compare(a, b));
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
