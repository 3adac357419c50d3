/** Assembles rows from columns: lists, maps and objects by the levels of their leaves (Dremel, https://research.google/pubs/pub36632/). */
import { refuse } from "./bad-parquet.ts";
import type { ChunkContent } from "./pages.ts";
import { leavesOf } from "./schema.ts";
import type { Node } from "./schema.ts";

/** A leaf's entries, read in sequence. */
interface Cursor {
  readonly content: ChunkContent;
  entry: number;
  value: number;
}

/** The values of one top-level column, row by row; `contents` are those of its leaves. Throws `BadParquet`. */
export function* valuesOfColumn(
  column: Node,
  contents: readonly ChunkContent[],
  rows: number,
): Generator<unknown> {
  const cursors = new Map<Node, Cursor>();
  leavesOf(column).forEach((leaf, index) =>
    cursors.set(leaf, { content: contents[index]!, entry: 0, value: 0 }),
  );
  const read = columnReader(column, cursors);
  for (let row = 0; row < rows; row++) yield read();
  for (const { content, entry } of cursors.values()) {
    if (entry !== content.definitions.length) refuse("has more values than rows");
  }
}

type Read = () => unknown;

/** A function that reads the node's next value: a list if it is repeated, null if it is missing. */
function columnReader(node: Node, cursors: ReadonlyMap<Node, Cursor>): Read {
  const leaves = leavesOf(node).map((leaf) => cursors.get(leaf)!);
  const first = leaves[0]!;
  const one = contentReader(node, cursors);
  const missing = () => {
    for (const leaf of leaves) definitionAt(leaf, leaf.entry++);
  };
  if (node.repeated) {
    return () => {
      if (definitionAt(first, first.entry) < node.definition) {
        missing();
        return [];
      }
      const items = [one()];
      const goesOn = () =>
        first.entry < first.content.repetitions.length &&
        first.content.repetitions[first.entry]! >= node.repetition;
      while (goesOn()) items.push(one());
      return items;
    };
  }
  if (!node.optional) return one;
  return () => {
    if (definitionAt(first, first.entry) >= node.definition) return one();
    missing();
    return null;
  };
}

/** The same for a node that is present and not repeated. */
function contentReader(node: Node, cursors: ReadonlyMap<Node, Cursor>): Read {
  if (node.leaf) {
    const cursor = cursors.get(node)!;
    return () => {
      if (definitionAt(cursor, cursor.entry++) !== node.definition) refuse("has columns that do not match");
      return cursor.content.values[cursor.value++];
    };
  }
  const [only] = node.children;
  const isWrapped = node.children.length === 1 && only!.repeated;
  if (isWrapped && node.form === "list") return listReader(node, only!, cursors);
  if (isWrapped && node.form === "map" && only!.children.length === 2) {
    const entries = columnReader(only!, cursors);
    const [key, value] = only!.children as [Node, Node];
    return () =>
      Object.fromEntries(
        (entries() as Record<string, unknown>[]).map((entry) => [String(entry[key.name]), entry[value.name]]),
      );
  }
  const fields = node.children.map((child) => [child.name, columnReader(child, cursors)] as const);
  return () => Object.fromEntries(fields.map(([name, read]) => [name, read()]));
}

/** A list; most programs wrap its elements in an object with one field. */
function listReader(node: Node, repeated: Node, cursors: ReadonlyMap<Node, Cursor>): Read {
  const items = columnReader(repeated, cursors);
  const [element] = repeated.children;
  const isWrapped =
    repeated.children.length === 1 && repeated.name !== "array" && repeated.name !== `${node.name}_tuple`;
  if (!isWrapped) return items;
  return () => (items() as Record<string, unknown>[]).map((item) => item[element!.name]);
}

function definitionAt({ content }: Cursor, entry: number): number {
  const level = content.definitions[entry];
  return level === undefined ? refuse("has columns that do not match") : level;
}
