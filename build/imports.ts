/** Which file imports which, and where imports form a circle. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import ts from "typescript";

/** One file imports another, types included; paths are relative to the folder that was asked about, with "/". */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** The imports between the TypeScript and Svelte files of these folders in `root`. */
export function importsIn(root: string, folders: readonly string[]): Import[] {
  const files = sourcesIn(root, folders);
  const known = new Set(files);
  return files.flatMap((from) =>
    importedBy(from, readFileSync(join(root, from), "utf8"))
      .map((to) => posix.join(posix.dirname(from), to))
      .filter((to) => known.has(to))
      .map((to) => ({ from, to })),
  );
}

/** The TypeScript and Svelte files in these folders of `root`, or directly in it ("."); relative to it, with "/". */
export function sourcesIn(root: string, folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: folder !== ".", withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
      .sort(),
  );
}

/** A file's TypeScript: all of it, or what a component's scripts say. */
export function scriptOf(file: string, text: string): string {
  return file.endsWith(".svelte")
    ? [...text.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, script]) => script).join("\n")
    : text;
}

/** The relative paths that a file imports. */
function importedBy(file: string, text: string): string[] {
  return ts
    .preProcessFile(scriptOf(file, text), true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."));
}

/**
 * The circles between the files and folders in one folder, at every level, each as "folder: its members". An import
 * counts for the two entries that it connects in the innermost folder that contains both files.
 */
export function circlesOf(imports: readonly Import[]): string[] {
  const levels = new Map<string, Map<string, Set<string>>>();
  for (const { from, to } of imports) {
    const [a, b] = [from.split("/"), to.split("/")];
    const shared = a.findIndex((part, place) => part !== b[place]);
    if (shared < 0) continue;
    const graph = entryOf(levels, a.slice(0, shared).join("/") || ".", () => new Map<string, Set<string>>());
    entryOf(graph, a[shared]!, () => new Set<string>()).add(b[shared]!);
  }
  return [...levels]
    .flatMap(([folder, graph]) => circles(graph).map((members) => `${folder}: ${members.sort().join(", ")}`))
    .sort();
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Strongly connected components of more than one node (Tarjan 1972). */
function circles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const visit = (node: string): void => {
    const number = order.size;
    order.set(node, number);
    lowest.set(node, number);
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (path.includes(next)) lowest.set(node, Math.min(lowest.get(node)!, lowest.get(next)!));
    }
    if (lowest.get(node) !== number) return;
    const component = path.splice(path.indexOf(node));
    if (component.length > 1) found.push(component);
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found;
}
