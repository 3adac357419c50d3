/** The names of a dataset's documents, which reveal nothing about the computer's folders. */
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { bySplit } from "../../../preload/contract/data/data-files.ts";
import { WITHIN } from "../files/container.ts";
import type { SplitRows } from "./leakage.ts";
import type { DocumentName } from "../personal/masks.ts";
import { isText } from "../row.ts";
import type { Row, TextRow } from "../row.ts";
import type { SplitSources } from "../files/split-sources.ts";

/** The same rows, their documents named by their paths within the folder that all of them are in. */
export function withDocumentNames(rows: SplitRows): SplitRows {
  const all = Object.values(rows).flat();
  const names = documentNames(all.flatMap(({ origin }) => (origin ? [origin.document] : [])));
  const named = (row: Row): Row =>
    row.origin ? { ...row, origin: { ...row.origin, document: names.get(row.origin.document)! } } : row;
  return bySplit((split) => rows[split].map(named));
}

/**
 * The names of all documents, for `maskRows`: they begin with the folder that contains all of them and the `chosen` paths, since its name
 * is shown.
 */
export function namesIn(
  rows: readonly (Row | TextRow)[],
  sources: SplitSources,
  chosen: readonly string[],
): DocumentName[] {
  const documents = rows.flatMap((row) => (isText(row) ? row.document : (row.origin?.document ?? [])));
  const all = [...documents.map(fileOf), ...pathsIn(sources)];
  const above = dirname(folderOf([...all, ...chosen.map((path) => join(path, "document"))]));
  const beginning = above.endsWith(sep) ? above : above + sep;
  const from = (path: string) => (isAbsolute(path) && path.startsWith(beginning) ? beginning.length : 0);
  return [...new Set(all)].map((path) => ({ path, from: from(path) }));
}

function pathsIn({ leftOut, ...files }: SplitSources): string[] {
  return [...Object.values(files).flat(), ...leftOut.map(({ path }) => path)];
}

/** The path of a file, folder or archive that a person chose, after its documents were renamed: taken from the new name of one of them. */
export function renamedSource(
  source: string,
  sources: SplitSources,
  nameOf: (path: string) => string,
): string {
  const own = pathsIn(sources).find(
    (path) => path === source || path.startsWith(source + sep) || path.startsWith(source + WITHIN),
  );
  const cut = (path: string, by: string) => path.split(by).slice(0, source.split(by).length).join(by);
  return own === undefined ? source : cut(cut(nameOf(own), WITHIN), sep);
}

/** The row with its document renamed. */
export function renamed<One extends Row | TextRow>(row: One, nameOf: (file: string) => string): One;
export function renamed(row: Row | TextRow, nameOf: (file: string) => string): Row | TextRow {
  const named = (document: string) => {
    const file = fileOf(document);
    return nameOf(file) + document.slice(file.length);
  };
  if (isText(row)) return { ...row, document: named(row.document) };
  return row.origin ? { ...row, origin: { ...row.origin, document: named(row.origin.document) } } : row;
}

/** Maps documents (`Origin`) to their names: "2024/lease.pdf", or "answers.jsonl, 12" for a record of a file. */
export function documentNames(documents: readonly string[]): Map<string, string> {
  const different = [...new Set(documents)];
  const folder = folderOf(different.map(fileOf));
  const nameOf = (document: string): string => {
    const [file, ...record] = document.split("\n") as [string, ...string[]];
    if (!isAbsolute(file)) return document;
    return [relative(folder, file).split(sep).join("/") || basename(file), ...record].join(", ");
  };
  return new Map(different.map((document) => [document, nameOf(document)]));
}

/** The file of a document, which may be one record of the file. */
const fileOf = (document: string): string => document.split("\n", 1)[0]!;

/** The innermost folder that all files are in; names that are no paths are left out. */
function folderOf(names: readonly string[]): string {
  const files = [...new Set(names)].filter(isAbsolute);
  return files.map((file) => dirname(file)).reduce(commonFolder, dirname(files[0] ?? ""));
}

/** The innermost folder that both are in; the first path if they have none in common. */
function commonFolder(a: string, b: string): string {
  let folder = a;
  while (folder !== dirname(folder) && folder !== b && !b.startsWith(folder + sep)) folder = dirname(folder);
  return folder;
}
