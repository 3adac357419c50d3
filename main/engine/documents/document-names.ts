/** The documents of a dataset by names that say nothing of the computer's folders. */
import { basename, dirname, isAbsolute, relative, sep } from "node:path";
import { bySplit } from "../../../preload/contract/data-files.ts";
import type { SplitRows } from "./kept-apart.ts";
import type { Row } from "./row.ts";

/** The same rows, their documents named by their paths within the folder that all of them are in. */
export function withDocumentNames(rows: SplitRows): SplitRows {
  const all = Object.values(rows).flat();
  const names = documentNames(all.flatMap(({ origin }) => (origin ? [origin.document] : [])));
  const named = (row: Row): Row =>
    row.origin ? { ...row, origin: { ...row.origin, document: names.get(row.origin.document)! } } : row;
  return bySplit((split) => rows[split].map(named));
}

/** From documents (`Origin`) to their names: "2024/lease.pdf"; of a record of a file, "answers.jsonl, 12". */
export function documentNames(documents: readonly string[]): Map<string, string> {
  const different = [...new Set(documents)];
  const files = [...new Set(different.map((document) => document.split("\n", 1)[0]!))].filter(isAbsolute);
  const folder = files.map((file) => dirname(file)).reduce(commonFolder, dirname(files[0] ?? ""));
  const nameOf = (document: string): string => {
    const [file, ...record] = document.split("\n") as [string, ...string[]];
    if (!isAbsolute(file)) return document;
    return [relative(folder, file).split(sep).join("/") || basename(file), ...record].join(", ");
  };
  return new Map(different.map((document) => [document, nameOf(document)]));
}

/** The innermost folder that both are in; the first path if they have none in common. */
function commonFolder(a: string, b: string): string {
  let folder = a;
  while (folder !== dirname(folder) && folder !== b && !b.startsWith(folder + sep)) folder = dirname(folder);
  return folder;
}
